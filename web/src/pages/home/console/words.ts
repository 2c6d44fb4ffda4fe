const DAY_MS = 86_400_000;

const dateWords = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const timeWords = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

/** `today, 14:05` or `3 Nov 2026`. */
export function instantWords(instant: string, now = Date.now()): string {
  const at = new Date(instant);
  const days = Math.floor(startOfDay(now) / DAY_MS) - Math.floor(startOfDay(at.getTime()) / DAY_MS);
  if (days === 0) return `today, ${timeWords.format(at)}`;
  if (days === 1) return `yesterday, ${timeWords.format(at)}`;
  return dateWords.format(at);
}

/** Local midnight, moved so that whole days are whole multiples. */
const startOfDay = (at: number): number => at - new Date(at).getTimezoneOffset() * 60_000;

const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB'] as const;

/** `1.4 MB`, counted by thousands as disks are sold. */
export function byteWords(bytes: number): string {
  let [amount, unit] = [bytes, 0];
  while (amount >= 1_000 && unit < UNITS.length - 1) [amount, unit] = [amount / 1_000, unit + 1];
  const digits = unit === 0 || amount >= 100 ? 0 : 1;
  return `${amount.toLocaleString(undefined, { maximumFractionDigits: digits })} ${UNITS[unit]}`;
}

/** A UTC day in words: `3 Nov`. */
export const dayWords = (day: string): string =>
  new Date(`${day}T00:00:00Z`).toLocaleDateString(undefined, {
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  });

const BROWSERS = [
  ['Firefox', /Firefox\//],
  ['Edge', /Edg\//],
  ['Opera', /OPR\//],
  ['Chrome', /Chrome\//],
  ['Safari', /Safari\//],
] as const;
const SYSTEMS = [
  ['iPhone', /iPhone/],
  ['iPad', /iPad/],
  ['Android', /Android/],
  ['Windows', /Windows/],
  ['Mac', /Mac OS/],
  ['Linux', /Linux/],
] as const;

/** What a browser or an app calls itself, in words that its owner recognises. */
export function deviceWords(userAgent: string): string {
  const find = (names: readonly (readonly [string, RegExp])[]) =>
    names.find(([, pattern]) => pattern.test(userAgent))?.[0];
  const [browser, system] = [find(BROWSERS), find(SYSTEMS)];
  if (browser && system) return `${browser} on ${system}`;
  return browser ?? system ?? (userAgent.slice(0, 60) || 'An app');
}
