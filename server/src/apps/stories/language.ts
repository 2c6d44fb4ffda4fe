import { errors } from '../../platform/http/errors.js';

/** The app's five languages by code. */
export const languageCodes = ['en', 'fr', 'es', 'de', 'it'] as const;
export type LanguageCode = (typeof languageCodes)[number];

/** The names that the app sends, and what engines are told. */
export const languageNames: Readonly<Record<LanguageCode, string>> = {
  en: 'English',
  fr: 'French',
  es: 'Spanish',
  de: 'German',
  it: 'Italian',
};

/** The code of a language that is named `English`, `en`, `en-GB` or `fr_FR`; null for others. */
export function languageCodeOf(text: string): LanguageCode | null {
  const asked = text.trim().toLowerCase();
  return (
    languageCodes.find(
      (code) => asked === languageNames[code].toLowerCase() || asked.split(/[-_]/, 1)[0] === code,
    ) ?? null
  );
}

/** @throws AppError 400 naming the languages there are */
export function languageOf(text: string): LanguageCode {
  const code = languageCodeOf(text);
  if (code) return code;
  throw errors.validation(`must be one of ${Object.values(languageNames).join(', ')}, or their codes`, {
    field: 'language',
  });
}
