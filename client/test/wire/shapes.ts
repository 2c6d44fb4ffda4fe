import type {
  AnnouncedFile,
  AudioResult,
  AvatarResult,
  BatchAnswer,
  ConfirmedFile,
  CustomEvent,
  CustomEventCreate,
  CustomEventUpdate,
  DrawnImage,
  ExtractedScenes,
  FileAnnouncement,
  FileBinding,
  Hero,
  HeroCreate,
  HeroUpdate,
  Illustration,
  IllustrationsProgress,
  JourneyActivity,
  JourneyHeroes,
  JourneyInsights,
  JourneyMilestones,
  JourneySummary,
  Profile,
  SanitizedPrompt,
  SpokenText,
  Story,
  StoryCreate,
  StoryGenerate,
  StoryUpdate,
  SyncChanges,
  SyncPushed,
  ToldStory,
  VisualProfile,
} from '../../src/index.js';

/** What may be absent or null. */
export interface Maybe<S> {
  readonly maybe: S;
}

/**
 * A wire type as a value, for the comparison with the server's OpenAPI. The compiler keeps it equal to the type: a field that is
 * added to, or taken from, a type is an error here.
 */
export type Shape<T> = unknown extends T
  ? 'any'
  : [T] extends [string]
    ? 'string'
    : [T] extends [number]
      ? 'number'
      : [T] extends [boolean]
        ? 'boolean'
        : [T] extends [readonly (infer Item)[]]
          ? readonly [Shape<Item>]
          : [T] extends [object]
            ? string extends keyof T
              ? 'object'
              : { readonly [K in keyof T]-?: Field<T[K]> }
            : 'any';
type Field<F> = unknown extends F
  ? 'any'
  : undefined extends F
    ? Maybe<Shape<NonNullable<F>>>
    : null extends F
      ? Maybe<Shape<NonNullable<F>>>
      : Shape<F>;
export type AnyShape =
  | 'any'
  | 'string'
  | 'number'
  | 'boolean'
  | 'object'
  | readonly [AnyShape]
  | { readonly [name: string]: AnyShape | Maybe<AnyShape> };

const text = { maybe: 'string' } as const;
const count = { maybe: 'number' } as const;
const texts = { maybe: ['string'] } as const;

export const visualProfile: Shape<VisualProfile> = {
  id: 'string',
  heroId: 'string',
  hairStyle: text,
  hairColor: text,
  hairTexture: text,
  eyeColor: text,
  eyeShape: text,
  skinTone: text,
  facialFeatures: text,
  bodyType: text,
  height: text,
  typicalClothing: text,
  accessories: text,
  artStyle: text,
  canonicalPrompt: text,
  simplifiedPrompt: text,
  age: count,
  colorPalette: texts,
  visualKeywords: texts,
  createdAt: text,
  updatedAt: text,
};

export const hero: Shape<Hero> = {
  id: 'string',
  name: 'string',
  age: 'number',
  traits: ['string'],
  createdAt: 'string',
  updatedAt: 'string',
  specialAbilities: texts,
  appearance: text,
  hairColor: text,
  eyeColor: text,
  skinTone: text,
  height: text,
  avatarUrl: text,
  avatarGenerationId: text,
  avatarPrompt: text,
  visualProfileId: text,
  userId: text,
  visualProfile: { maybe: visualProfile },
  _count: { maybe: { stories: count } },
};

export const heroCreate: Shape<HeroCreate> = {
  name: 'string',
  age: 'number',
  traits: ['string'],
  specialAbilities: texts,
  appearance: text,
  hairColor: text,
  eyeColor: text,
  skinTone: text,
  height: text,
};

export const heroUpdate: Shape<HeroUpdate> = {
  ...heroCreate,
  name: text,
  age: count,
  traits: texts,
  avatarUrl: text,
  avatarPrompt: text,
  avatarGenerationId: text,
};

