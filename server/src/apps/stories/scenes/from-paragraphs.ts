import { splitText } from '../../../platform/ai/split-text.js';
import { FEWEST_SCENES, type FindScenes, type StoryScene } from './scene.js';

/** Pictures of a story of usual length. */
const USUAL_SCENES = 6;
const LONGEST_PROMPT = 400;

const MOODS: readonly (readonly [RegExp, StoryScene['emotion']])[] = [
  [/\b(?:sleep|bed|blanket|night|dream|dors|lit|nuit|rêve|couverture)/iu, 'peaceful'],
  [/\b(?:laugh|sang|danced|clapped|birthday|rire|chant|dansa|applaudit)/iu, 'joyful'],
  [/\b(?:secret|whisper|fog|strange|murmur|brume|étrange)/iu, 'mysterious'],
  [/\b(?:climbed|path|followed|adventure|chemin|grimp|suivi|aventure)/iu, 'adventurous'],
  [/\b(?:thought|listened|remembered|pensée|écouta|souvint)/iu, 'contemplative'],
];

/** Scenes by rules: the story's own paragraphs, evenly chosen, at the time at which they are read. */
export const scenesFromParagraphs: FindScenes = async ({ content, duration, hero }) => {
  const parts = partsOf(content);
  const count = Math.min(parts.length, USUAL_SCENES);
  const chosen = Array.from({ length: count }, (_, index) =>
    count === 1 ? 0 : Math.round((index * (parts.length - 1)) / (count - 1)),
  );
  const scenes = [...new Set(chosen)].flatMap((place, index, all): StoryScene[] => {
    const part = parts[place];
    if (!part) return [];
    const told = splitText(part.text, LONGEST_PROMPT)[0] ?? part.text;
    return [
      {
        textSegment: part.text,
        illustrationPrompt: `${hero}: ${told.trim()}`,
        timestamp: Math.round((part.start / Math.max(1, content.length)) * duration * 10) / 10,
        emotion: emotionOf(part.text),
        importance: index === 0 || index === all.length - 1 ? 'key' : 'major',
      },
    ];
  });
  return { scenes, reasoning: 'The paragraphs of the story, evenly chosen.' };
};

/** How a scene feels, by its words. */
export const emotionOf = (text: string): StoryScene['emotion'] =>
  MOODS.find(([words]) => words.test(text))?.[1] ?? 'heartwarming';

/** Paragraphs; a text with too few of them by its sentences. */
function partsOf(content: string): { text: string; start: number }[] {
  const paragraphs = located(content, content.split(/\n\s*\n/));
  if (paragraphs.length >= FEWEST_SCENES) return paragraphs;
  return located(content, content.match(/[^.!?…]+[.!?…]+["”»’\s]*/gu) ?? [content]);
}

function located(content: string, pieces: readonly string[]): { text: string; start: number }[] {
  let from = 0;
  return pieces.flatMap((piece) => {
    const text = piece.trim();
    if (text === '') return [];
    const start = Math.max(from, content.indexOf(text, from));
    from = start + text.length;
    return [{ text, start }];
  });
}
