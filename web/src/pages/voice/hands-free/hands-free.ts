import { openMicrophone } from '../hearing/microphone.ts';
import type { Offer } from '../server/offer.ts';
import { askJson, Failure, troubleOf } from '../server/requests.ts';
import { setAudioSession } from '../speaking/sound.ts';
import { keepScreenOn } from '../speaking/wake-lock.ts';
import { deferred } from '../talk/deferred.ts';
import type { Message, TalkEvent } from '../talk/talk.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { createPlayer } from './player.ts';
import { createScript, type Script } from './script.ts';

const HISTORY_ITEMS = 20;
const SAMPLES_PER_MS = 24;
const MAX_BUFFERED = 1_000_000;

/** A talk in which nobody taps: the server hears when the user speaks, also over the answer. */
export interface HandsFree {
  /** Silences the answer. */
  readonly interrupt: () => void;
  readonly close: () => void;
  /** Settles when it is over. @throws Failure when it broke off */
  readonly over: Promise<void>;
}

interface HandsFreeOptions {
  readonly context: AudioContext;
  readonly offer: Offer;
  /** Of the server; null: its usual one. */
  readonly voice: string | null;
  readonly before: readonly Message[];
  readonly turn: number;
  readonly dispatch: (event: TalkEvent) => void;
  readonly signal: AbortSignal;
  readonly showLevel: (level: number) => void;
}

/** The members of the server's events that are read here (contract §8.6). */
interface RealtimeEvent {
  readonly type: string;
  readonly item_id?: string;
  readonly response_id?: string;
  readonly delta?: string;
  readonly transcript?: string;
  readonly response?: { readonly id: string; readonly status: string };
  readonly error?: { readonly code?: string | null; readonly message?: string };
}