export const illustration: Shape<Illustration> = {
  id: 'string',
  storyId: 'string',
  imageUrl: 'string',
  imagePrompt: 'string',
  sceneDescription: 'string',
  generationStatus: 'string',
  displayOrder: 'number',
  audioTimestamp: 'number',
  audioDuration: count,
  generationId: text,
  previousGenerationId: text,
  generationError: text,
  retryCount: count,
  createdAt: 'string',
  updatedAt: 'string',
};

export const story: Shape<Story> = {
  id: 'string',
  title: 'string',
  content: 'string',
  heroId: 'string',
  language: 'string',
  audioGenerationStatus: 'string',
  illustrationStatus: 'string',
  illustrationCount: 'number',
  playCount: 'number',
  isFavorite: 'boolean',
  createdAt: 'string',
  updatedAt: 'string',
  eventType: text,
  customEventId: text,
  audioUrl: text,
  audioDuration: count,
  lastPlayedAt: text,
  userId: text,
  illustrations: { maybe: [illustration] },
  _count: { maybe: { illustrations: count } },
};

export const storyCreate: Shape<StoryCreate> = {
  heroId: 'string',
  title: 'string',
  content: 'string',
  language: 'string',
  isFavorite: { maybe: 'boolean' },
  eventType: text,
  customEventId: text,
};

export const storyUpdate: Shape<StoryUpdate> = {
  title: text,
  content: text,
  isFavorite: { maybe: 'boolean' },
  language: text,
};

export const storyGenerate: Shape<StoryGenerate> = {
  heroId: 'string',
  language: 'string',
  eventType: text,
  customEventId: text,
  customPrompt: text,
  generateAudio: { maybe: 'boolean' },
  generateIllustrations: { maybe: 'boolean' },
};

export const customEvent: Shape<CustomEvent> = {
  id: 'string',
  userId: 'string',
  title: 'string',
  description: 'string',
  promptSeed: 'string',
  category: 'string',
  tone: 'string',
  ageRange: text,
  keywords: texts,
  aiEnhanced: 'boolean',
  isFavorite: 'boolean',
  usageCount: 'number',
  lastUsedAt: text,
  createdAt: 'string',
  updatedAt: 'string',
};

export const customEventCreate: Shape<CustomEventCreate> = {
  title: 'string',
  promptSeed: 'string',
  description: text,
  category: text,
  ageRange: text,
  tone: text,
  keywords: texts,
};

export const customEventUpdate: Shape<CustomEventUpdate> = {
  ...customEventCreate,
  title: text,
  promptSeed: text,
  isFavorite: { maybe: 'boolean' },
};

export const avatarResult: Shape<AvatarResult> = {
  heroId: 'string',
  avatarUrl: 'string',
  generationId: text,
};

export const audioResult: Shape<AudioResult> = {
  audioUrl: 'string',
  audioDuration: 'number',
  status: 'string',
  voice: text,
};

export const illustrationsProgress: Shape<IllustrationsProgress> = {
  status: 'string',
  progress: 'number',
  total: 'number',
  completed: 'number',
  processing: 'number',
  failed: 'number',
  pending: 'number',
  illustrations: [
    {
      id: 'string',
      displayOrder: 'number',
      status: 'string',
      error: text,
      retryCount: 'number',
      hasImage: 'boolean',
    },
  ],
};

export const fileAnnouncement: Shape<FileAnnouncement> = {
  fileName: 'string',
  mimeType: 'string',
  fileSize: 'number',
  category: 'string',
  sha256: text,
};

export const announcedFile: Shape<AnnouncedFile> = {
  uploadUrl: 'string',
  storageKey: 'string',
  publicUrl: 'string',
  expiresAt: 'string',
};

export const fileBinding: Shape<FileBinding & { readonly storageKey: string }> = {
  storageKey: 'string',
  heroId: text,
  avatarPrompt: text,
  avatarGenerationId: text,
  storyId: text,
  audioDuration: count,
  voice: text,
  language: text,
  illustrationId: text,
  localId: text,
  imagePrompt: text,
  sceneDescription: text,
  displayOrder: count,
  audioTimestamp: count,
  generationId: text,
  customEventId: text,
};

