import type {
  SpeechFormat,
  SpeechRequest,
  SpeechSynthesizer,
} from '../../../platform/ai/speech-synthesizer.js';
import { splitText } from '../../../platform/ai/split-text.js';
import { memorySink } from '../../../platform/audio/byte-sink.js';
import { bytesSource } from '../../../platform/audio/byte-source.js';
import { containers } from '../../../platform/audio/formats.js';
import { mp3Sound } from '../../../platform/audio/mp3.js';
import { pcmSampleRate } from '../../../platform/audio/pcm.js';
import { wavStreamHeader } from '../../../platform/audio/wav.js';
import type { VoiceCaller } from '../callers.js';
import { fromEngine } from '../engine-failures.js';
import type { EngineChoice } from '../engines.js';
import { createSentenceCutter } from '../speaking/sentences.js';

export interface SpeechService {
  /** Speaks the text; its pieces put together are one playable file or stream of the format. Throws AppError. */
  speak(caller: VoiceCaller, request: SpeechRequest, signal: AbortSignal): AsyncIterable<Uint8Array>;
}

/** Media types as OpenAI names them. */
export const mediaTypes: Readonly<Record<SpeechFormat, string>> = {
  mp3: 'audio/mpeg',
  opus: 'audio/ogg',
  aac: 'audio/aac',
  flac: 'audio/flac',
  wav: 'audio/wav',
  pcm: 'audio/pcm',
};

/** Behind its first sentence a text is spoken in pieces of about this many characters. */
const PIECE_CHARACTERS = 400;

export function createSpeechService(engines: EngineChoice): SpeechService {
  return {
    speak: async function* (caller, request, signal) {
      const { synthesizer } = engines.enginesFor(caller.apiKey);
      const options = { signal, ...(caller.apiKey === undefined ? {} : { apiKey: caller.apiKey }) };
      const speak = (text: string, format: SpeechFormat) =>
        synthesizer.synthesize({ ...request, text, format }, options);
      try {
        const pieces = piecesOf(request, synthesizer);
        if (pieces.length === 1 && synthesizer.stream) yield* synthesizer.stream(request, options);
        else if (pieces.length === 1) yield await speak(request.text, request.format);
        else
          yield* joined(
            inOrder(pieces, (text) => speak(text, streamed[request.format] ?? request.format)),
            request.format,
          );
      } catch (error) {
        signal.throwIfAborted();
        throw fromEngine(error, caller);
      }
    },
  };
}

/** Formats of which a stream can be made by putting pieces one behind the other, and the format of the pieces. */
const streamed: Partial<Record<SpeechFormat, SpeechFormat>> = {
  mp3: 'mp3',
  aac: 'aac',
  pcm: 'pcm',
  wav: 'pcm',
};

/** An engine that streams by itself is given as much at once as it takes; another one, a sentence to begin with. */
function piecesOf({ text, format }: SpeechRequest, synthesizer: SpeechSynthesizer): string[] {
  if (synthesizer.stream || !streamed[format]) return splitText(text, synthesizer.charactersPerCall);
  const cutter = createSentenceCutter();
  const [first, ...rest] = [...cutter.add(text), ...cutter.rest()];
  const pieces = first === undefined ? [] : [first];
  let piece = '';
  for (const sentence of rest) {
    if (piece !== '' && piece.length + sentence.length > PIECE_CHARACTERS) {
      pieces.push(piece);
      piece = '';
    }
    piece += sentence;
  }
  return piece === '' ? pieces : [...pieces, piece];
}

/** The files of the pieces in order; the next is made while one is sent. */
async function* inOrder(
  pieces: readonly string[],
  speak: (text: string) => Promise<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const [first, ...rest] = pieces;
  let next = first === undefined ? null : speak(first);
  for (const piece of [...rest, null]) {
    if (!next) return;
    const file = await next;
    next = piece === null ? null : speak(piece);
    // Awaited in the next round; without this a failure before then would end the process.
    next?.catch(() => {});
    yield file;
  }
}

async function* joined(files: AsyncIterable<Uint8Array>, format: SpeechFormat): AsyncGenerator<Uint8Array> {
  if (!streamed[format]) {
    const all: Uint8Array[] = [];
    for await (const file of files) all.push(file);
    const sink = memorySink();
    containers[format].join(all.map(bytesSource), sink);
    yield sink.bytes();
    return;
  }
  if (format === 'wav') yield wavStreamHeader(pcmSampleRate);
  for await (const file of files) yield format === 'mp3' ? mp3Sound(file) : file;
}