/** Opens it over the Realtime protocol, by a short-lived secret instead of the user's key. */
export function openHandsFree(options: HandsFreeOptions): HandsFree {
  const { context, turn, dispatch } = options;
  const over = deferred<void>();
  const closing = new AbortController();
  const { signal } = closing;
  options.signal.addEventListener('abort', () => closing.abort(), { once: true });
  const scripts = new Map<string, Script>();
  const refused = new Set<string>();
  let socket: WebSocket | null = null;
  let response: string | null = null;

  const send = (event: object): void => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(event));
  };
  const rest = (): void => {
    if (response === null && !player.isPlaying()) dispatch({ type: 'ready', turn });
  };
  const player = createPlayer(context, rest);

  /** Ends what is played, and tells the server how much of it was heard. */
  const silence = (): void => {
    if (response !== null) refused.add(response);
    const played = player.stop();
    if (!played) return;
    const { itemId, samples } = played;
    send({
      type: 'conversation.item.truncate',
      item_id: itemId,
      content_index: 0,
      audio_end_ms: Math.floor(samples / SAMPLES_PER_MS),
    });
    const heard = scripts.get(itemId)?.heardAt(samples) ?? '';
    dispatch({ type: 'interrupted', turn, id: itemId, heard });
  };

  const say = (id: string, sender: Message['sender'], text: string): void =>
    dispatch({ type: 'said', turn, id, sender, text, at: Date.now() });
  const scriptOf = (id: string): Script => {
    const script = scripts.get(id) ?? createScript();
    scripts.set(id, script);
    return script;
  };

  const receive = (event: RealtimeEvent): void => {
    const { type, item_id: id = '', response_id: responseId = '', delta = '', transcript = '' } = event;
    if (refused.has(responseId)) return;
    switch (type) {
      case 'input_audio_buffer.speech_started':
        silence();
        break;
      case 'input_audio_buffer.committed':
        say(id, 'user', '…');
        break;
      case 'conversation.item.input_audio_transcription.completed':
        say(id, 'user', transcript.trim());
        break;
      case 'conversation.item.input_audio_transcription.failed':
        say(id, 'user', '');
        break;
      case 'response.created':
        response = event.response?.id ?? null;
        dispatch({ type: 'thinking', turn });
        break;
      case 'response.output_audio_transcript.delta': {
        const script = scriptOf(id);
        script.addWords(delta);
        say(id, 'bot', script.text());
        break;
      }
      case 'response.output_audio.delta': {
        const samples = fromBase64(delta);
        scriptOf(id).addSamples(samples.length);
        player.add(id, samples);
        break;
      }
      case 'response.done':
        if (event.response?.id === response) response = null;
        if (event.response?.status === 'failed') over.reject(new Failure({ phase: 'upstream-down' }));
        rest();
        break;
      case 'error':
        // A truncation that comes too late and the like are no matter; without a session there is nothing to go on with.
        if (event.error?.code === 'invalid_api_key') over.reject(new Failure({ phase: 'invalid-key' }));
        break;
    }
  };

  const run = async (): Promise<void> => {
    setAudioSession('play-and-record');
    const release = keepScreenOn();
    // Asked for first: it is what the user is asked about, and nothing is opened in vain when it is refused.
    const microphone = await openMicrophone(context, signal, ({ samples, level }) => {
      options.showLevel(level);
      if (socket && socket.bufferedAmount < MAX_BUFFERED)
        send({ type: 'input_audio_buffer.append', audio: toBase64(samples) });
    });
    try {
      const secret = await clientSecret(signal);
      const opened = connect(options.offer, secret);
      opened.addEventListener('open', () => {
        for (const event of opening(options)) opened.send(JSON.stringify(event));
        socket = opened;
        dispatch({ type: 'ready', turn });
      });
      opened.addEventListener('message', ({ data }: MessageEvent<string>) => {
        if (!signal.aborted) receive(JSON.parse(data) as RealtimeEvent);
      });
      opened.addEventListener('close', () =>
        over.reject(new Failure({ phase: navigator.onLine ? 'upstream-down' : 'offline' })),
      );
      signal.addEventListener('abort', () => over.resolve(), { once: true });
      try {
        await over.promise;
      } finally {
        opened.close();
      }
    } finally {
      microphone.close();
      player.stop();
      release();
      options.showLevel(0);
    }
  };

  return {
    interrupt: () => {
      if (response !== null) send({ type: 'response.cancel' });
      silence();
      rest();
    },
    close: () => closing.abort(),
    over: run(),
  };
}

async function clientSecret(signal: AbortSignal): Promise<string> {
  const response = await askJson('/v1/realtime/client_secrets', {}, signal);
  const { value } = (await response.json()) as { value?: string };
  if (!value) throw new Failure(troubleOf(502, '', '', null));
  return value;
}

function connect({ realtimeModel }: Offer, secret: string): WebSocket {
  const address = new URL('/v1/realtime', location.href);
  address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  address.searchParams.set('model', realtimeModel);
  return new WebSocket(address, ['realtime', `openai-insecure-api-key.${secret}`]);
}

/** How it is to hear and speak, and what was said before. */
function opening({ voice, before }: HandsFreeOptions): object[] {
  const format = { type: 'audio/pcm', rate: 24_000 };
  return [
    {
      type: 'session.update',
      session: {
        type: 'realtime',
        output_modalities: ['audio'],
        audio: {
          input: {
            format,
            transcription: { model: 'gpt-4o-mini-transcribe' },
            turn_detection: { type: 'server_vad', create_response: true, interrupt_response: true },
          },
          output: { format, ...(voice === null ? {} : { voice }) },
        },
      },
    },
    ...before
      .filter(({ status }) => status === 'done' || status === 'interrupted')
      .slice(-HISTORY_ITEMS)
      .map(({ sender, text }) => ({
        type: 'conversation.item.create',
        item: {
          type: 'message',
          role: sender === 'user' ? 'user' : 'assistant',
          content: [{ type: sender === 'user' ? 'input_text' : 'output_text', text }],
        },
      })),
  ];
}
