/** Words that follow "my name is" without being one. */
const notNames = new Set(['not', 'the', 'a', 'an', 'on', 'in', 'so', 'very', 'what', 'who', 'is', 'also']);
const introduction = /\bmy name is ([\p{L}][\p{L}'’-]{1,30})/iu;

/** The name by which somebody introduces themselves in a sentence, or null. */
export function nameIn(text: string): string | null {
  const name = introduction.exec(text)?.[1];
  if (name === undefined || notNames.has(name.toLowerCase())) return null;
  return name.charAt(0).toUpperCase() + name.slice(1);
}
