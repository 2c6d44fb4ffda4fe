import { bytesOf } from '../../audio/pcm.js';
import { createResampler, type Resampler } from '../../audio/resample.js';
import { createSampleTape } from '../../audio/sample-tape.js';
import { createVoiceActivityDetector } from '../../audio/voice-activity.js';
import type { AppError } from '../../http/errors.js';
import { uuidV4 } from '../../ids.js';
import { createSegmentQueue } from '../segment-queue.js';
import type { TranscriptionStream, TranscriptionStreamOptions } from '../transcriber.js';
import { longestSpeechMs } from '../utterances.js';
import type { OpenAIConnection } from './client.js';
import { tooSlow } from './failures.js';
import {
  connectRealtime,
  type RealtimeConnection,
  type RealtimeEvent,
  realtimeFailure,
} from './realtime-connection.js';
import { transcriptionProvider } from './transcription-provider.js';

/** What the Realtime interface takes (contracts/voice.md §8.4). */
const upstreamRate = 24_000;
/** It refuses to commit less than 100 ms. */
const shortestSamples = upstreamRate / 5;

export interface RealtimeStreamOptions extends TranscriptionStreamOptions {
  readonly model: string;
  /** From the end of an utterance to its words. */
  readonly answerMilliseconds: number;
}

interface Utterance {
  readonly id: string;
  /** Samples of the stream. */
  readonly start: number;
  end: number;
  text: string;
  /** The upstream's name for it, once it has confirmed the commit. */
  item?: string;
  timer?: NodeJS.Timeout;
  samples?: Int16Array;
}

/** The utterance that is being spoken, on its way to the upstream. */
interface Sending {
  readonly utterance: Utterance;
  resampler: Resampler;
  /** Samples of the stream that have been sent. */
  sent: number;
  sentUpstream: number;
  attempts: number;
  error?: AppError;
}

/**
 * Words while they are spoken, over `/realtime?intent=transcription`. Where utterances begin and end is decided here
 * and committed, so silence is never sent, and each span is known when something fails: when the connection breaks, the
 * utterance being spoken is sent again from its beginning, once, and those that wait for their words are told as failed.
 */