export const confirmedFile: Shape<ConfirmedFile> = {
  storageKey: 'string',
  url: 'string',
  size: 'number',
  sha256: 'string',
  type: 'string',
  id: 'string',
  version: 'number',
  value: { maybe: 'object' },
};

export const batchAnswer: Shape<BatchAnswer> = {
  success: 'boolean',
  created: 'number',
  failed: 'number',
  total: 'number',
  results: {
    created: [{ localId: 'string', serverId: 'string', name: text, title: text }],
    failed: [{ localId: 'string', error: 'string', name: text, title: text }],
    total: 'number',
  },
};

export const syncChanges: Shape<SyncChanges> = {
  epoch: 'string',
  changes: [{ seq: 'number', type: 'string', id: 'string', deleted: 'boolean', value: { maybe: 'object' } }],
  next: 'number',
  hasMore: 'boolean',
  latest: 'number',
};

export const syncPushed: Shape<SyncPushed> = {
  epoch: 'string',
  latest: 'number',
  results: [
    {
      mutationId: 'string',
      status: 'string',
      id: text,
      version: count,
      value: { maybe: 'object' },
      reason: { maybe: { code: 'string', message: 'string' } },
    },
  ],
};

export const profile: Shape<Profile> = {
  id: 'string',
  name: text,
  email: 'string',
  emailVerified: { maybe: 'boolean' },
  image: text,
  createdAt: text,
  updatedAt: text,
  totalStoriesGenerated: count,
  totalAudioGenerated: count,
  totalIllustrationsGenerated: count,
  lastStoryGeneratedAt: text,
  preferredLanguage: text,
  _count: { maybe: { heroes: count, customEvents: count, stories: count } },
};

export const journeySummary: Shape<JourneySummary> = {
  totalStoriesListened: 'number',
  totalListeningTimeMinutes: 'number',
  currentStreak: 'number',
  longestStreak: 'number',
  favoriteStoriesCount: 'number',
  lastListeningDate: text,
};

export const journeyActivity: Shape<JourneyActivity> = {
  range: 'string',
  timezone: 'string',
  startDate: text,
  endDate: text,
  activity: [{ date: 'string', minutes: 'number' }],
};

export const journeyHeroes: Shape<JourneyHeroes> = {
  heroes: [
    {
      heroId: 'string',
      heroName: 'string',
      avatarUrl: text,
      storiesCount: 'number',
      totalListeningMinutes: 'number',
      isMostActive: 'boolean',
    },
  ],
};

export const journeyMilestones: Shape<JourneyMilestones> = {
  milestones: [
    {
      id: 'string',
      category: 'string',
      title: 'string',
      description: 'string',
      emoji: text,
      unlocked: 'boolean',
      unlockedAt: text,
      progress: count,
      target: count,
      percentage: count,
    },
  ],
  summary: { totalMilestones: 'number', unlockedCount: 'number', newlyUnlocked: texts },
};

export const journeyInsights: Shape<JourneyInsights> = {
  insights: {
    averageStoryLengthMinutes: count,
    averageListensPerStory: count,
    preferredListeningHour: count,
    preferredListeningPeriod: text,
    mostListenedStory: { maybe: { storyId: 'string', title: 'string', playCount: 'number' } },
    totalUniqueStoriesListened: 'number',
  },
};

export const sanitizedPrompt: Shape<SanitizedPrompt> = {
  sanitizedPrompt: 'string',
  original: 'string',
  tokensUsed: count,
};

export const drawnImage: Shape<DrawnImage> = {
  imageData: 'string',
  revisedPrompt: text,
  generationId: text,
};

export const spokenText: Shape<SpokenText> = { audioData: 'string', format: 'string', size: 'number' };

export const toldStory: Shape<ToldStory> = {
  title: 'string',
  content: 'string',
  estimatedDuration: 'number',
};

export const extractedScenes: Shape<ExtractedScenes> = {
  scenes: [
    {
      sceneNumber: 'number',
      textSegment: 'string',
      illustrationPrompt: 'string',
      timestamp: 'number',
      emotion: 'string',
      importance: 'string',
    },
  ],
  sceneCount: 'number',
  reasoning: 'string',
};
