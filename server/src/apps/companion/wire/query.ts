import { Type } from 'typebox';
import { saidOrNull } from './instants.js';

/** A query parameter as the app sends it: any text, sometimes the word `null` (contract §1.2). */
export const queryText = Type.Optional(Type.String({ maxLength: 10_000 }));

const YES = new Set(['true', '1', 'yes', 'on']);
const NO = new Set(['false', '0', 'no', 'off']);

/** What a yes-or-no parameter says; the default for nothing and for anything else. */
export function yesOr<Default>(text: string | undefined, fallback: Default): boolean | Default {
  const said = saidOrNull(text)?.toLowerCase() ?? '';
  if (YES.has(said)) return true;
  return NO.has(said) ? false : fallback;
}

/** A whole number within bounds; the default for nothing and for what is no number. */
export function integerOr(
  text: string | undefined,
  fallback: number,
  bounds: { readonly min: number; readonly max: number },
): number {
  const number = Number(saidOrNull(text) ?? Number.NaN);
  return Number.isFinite(number) ? Math.min(bounds.max, Math.max(bounds.min, Math.trunc(number))) : fallback;
}

/** The items of a comma-separated parameter. */
export const listIn = (text: string | undefined): string[] =>
  (saidOrNull(text) ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);
