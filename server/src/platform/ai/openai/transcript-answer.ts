import type { TranscriptSpan } from '../transcriber.js';
import { incomplete } from './failures.js';
import { transcriptionProvider } from './transcription-provider.js';

/** An answer of `POST /audio/transcriptions`, in `json` or `verbose_json`. */
export interface TranscriptAnswer {
  readonly text: string;
  /** Only in `verbose_json`. */
  readonly segments?: readonly TranscriptSpan[];
  readonly words?: readonly TranscriptSpan[];
  readonly duration?: number;
  /** ISO 639-1 code. */
  readonly language?: string;
}

/** @throws AppError (upstreamFailed) when it is no such answer */
export function readTranscript(answer: unknown): TranscriptAnswer {
  const { text, segments, words, duration, language } = fields(answer);
  if (typeof text !== 'string') throw incomplete(transcriptionProvider);
  const code = languageCode(language);
  const seconds = Number(duration);
  const times = {
    ...(Array.isArray(words) && words.length > 0 ? { words: words.map((word) => span(word, 'word')) } : {}),
    ...(duration !== undefined && Number.isFinite(seconds) ? { duration: seconds } : {}),
    ...(code ? { language: code } : {}),
  };
  if (!Array.isArray(segments)) return { text: text.trim(), ...times };
  const spoken = segments.filter(isSpeech).map((segment) => span(segment, 'text'));
  const isAll = spoken.length === segments.length;
  return {
    text: isAll ? text.trim() : spoken.map((segment) => segment.text).join(' '),
    segments: spoken.filter((segment) => segment.text !== ''),
    ...times,
  };
}

const fields = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

function span(value: unknown, textName: 'text' | 'word'): TranscriptSpan {
  const { [textName]: text, start, end } = fields(value);
  if (typeof text !== 'string' || typeof start !== 'number' || typeof end !== 'number')
    throw incomplete(transcriptionProvider);
  return { text: text.trim(), start, end };
}

/** Whisper writes "Thank you." over silence; these are its authors' own limits for dropping such a segment. */
function isSpeech(segment: unknown): boolean {
  const { no_speech_prob: noSpeech, avg_logprob: confidence } = fields(segment);
  return !(
    typeof noSpeech === 'number' &&
    noSpeech > 0.6 &&
    typeof confidence === 'number' &&
    confidence < -1
  );
}

/** Whisper's languages; `verbose_json` calls them by their English names. */
const languages =
  'af am ar as az ba be bg bn bo br bs ca cs cy da de el en es et eu fa fi fo fr gl gu ha haw he hi hr ht hu hy id is it ja jw ka kk km kn ko la lb ln lo lt lv mg mi mk ml mn mr ms mt my ne nl nn no oc pa pl ps pt ro ru sa sd si sk sl sn so sq sr su sv sw ta te tg th tk tl tr tt uk ur uz vi yi yo yue zh'.split(
    ' ',
  );
let codesByName: ReadonlyMap<string, string> | undefined;

function languageCode(language: unknown): string | undefined {
  if (typeof language !== 'string') return undefined;
  const name = language.toLowerCase();
  if (languages.includes(name)) return name;
  codesByName ??= new Map(
    languages.map((code) => [(englishNames.of(code) ?? code).toLowerCase(), code] as const),
  );
  return codesByName.get(name);
}

const englishNames = new Intl.DisplayNames(['en'], { type: 'language' });
