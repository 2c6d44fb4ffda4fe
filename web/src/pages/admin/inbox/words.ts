const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** "now", "5 min", "3 h", "Tue", "12 Mar": short, for lists. */
export function shortAge(at: number, now: number): string {
  const age = now - at;
  if (age < minute) return 'now';
  if (age < hour) return `${Math.floor(age / minute)} min`;
  if (age < day) return `${Math.floor(age / hour)} h`;
  if (age < 6 * day) return new Date(at).toLocaleDateString(undefined, { weekday: 'short' });
  return new Date(at).toLocaleDateString(undefined, { day: 'numeric', month: 'short' });
}

/** "Today", "Yesterday", "Friday, 3 May": what stands between two days of a thread. */
export function dayWords(at: number, now: number): string {
  const date = new Date(at);
  if (date.toDateString() === new Date(now).toDateString()) return 'Today';
  if (date.toDateString() === new Date(now - day).toDateString()) return 'Yesterday';
  const isThisYear = date.getFullYear() === new Date(now).getFullYear();
  return date.toLocaleDateString(undefined, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(isThisYear ? {} : { year: 'numeric' }),
  });
}

export const clockWords = (at: number): string =>
  new Date(at).toLocaleTimeString(undefined, { hour: 'numeric', minute: '2-digit' });

export const fullWords = (at: string | number): string =>
  new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** "12 March 2026", or a dash where there is nothing to say. */
export const dateWords = (at: string | null): string =>
  at ? new Date(at).toLocaleDateString(undefined, { dateStyle: 'medium' }) : '–';

/** The first letters of a name, for the round picture: "Ada Lovelace" is AL, "ada@example.com" is A. */
export function initials(name: string): string {
  const words =
    name
      .split('@', 1)[0]
      ?.split(/[\s._-]+/)
      .filter(Boolean) ?? [];
  const picked = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return picked.map((word) => Array.from(word ?? '')[0]?.toUpperCase() ?? '').join('');
}

/** The part of an e-mail before the @: how the team calls its members. */
export const shortName = (email: string): string => email.split('@', 1)[0] ?? email;

const contextNames: Readonly<Record<string, string>> = {
  platform: 'Platform',
  device_model: 'Device',
  os_version: 'System',
  app_version: 'App version',
  locale: 'Language',
  timezone: 'Time zone',
  sdk_version: 'SDK',
};

/** What a device said of itself, in the order in which people ask for it. */
export function contextRows(context: Readonly<Record<string, unknown>> | null): readonly [string, string][] {
  if (!context) return [];
  const known = Object.keys(contextNames);
  const rank = (name: string) => (known.includes(name) ? known.indexOf(name) : known.length);
  return Object.entries(context)
    .filter(([, value]) => value !== null && value !== '')
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(([name, value]) => [
      contextNames[name] ?? name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]);
}
