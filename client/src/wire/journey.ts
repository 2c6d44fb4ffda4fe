/** The reading journey (contract §3.5). */

export type JourneySummary = {
  readonly totalStoriesListened: number;
  readonly totalListeningTimeMinutes: number;
  readonly currentStreak: number;
  readonly longestStreak: number;
  readonly favoriteStoriesCount: number;
  readonly lastListeningDate?: string | null;
};

export type JourneyRange = 'week' | 'month' | 'year' | 'all';

export type JourneyActivity = {
  readonly range: string;
  readonly timezone: string;
  readonly startDate?: string;
  readonly endDate?: string;
  readonly activity: readonly { readonly date: string; readonly minutes: number }[];
};

export type JourneyHeroes = {
  readonly heroes: readonly {
    readonly heroId: string;
    readonly heroName: string;
    readonly avatarUrl?: string | null;
    readonly storiesCount: number;
    readonly totalListeningMinutes: number;
    readonly isMostActive: boolean;
  }[];
};

export type JourneyMilestones = {
  readonly milestones: readonly {
    readonly id: string;
    readonly category: string;
    readonly title: string;
    readonly description: string;
    readonly emoji?: string | null;
    readonly unlocked: boolean;
    readonly unlockedAt?: string | null;
    readonly progress?: number;
    readonly target?: number;
    readonly percentage?: number;
  }[];
  readonly summary: {
    readonly totalMilestones: number;
    readonly unlockedCount: number;
    /** Ids of those that were not there the last time. */
    readonly newlyUnlocked?: readonly string[];
  };
};

export type JourneyInsights = {
  readonly insights: {
    readonly averageStoryLengthMinutes?: number | null;
    readonly averageListensPerStory?: number | null;
    readonly preferredListeningHour?: number | null;
    readonly preferredListeningPeriod?: string | null;
    readonly mostListenedStory?: {
      readonly storyId: string;
      readonly title: string;
      readonly playCount: number;
    } | null;
    readonly totalUniqueStoriesListened: number;
  };
};
