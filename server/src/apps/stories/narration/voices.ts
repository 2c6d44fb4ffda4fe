import { speechVoices } from '../../../platform/ai/speech-synthesizer.js';
import { type LanguageCode, languageNames } from '../language.js';

const BY_TRAIT: readonly (readonly [traits: readonly string[], voice: string])[] = [
  [['energetic', 'adventurous'], 'shimmer'],
  [['gentle', 'kind', 'caring'], 'nova'],
  [['brave', 'determined'], 'ash'],
  [['creative', 'imaginative'], 'ballad'],
  [['funny', 'playful'], 'coral'],
  [['wise', 'smart'], 'sage'],
];
const USUAL_VOICE = 'nova';

/** The voice that suits a hero (contract §5); traits in any case. */
export function voiceForTraits(traits: readonly string[]): string {
  const own = new Set(traits.map((trait) => trait.trim().toLowerCase()));
  return BY_TRAIT.find(([words]) => words.some((word) => own.has(word)))?.[1] ?? USUAL_VOICE;
}

export const isVoice = (voice: string): boolean => speechVoices.some((known) => known === voice);

const STYLES: Readonly<Record<string, string>> = {
  coral: 'Warm and cheerful, like a favourite aunt.',
  nova: 'Soft and caring, like a parent at the bedside.',
  fable: 'Like an old storyteller by the fire.',
  alloy: 'Calm and clear.',
  echo: 'Gentle and steady.',
  onyx: 'Deep, slow and reassuring.',
  shimmer: 'Bright, then softer and softer.',
};

/** How to read a bedtime story aloud. */
export const narrationInstructions = (voice: string, language: LanguageCode): string =>
  [
    'Read this bedtime story to a child: warm, unhurried, with small pauses between sentences, quieter towards the end.',
    STYLES[voice] ?? '',
    `Pronounce it as a native speaker of ${languageNames[language]}.`,
  ]
    .filter(Boolean)
    .join(' ');