export function streamByRealtime(
  upstream: OpenAIConnection,
  { sampleRate, signal, model, language, prompt, apiKey, answerMilliseconds }: RealtimeStreamOptions,
): TranscriptionStream {
  const detector = createVoiceActivityDetector({ sampleRate, longestSpeechMs });
  const tape = createSampleTape();
  const queue = createSegmentQueue(signal);
  const committed: Utterance[] = [];
  let sending: Sending | undefined;
  let connection: RealtimeConnection | undefined;
  let isEnded = false;

  const spanOf = ({ id, start, end }: Utterance) => ({
    id,
    start: start / sampleRate,
    end: end / sampleRate,
  });
  const settle = (utterance: Utterance) => {
    committed.splice(committed.indexOf(utterance), 1);
    clearTimeout(utterance.timer);
    queue.wait((utterance.start - utterance.end) / sampleRate);
    if (isEnded && committed.length === 0 && !sending) queue.close();
  };
  const fail = (utterance: Utterance, error: AppError) => {
    const audio = { samples: utterance.samples ?? new Int16Array(0), sampleRate };
    queue.emit({ kind: 'failed', ...spanOf(utterance), error, audio });
    settle(utterance);
  };
  const disconnected = (error: AppError) => {
    connection = undefined;
    for (const utterance of [...committed]) fail(utterance, error);
    if (!sending) return;
    sending.attempts += 1;
    if (sending.attempts > 1) sending.error = error;
    else Object.assign(sending, unsent(sending.utterance));
  };
  const receive = (event: RealtimeEvent) => {
    if (event.type === 'input_audio_buffer.committed') {
      const next = committed.find(({ item }) => item === undefined);
      if (next) next.item = String(event.item_id);
      return;
    }
    if (!event.type.startsWith('conversation.item.input_audio_transcription.')) return;
    const utterance = committed.find(({ item }) => item === event.item_id);
    if (!utterance) return;
    if (event.type.endsWith('.delta') && typeof event.delta === 'string') {
      utterance.text += event.delta;
      queue.emit({ kind: 'segment', ...spanOf(utterance), text: utterance.text.trim(), isFinal: false });
    } else if (event.type.endsWith('.completed')) {
      const text = typeof event.transcript === 'string' ? event.transcript.trim() : utterance.text.trim();
      if (text !== '') queue.emit({ kind: 'segment', ...spanOf(utterance), text, isFinal: true });
      settle(utterance);
    } else if (event.type.endsWith('.failed')) fail(utterance, realtimeFailure(event.error));
  };
  const connected = (): RealtimeConnection => {
    if (connection) return connection;
    const fresh = connectRealtime(
      upstream,
      { apiKey, query: 'intent=transcription' },
      { event: receive, ended: disconnected },
    );
    connection = fresh;
    fresh.send({ type: 'session.update', session: sessionOf(model, language, prompt) });
    return fresh;
  };
  const unsent = ({ start }: Utterance) => ({
    sent: start,
    sentUpstream: 0,
    resampler: createResampler(sampleRate, upstreamRate),
  });

  const append = (current: Sending, samples: Int16Array) => {
    if (samples.length === 0) return;
    current.sentUpstream += samples.length;
    connected().send({
      type: 'input_audio_buffer.append',
      audio: Buffer.from(bytesOf(samples)).toString('base64'),
    });
  };
  const sendUpTo = (current: Sending, position: number) => {
    if (current.error || position <= current.sent) return;
    const samples = current.resampler.push(tape.read(current.sent, position));
    current.sent = position;
    append(current, samples);
  };
  const begin = (start: number) => {
    const utterance = { id: uuidV4(), start, end: start, text: '' };
    sending = { utterance, attempts: 0, ...unsent(utterance) };
  };
  const commit = (current: Sending, end: number) => {
    sendUpTo(current, end);
    if (!current.error) {
      append(current, current.resampler.end());
      append(current, new Int16Array(Math.max(0, shortestSamples - current.sentUpstream)));
    }
    const { utterance, error } = current;
    utterance.end = end;
    utterance.samples = tape.read(utterance.start, end);
    sending = undefined;
    committed.push(utterance);
    queue.wait((end - utterance.start) / sampleRate);
    if (error) return fail(utterance, error);
    utterance.timer = setTimeout(() => {
      connection?.close();
      disconnected(tooSlow(transcriptionProvider));
    }, answerMilliseconds);
    connected().send({ type: 'input_audio_buffer.commit' });
  };
  const follow = (changes: ReturnType<typeof detector.write>) => {
    for (const { kind, position } of changes) {
      if (kind === 'started') begin(position);
      else if (sending) commit(sending, position);
    }
    if (sending) sendUpTo(sending, tape.end);
    tape.forget(detector.settledPosition);
  };

  queue.closing.addEventListener('abort', () => {
    connection?.close();
    for (const { timer } of committed) clearTimeout(timer);
  });
  return {
    segments: queue.segments,
    get settled() {
      const waiting = committed.map(({ start }) => start);
      return Math.min(detector.settledPosition, ...waiting) / sampleRate;
    },
    write(samples) {
      if (isEnded || queue.closing.aborted) return true;
      tape.write(samples);
      follow(detector.write(samples));
      return !queue.isLagging;
    },
    drained: queue.drained,
    end() {
      if (isEnded || queue.closing.aborted) return;
      follow(detector.end());
      isEnded = true;
      if (committed.length === 0) queue.close();
    },
    close: queue.close,
  };
}

const sessionOf = (model: string, language: string | undefined, prompt: string | undefined) => ({
  type: 'transcription',
  audio: {
    input: {
      format: { type: 'audio/pcm', rate: upstreamRate },
      transcription: { model, ...(language ? { language } : {}), ...(prompt ? { prompt } : {}) },
      turn_detection: null,
    },
  },
});
