import * as chrono from 'chrono-node';
import { detectLanguage, type KnownLanguage } from './language.js';
import { numbersInDigits } from './number-words.js';

export interface MentionedDate {
  /** As it is written, numbers in digits. */
  readonly text: string;
  /** Where it begins in `numbersInDigits(text)`, in UTF-16 units. */
  readonly index: number;
  readonly start: Date;
  readonly end: Date | null;
  /** False: only the day is said. */
  readonly hasTime: boolean;
}

const parsers: Readonly<Record<KnownLanguage, chrono.Chrono>> = {
  en: chrono.en.casual,
  fr: chrono.fr.casual,
  es: chrono.es.casual,
  de: chrono.de.casual,
  it: chrono.it.casual,
};

/**
 * The dates and times that a text mentions ("tomorrow at 5", "tomorrow at nine", "demain").
 *
 * @param now what "tomorrow" is counted from
 * @param timeZoneOffset minutes east of UTC of who says it
 */
export function datesIn(text: string, now: Date, timeZoneOffset = 0): MentionedDate[] {
  const parser = parsers[detectLanguage(text) ?? 'en'];
  return parser
    .parse(numbersInDigits(text), { instant: now, timezone: timeZoneOffset }, { forwardDate: true })
    .map(({ text: written, index, start, end }) => ({
      text: written,
      index,
      start: start.date(),
      end: end?.date() ?? null,
      hasTime: start.isCertain('hour'),
    }));
}
