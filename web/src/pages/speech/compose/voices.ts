/** How each voice of OpenAI's list is commonly described. */
const characters: Readonly<Record<string, string>> = {
  alloy: 'even and neutral',
  ash: 'clear and direct',
  ballad: 'soft and melodic',
  cedar: 'warm and low',
  coral: 'warm and friendly',
  echo: 'calm and round',
  fable: 'a storyteller',
  marin: 'bright and natural',
  nova: 'lively and bright',
  onyx: 'deep and steady',
  sage: 'gentle and thoughtful',
  shimmer: 'light and clear',
  verse: 'expressive',
};

/** A voice in a few words; the built-in engine imitates the set with the few voices it has. */
export function voiceHint(voice: string, engine: string | null): string {
  const character = characters[voice];
  const words = character ? `${character.charAt(0).toUpperCase()}${character.slice(1)}.` : '';
  return engine === 'builtin' ? `${words} Spoken by the built-in engine, in its own way.`.trim() : words;
}
