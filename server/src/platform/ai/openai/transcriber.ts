import { audioContainer } from '../../audio/container.js';
import { decodeAudio } from '../../audio/decoding/decode.js';
import { wavFile } from '../../audio/wav.js';
import { AppError } from '../../http/errors.js';
import type {
  PcmAudio,
  Transcriber,
  Transcript,
  TranscriptionOptions,
  TranscriptionStreamOptions,
} from '../transcriber.js';
import { streamByUtterances, transcribeByUtterances } from '../utterances.js';
import { type OpenAIConnection, openaiClient } from './client.js';
import { withDeadline } from './failures.js';
import { streamByRealtime } from './realtime-transcription.js';
import { readTranscript } from './transcript-answer.js';
import { transcriptionProvider } from './transcription-provider.js';

export interface OpenAITranscriptionOptions {
  /** The model when the caller names none. */
  readonly model?: string;
  /** `utterances`: each as a file when it ends; `realtime`: over the Realtime WebSocket. */
  readonly streaming?: 'utterances' | 'realtime';
  /** How long a call may take, all attempts included. */
  readonly deadlineMilliseconds?: number;
}

const retries = 2;
/** From the end of a live utterance to its words. */
const liveMilliseconds = 30_000;
const longestResponse = 16 << 20;
/** The upstream takes files of 25 MB. */
const largestFile = 25_000_000;
/** More sound than this goes in several calls: 16-bit samples at 24 kHz are 2.9 MB a minute. */
const longestCallSeconds = 480;
/** For files that have to be decoded here, because they are too large or the upstream does not take their kind. */
const decodedRate = 16_000;
const maxSeconds = 4 * 3_600;

/** Words by any provider with OpenAI's `POST /audio/transcriptions`. */
export function createOpenAITranscriber(
  connection: OpenAIConnection,
  {
    model: ownModel,
    streaming = 'utterances',
    deadlineMilliseconds = 120_000,
  }: OpenAITranscriptionOptions = {},
): Transcriber {
  const ask = (file: RecordingFile, options: TranscriptionOptions, format: 'verbose_json' | 'json') =>
    withDeadline(
      deadlineMilliseconds,
      options.signal,
      async (signal) => {
        const { language, prompt, model = ownModel ?? 'whisper-1', apiKey } = options;
        const client = await openaiClient(connection, apiKey, { longestResponse });
        const { toFile } = await import('openai');
        const answer: unknown = await client.audio.transcriptions.create(
          {
            file: await toFile(file.bytes, file.name, { type: file.mediaType }),
            model,
            response_format: format,
            ...(language ? { language } : {}),
            ...(prompt ? { prompt } : {}),
          },
          { signal, timeout: deadlineMilliseconds, maxRetries: retries },
        );
        return readTranscript(answer);
      },
      transcriptionProvider,
    );
  /** Times are in `verbose_json` only, which newer models (and some servers) do not write. */
  const transcribeFile = async (file: RecordingFile, options: TranscriptionOptions) => {
    if ((options.model ?? ownModel)?.startsWith('gpt-')) return await ask(file, options, 'json');
    try {
      return await ask(file, options, 'verbose_json');
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'BAD_REQUEST') throw error;
      return await ask(file, options, 'json');
    }
  };
  const transcribeSamples = async (audio: PcmAudio, options: TranscriptionOptions): Promise<Transcript> => {
    const duration = audio.samples.length / audio.sampleRate;
    if (duration > longestCallSeconds)
      return await transcribeByUtterances(
        audio,
        (part, signal) => transcribeSamples(part, { ...options, signal }),
        options.signal,
      );
    const { segments, ...heard } = await transcribeFile(wavRecording(audio), options);
    return {
      ...heard,
      duration,
      segments: segments ?? (heard.text === '' ? [] : [{ text: heard.text, start: 0, end: duration }]),
    };
  };
  return {
    engine: 'openai',
    hears: 'words',
    async transcribe(audio, options = {}) {
      if (!(audio instanceof Uint8Array)) return await transcribeSamples(audio, options);
      const container = audioContainer(audio);
      if (!container || container.extension === 'aac' || audio.length > largestFile)
        return await transcribeSamples(
          await decodeAudio(audio, { sampleRate: decodedRate, maxSeconds, signal: options.signal }),
          options,
        );
      const { extension, mediaType } = container;
      const heard = await transcribeFile(
        { bytes: audio, name: `recording.${extension}`, mediaType },
        options,
      );
      const end = heard.duration ?? heard.segments?.at(-1)?.end;
      const duration =
        end ??
        (await decodeAudio(audio, { sampleRate: decodedRate, maxSeconds, signal: options.signal })).duration;
      return {
        ...heard,
        duration,
        segments:
          heard.segments ?? (heard.text === '' ? [] : [{ text: heard.text, start: 0, end: duration }]),
      };
    },
    stream(options: TranscriptionStreamOptions) {
      return streaming === 'realtime'
        ? streamByRealtime(connection, {
            ...options,
            model: options.model ?? ownModel ?? 'gpt-4o-transcribe',
            answerMilliseconds: Math.min(liveMilliseconds, deadlineMilliseconds),
          })
        : streamByUtterances(options, (utterance, signal) =>
            transcribeSamples(utterance, { ...options, signal }),
          );
    },
    close: async () => {},
  };
}

interface RecordingFile {
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly mediaType: string;
}

const wavRecording = ({ samples, sampleRate }: PcmAudio): RecordingFile => ({
  bytes: wavFile(samples, sampleRate),
  name: 'recording.wav',
  mediaType: 'audio/wav',
});
