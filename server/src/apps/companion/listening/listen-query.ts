import { type Coding, codecs } from './sound.js';

/** Seconds of silence that end a conversation (contract §4.1). */
const timeouts = { least: 120, never: 14_400 };
const LANGUAGE = /^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,2}$/;
const rates = { least: 4_000, most: 96_000, usual: 8_000 };

export interface ListenQuery {
  readonly language: string;
  readonly coding: Coding;
  readonly timeoutSeconds: number;
}

/** What the address of `/v4/listen` asks for, or why that cannot be done: the reason of a close with 1008. */
export function listenQuery(query: URLSearchParams): ListenQuery | { readonly refusal: string } {
  const said = (name: string) => {
    const text = query.get(name)?.trim() ?? '';
    return text === 'null' ? '' : text;
  };
  const language = said('language') || 'en';
  if (language !== 'multi' && language !== 'auto' && !LANGUAGE.test(language))
    return { refusal: 'This is not a language code.' };
  const named = said('codec') || 'pcm8';
  const codec = codecs.find((one) => one === named);
  if (!codec) return { refusal: `The codec is not supported. This server decodes ${codecs.join(', ')}.` };
  const sampleRate = said('sample_rate') === '' ? rates.usual : Number(said('sample_rate'));
  if (!Number.isInteger(sampleRate) || sampleRate < rates.least || sampleRate > rates.most)
    return { refusal: `sample_rate must be between ${rates.least} and ${rates.most}.` };
  return {
    language: language === 'auto' ? 'multi' : language,
    coding: { codec, sampleRate },
    timeoutSeconds: timeoutOf(said('conversation_timeout')),
  };
}

function timeoutOf(text: string): number {
  const seconds = Math.trunc(Number(text || timeouts.least));
  if (!Number.isFinite(seconds)) return timeouts.least;
  if (seconds === -1) return timeouts.never;
  return Math.min(timeouts.never, Math.max(timeouts.least, seconds));
}
