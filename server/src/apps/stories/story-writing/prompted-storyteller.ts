import { Type } from 'typebox';
import type { TextGenerator } from '../../../platform/ai/text-generator.js';
import { fromEngine } from '../generation/engine-failures.js';
import { type LanguageCode, languageNames } from '../language.js';
import { quoted, untrustedTextRule } from '../safety/untrusted-text.js';
import type { StoryBrief, Storyteller } from './brief.js';

const DEFAULT_TOKENS = 2_000;
const MOST_TOKENS = 8_000;

/** Strict: a title and the story, nothing else (contract §5). */
const Answer = Type.Object({
  title: Type.String({ minLength: 1, maxLength: 300 }),
  content: Type.String({ minLength: 200, maxLength: 50_000 }),
});

const PERSONAS: Readonly<Record<LanguageCode, string>> = {
  en: 'You are a warm storyteller for children aged 3 to 12. Your stories are engaging and educational, carry positive values and end calmly, ready for sleep. Write in English.',
  fr: 'Tu es un conteur chaleureux pour des enfants de 3 à 12 ans. Tes histoires captivent, apprennent quelque chose, portent des valeurs positives et finissent dans le calme, prêtes pour le sommeil. Écris en français.',
  es: 'Eres un cuentacuentos cálido para niños de 3 a 12 años. Tus cuentos cautivan, enseñan, transmiten valores positivos y terminan con calma, listos para dormir. Escribe en español.',
  de: 'Du erzählst Kindern von 3 bis 12 Jahren warmherzige Geschichten. Sie fesseln, lehren etwas, tragen gute Werte und enden ruhig, bereit zum Schlafen. Schreibe auf Deutsch.',
  it: 'Sei un narratore affettuoso per bambini dai 3 ai 12 anni. Le tue storie avvincono, insegnano, portano valori positivi e finiscono con calma, pronte per il sonno. Scrivi in italiano.',
};

/** Has stories written by a language model. */
export function createPromptedStoryteller(model: TextGenerator): Storyteller {
  return {
    model: model.model,
    checkLanguage: () => undefined,
    write: async (brief, signal) => {
      const {
        value,
        usage,
        model: answered,
      } = await fromEngine(() =>
        model.json(messages(brief), Answer, {
          maxTokens: Math.min(brief.maxTokens ?? DEFAULT_TOKENS, MOST_TOKENS),
          ...(signal ? { signal } : {}),
        }),
      );
      const tokens = usage ? usage.inputTokens + usage.outputTokens : null;
      return {
        title: brief.title?.trim() || value.title.trim(),
        content: value.content.trim(),
        ...(tokens === null ? {} : { tokens }),
        metadata: { engine: 'openai', model: answered, language: brief.language, tokens },
      };
    },
  };
}

const messages = (brief: StoryBrief) => [
  {
    role: 'system' as const,
    content: `${PERSONAS[brief.language]} ${brief.words ? `About ${brief.words} words.` : '300 to 500 words.'} Answer with JSON: title and content, paragraphs separated by empty lines. ${untrustedTextRule}`,
  },
  { role: 'user' as const, content: factsOf(brief).join('\n') },
];

function factsOf({ hero, day, title, customPrompt, language }: StoryBrief): string[] {
  const facts: readonly (readonly [string, string | number | null | undefined])[] = [
    ['Hero', hero.name],
    ['Age', hero.age],
    ['Traits', hero.traits.join(', ')],
    ['Special abilities', hero.abilities.join(', ')],
    ['Looks', [hero.appearance, hero.hairColor, hero.eyeColor].filter(Boolean).join(', ')],
    ['Event', day.title],
    ['About the event', day.description],
    ['Wish for the event', day.promptSeed],
    ['Keywords', day.keywords?.join(', ')],
    ['Tone', day.tone],
    ['For ages', day.ageRange],
    ['Title to use', title],
    ['Further wish', customPrompt],
  ];
  return [
    ...facts.flatMap(([label, value]) => (value ? [`${label}: ${quoted(String(value))}`] : [])),
    `Language: ${languageNames[language]}`,
  ];
}
