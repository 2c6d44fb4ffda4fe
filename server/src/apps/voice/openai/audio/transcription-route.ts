import { errors } from '../../../../platform/http/errors.js';
import type { HttpServer } from '../../../../platform/http/server.js';
import type { Platform } from '../../../../platform/platform.js';
import { callerOfRequest, type VoiceCallers } from '../../callers.js';
import { signalOfDeparture } from '../../departure.js';
import { sendEvents, serverSentEvent } from '../../event-stream.js';
import { type Recording, readRecording } from '../../transcription/recordings.js';
import type { Heard, TranscriptionService } from '../../transcription/service.js';
import { modelFor } from '../model-choice.js';
import { srt, vtt } from './subtitles.js';

const answerFormats = ['json', 'text', 'srt', 'verbose_json', 'vtt'] as const;
type AnswerFormat = (typeof answerFormats)[number];

/** `POST /v1/audio/transcriptions`. Its scope accepts recordings. */
export function openaiTranscriptionRoute(
  server: HttpServer,
  { config }: Pick<Platform, 'config'>,
  service: TranscriptionService,
  callers: VoiceCallers,
): void {
  server.post(
    '/audio/transcriptions',
    {
      schema: {
        tags: ['voice: OpenAI'],
        summary: 'A recording in words',
        consumes: ['multipart/form-data'],
      },
    },
    async (request, reply) => {
      const signal = signalOfDeparture(reply);
      const caller = await callerOfRequest(callers, request);
      const recording = await readRecording(request);
      const { format, stream, wantsWords, language, prompt, model } = readFields(recording.fields);
      const heard = await service.transcribe(caller, recording.bytes, {
        signal,
        ...modelFor(caller, model, config.TRANSCRIPTION_MODEL),
        ...(language ? { language } : {}),
        ...(prompt ? { prompt } : {}),
      });
      if (stream) return sendEvents(reply, transcriptEvents(heard));
      if (format === 'json') return { text: heard.text, usage: usageOf(heard) };
      if (format === 'verbose_json') return verbose(heard, wantsWords);
      const text = format === 'text' ? `${heard.text}\n` : (format === 'srt' ? srt : vtt)(heard.segments);
      return reply
        .type(format === 'vtt' ? 'text/vtt; charset=utf-8' : 'text/plain; charset=utf-8')
        .send(text);
    },
  );
}

function readFields(fields: Recording['fields']) {
  const given = new Map(fields);
  const format = given.get('response_format') ?? 'json';
  if (!isAnswerFormat(format))
    throw errors.validation(`response_format must be one of ${answerFormats.join(', ')}`, {
      field: 'response_format',
    });
  return {
    format,
    stream: given.get('stream') === 'true',
    wantsWords: fields.some(
      ([name, value]) => name.startsWith('timestamp_granularities') && value === 'word',
    ),
    language: given.get('language'),
    prompt: given.get('prompt'),
    model: given.get('model'),
  };
}

const isAnswerFormat = (name: string): name is AnswerFormat =>
  answerFormats.some((format) => format === name);

const usageOf = ({ duration }: Heard) => ({ type: 'duration', seconds: Math.ceil(duration) });

function verbose(
  { text, language, duration, segments, words, ...heard }: Heard,
  wantsWords: boolean,
): object {
  return {
    task: 'transcribe',
    language: language ?? '',
    duration,
    text,
    segments: segments.map((segment, id) => ({
      id,
      seek: 0,
      start: segment.start,
      end: segment.end,
      text: segment.text,
      tokens: [],
      temperature: 0,
      avg_logprob: 0,
      compression_ratio: 1,
      no_speech_prob: 0,
    })),
    ...(wantsWords && words
      ? { words: words.map(({ text: word, start, end }) => ({ word, start, end })) }
      : {}),
    usage: usageOf({ text, duration, segments, ...heard }),
  };
}

async function* transcriptEvents(heard: Heard): AsyncGenerator<string> {
  for (const [index, { text }] of heard.segments.entries()) {
    const delta = index === 0 ? text : ` ${text}`;
    yield serverSentEvent({ type: 'transcript.text.delta', delta });
  }
  yield serverSentEvent({ type: 'transcript.text.done', text: heard.text, usage: usageOf(heard) });
}
