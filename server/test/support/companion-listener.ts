import OpusScript from 'opusscript';
import { WebSocket } from 'ws';
import { createBuiltinSpeechSynthesizer } from '../../src/platform/ai/builtin/speech-synthesizer.js';
import { decodeAudio } from '../../src/platform/audio/decoding/decode.js';
import { bytesOf } from '../../src/platform/audio/pcm.js';
import { readSocketMessage } from '../apps/companion/strict-model.js';
import { eventually } from './servers.js';
import { joined } from './sound.js';

export const soundRate = 16_000;

/** A segment as the app keeps it. */
export interface HeardSegment {
  readonly id: string;
  readonly text: string;
  readonly speaker: string;
  readonly start: number;
  readonly end: number;
  readonly is_user: boolean;
  readonly person_id: string | null;
  readonly source: string | null;
}

/** The app's end of `/v4/listen`: every message passes the strict model of its parsers. */
export interface Listener {
  readonly socket: WebSocket;
  /** Text messages in order: `ping`, arrays, objects. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into messages of every shape
  readonly messages: readonly any[];
  /** What the app shows: segments by id, replaced and appended. */
  readonly segments: ReadonlyMap<string, HeardSegment>;
  /** Objects of a type. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into messages of every shape
  ofType(type: string): any[];
  statuses(): string[];
  text(): string;
  send(message: unknown): void;
  /** Messages of audio, as fast as the network takes them, or at their own pace. */
  stream(messages: readonly Uint8Array[], everyMs?: number): Promise<void>;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  /** As the app stops: with 1000. */
  stop(): Promise<void>;
}

/** Opens `/v4/listen`; resolves when it is open. @throws Error with the status of a refusal */
export async function listen(
  url: string,
  token: string | null,
  query: Readonly<Record<string, string>> = {},
  answersPing = true,
): Promise<Listener> {
  const address = new URL('/v4/listen', url.replace(/^http/, 'ws'));
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
  const socket = new WebSocket(address, {
    ...(token === null ? {} : { headers: { authorization: `Bearer ${token}` } }),
    perMessageDeflate: false,
  });
  const messages: unknown[] = [];
  const segments = new Map<string, HeardSegment>();
  let broken: unknown;
  socket.on('message', (data, isBinary) => {
    try {
      if (isBinary) throw new Error('the app takes no binary messages');
      const text = String(data);
      readSocketMessage(text);
      if (text === 'ping') {
        messages.push(text);
        // The frame that the app makes by hand.
        if (answersPing) socket.send(Uint8Array.of(0x8a, 0x00));
        return;
      }
      const message: unknown = JSON.parse(text);
      messages.push(message);
      if (Array.isArray(message)) for (const segment of message) segments.set(segment.id, segment);
      else if ((message as { type: string }).type === 'memory_processing_started') segments.clear();
    } catch (error) {
      broken = error;
      socket.terminate();
    }
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve, reject) => {
    socket.once('close', (code, reason) =>
      broken ? reject(broken) : resolve({ code, reason: String(reason) }),
    );
  });
  closed.catch(() => {}); // seen by whoever waits for it
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('unexpected-response', (_, response) =>
      reject(new Error(`refused with ${response.statusCode}`)),
    );
    socket.once('error', reject);
  });
  // biome-ignore lint/suspicious/noExplicitAny: tests look into messages of every shape
  const ofType = (type: string): any[] =>
    messages.filter((message) => (message as { type?: string }).type === type);
  return {
    socket,
    messages,
    segments,
    ofType,
    statuses: () => ofType('service_status').map(({ status }) => status),
    text: () => [...segments.values()].map(({ text }) => text).join(' '),
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    async stream(parts, everyMs = 0) {
      const began = performance.now();
      for (const [index, part] of parts.entries()) {
        const wait = began + index * everyMs - performance.now();
        if (everyMs > 0 && wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
        if (socket.readyState !== WebSocket.OPEN) return;
        socket.send(part);
      }
    },
    closed,
    async stop() {
      socket.close(1000);
      await closed;
    },
  };
}

export const ready = (listener: Listener): Promise<string[]> =>
  eventually(
    async () => listener.statuses(),
    (statuses) => statuses.includes('ready'),
    30_000,
  );

export const silence = (seconds: number): Int16Array => new Int16Array(Math.round(seconds * soundRate));

/** A sentence by a built-in voice, with silence around it so that it is an utterance of its own. */
export async function speech(text: string, voice = 'alloy'): Promise<Int16Array> {
  const voices = createBuiltinSpeechSynthesizer();
  try {
    const wav = await voices.synthesize({ text, voice, model: 'tts-1', format: 'wav', speed: 1 });
    const { samples } = await decodeAudio(wav, { sampleRate: soundRate, maxSeconds: 120 });
    return joined(silence(0.5), samples, silence(1.2));
  } finally {
    await voices.close();
  }
}

/** Sound as raw Opus packets of 10 or 20 ms. */
export function opusPackets(sound: Int16Array, milliseconds: 10 | 20): Uint8Array[] {
  const encoder = new OpusScript(soundRate, 1, OpusScript.Application.VOIP);
  const frame = (soundRate * milliseconds) / 1_000;
  const packets = Array.from({ length: Math.floor(sound.length / frame) }, (_, index) =>
    Uint8Array.from(
      encoder.encode(Buffer.from(bytesOf(sound.slice(index * frame, (index + 1) * frame))), frame),
    ),
  );
  encoder.delete();
  return packets;
}

/** Sound as messages of 16-bit samples. */
export function pcmMessages(sound: Int16Array, bytes = 640): Uint8Array[] {
  const whole = bytesOf(sound);
  return Array.from({ length: Math.ceil(whole.length / bytes) }, (_, index) =>
    whole.slice(index * bytes, (index + 1) * bytes),
  );
}

/** The part of the words said that was heard. */
export function share(heard: string, said: string): number {
  const found = new Set(heard.toLowerCase().match(/[a-z]+/g));
  const words = said.toLowerCase().match(/[a-z]+/g) ?? [];
  return words.filter((word) => found.has(word)).length / Math.max(1, words.length);
}
