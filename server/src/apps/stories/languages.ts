/** The languages of the contract (§3.2) by their codes. */
export const languageNames = {
  en: 'English',
  es: 'Spanish',
  fr: 'French',
  de: 'German',
  it: 'Italian',
} as const;

export type LanguageCode = keyof typeof languageNames;

/** Reads a language as clients write it: `French`, `fr`, `fr-CA`; null for any other. */
export function languageCodeOf(text: string): LanguageCode | null {
  const wanted = text.trim().toLowerCase();
  const code = wanted.split(/[-_]/, 1)[0];
  const found = Object.entries(languageNames).find(
    ([known, name]) => known === code || name.toLowerCase() === wanted,
  );
  return (found?.[0] as LanguageCode | undefined) ?? null;
}

/** All ways in which clients write the same language. */
export function sameLanguage(text: string): readonly string[] {
  const code = languageCodeOf(text);
  return code ? [code, languageNames[code]] : [text];
}
