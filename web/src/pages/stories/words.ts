import { EarshotError, type Hero, type Story } from '@earshot/client';

/** The days of which the storyteller knows by itself. The names go over the wire. */
export const builtInDays = [
  { name: 'Bedtime Adventure', about: 'A small journey between tooth-brushing and sleep' },
  { name: 'Rainy Day Magic', about: 'Puddles, drums on the roof, and somebody unexpected' },
  { name: 'Weekend Explorer', about: 'A map, a sandwich, and a whole free day' },
  { name: 'Making Friends', about: 'Somebody new, and how to begin' },
  { name: 'Family Time', about: 'An evening at home with everyone' },
  { name: 'School Day Fun', about: 'What happened between the first bell and the last' },
  { name: 'Birthday Celebration', about: 'Candles, cake, and one surprise' },
  { name: 'Helping Others', about: 'Somebody needs a hand' },
  { name: 'Learning Something New', about: 'It does not work, and then it does' },
  { name: 'Holiday Adventure', about: 'Far away, or just behind the hill' },
] as const;

export const traits = [
  'Brave',
  'Kind',
  'Curious',
  'Funny',
  'Smart',
  'Adventurous',
  'Creative',
  'Helpful',
  'Gentle',
  'Magical',
] as const;

export const storyLanguages = ['English', 'French', 'Spanish', 'German', 'Italian'] as const;

/** The names of the server's voices, in the words of somebody who has to choose one. */
export const voices = [
  { value: 'auto', label: 'The one that suits the hero' },
  { value: 'coral', label: 'Coral, warm and cheerful' },
  { value: 'nova', label: 'Nova, soft and caring' },
  { value: 'fable', label: 'Fable, an old storyteller' },
  { value: 'alloy', label: 'Alloy, calm and clear' },
  { value: 'echo', label: 'Echo, gentle and steady' },
  { value: 'onyx', label: 'Onyx, deep and slow' },
  { value: 'shimmer', label: 'Shimmer, bright' },
] as const;

/** `2:05` */
export function clockTime(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** `3 min` */
export const minutesWords = (seconds: number): string => `${Math.max(1, Math.round(seconds / 60))} min`;

/** About how long reading or hearing a story takes, in seconds. */
export const lengthOf = ({ audioDuration, content }: Story): number =>
  audioDuration ?? (content.split(/\s+/).length / 150) * 60;

export const paragraphsOf = (content: string): readonly string[] =>
  content
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .filter(Boolean);

const dayFormat = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long' });
const dayAndYearFormat = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
});

/** `Today`, `Yesterday`, `3 May` */
export function dayWords(iso: string): string {
  const date = new Date(iso);
  const today = new Date();
  const midnight = new Date(today.getFullYear(), today.getMonth(), today.getDate()).getTime();
  if (date.getTime() >= midnight) return 'Today';
  if (date.getTime() >= midnight - 86_400_000) return 'Yesterday';
  return (date.getFullYear() === today.getFullYear() ? dayFormat : dayAndYearFormat).format(date);
}

/** `just now`, `5 minutes ago`, `2 hours ago`, `on 3 May` */
export function agoWords(at: number, now = Date.now()): string {
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return minutes === 1 ? 'a minute ago' : `${minutes} minutes ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return hours === 1 ? 'an hour ago' : `${hours} hours ago`;
  return `on ${dayFormat.format(at)}`;
}

/** `1 hero`, `3 heroes` */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString()} ${count === 1 ? one : many}`;

const byteUnits = ['bytes', 'kB', 'MB', 'GB'] as const;
export function bytesWords(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < byteUnits.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${byteUnits[unit]}`;
}

/** Two sentences for any failure: what happened, and what to do. */
export function failureWords(error: unknown): { readonly message: string; readonly hint: string } {
  if (error instanceof EarshotError) {
    const detail = Object.values(error.fields)[0];
    const until =
      error.code === 'rateLimited' && error.resetAt !== undefined
        ? `It is lifted at ${new Date(error.resetAt).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })}.`
        : null;
    return { message: error.message, hint: until ?? detail ?? error.hint };
  }
  return { message: 'Something unexpected happened.', hint: 'Try again; if it stays, reload the page.' };
}

export function failureSentence(error: unknown): string {
  const { message, hint } = failureWords(error);
  return `${message} ${hint}`;
}

/** `6 years, brave and curious` */
export function heroWords({ age, traits: own }: Hero): string {
  const words = own.slice(0, 3).map((trait) => trait.toLowerCase());
  const list = words.length > 1 ? `${words.slice(0, -1).join(', ')} and ${words.at(-1)}` : (words[0] ?? '');
  return list ? `${age} years, ${list}` : `${age} years`;
}
