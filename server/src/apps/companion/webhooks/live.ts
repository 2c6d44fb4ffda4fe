import { bytesOf } from '../../../platform/audio/pcm.js';
import type { Platform } from '../../../platform/platform.js';
import { presentSegment } from '../conversations/presenter.js';
import type { CompanionWebhookRow, SegmentRow } from '../tables.js';
import { companionJson } from '../wire/json.js';
import { postTo, type WebhookPost } from './post.js';
import type { WebhookType } from './service.js';
import type { WebhookStore } from './store.js';

/** Tells a user's own server what is heard, while it is heard. Never waits and never throws. */
export interface LiveWebhooks {
  /** `realtime_transcript`: new and changed segments. */
  heard(userId: string, conversationId: string, segments: readonly SegmentRow[]): void;
  /** `audio_bytes`: sound, posted as 16-bit PCM in stretches of as many seconds as the user set. */
  audio(userId: string, sampleRate: number, samples: Int16Array): void;
  /** Drops what has not been sent. */
  close(): void;
}

/** What is late is worth nothing: it waits in memory, in order, and the oldest is dropped. */
const MOST_WAITING = 20;
const TIMEOUT_MS = 5_000;
/** How long settings are believed. */
const SETTINGS_MS = 10_000;
/** Seconds of sound in one post. */
const SOUND = { usual: 5, most: 60 };
/** Users whose settings are remembered at the same time. */
const MOST_LINES = 5_000;

/** One user's way out: deliveries follow each other. */
interface Line {
  settings: readonly CompanionWebhookRow[];
  settledUntil: number;
  asking: Promise<void> | null;
  waiting: (WebhookPost & { readonly url: string })[];
  isSending: boolean;
  sound: Int16Array[];
  soundSamples: number;
}

export function createLiveWebhooks(
  { publicHttp, clock, log }: Pick<Platform, 'publicHttp' | 'clock' | 'log'>,
  store: Pick<WebhookStore, 'list'>,
): LiveWebhooks {
  const lines = new Map<string, Line>();
  const closing = new AbortController();

  const lineOf = (userId: string): Line => {
    const known = lines.get(userId);
    if (known) return known;
    if (lines.size >= MOST_LINES) lines.clear();
    const line: Line = {
      settings: [],
      settledUntil: 0,
      asking: null,
      waiting: [],
      isSending: false,
      sound: [],
      soundSamples: 0,
    };
    lines.set(userId, line);
    return line;
  };

  const settle = (userId: string, line: Line): Promise<void> => {
    if (line.settledUntil > clock.now()) return Promise.resolve();
    line.asking ??= store
      .list(userId)
      .then(
        (settings) => {
          line.settings = settings;
        },
        (error: unknown) => log.warn({ err: error }, 'webhook settings could not be read'),
      )
      .then(() => {
        line.settledUntil = clock.now() + SETTINGS_MS;
        line.asking = null;
      });
    return line.asking;
  };

  const webhookOf = ({ settings }: Line, type: WebhookType): CompanionWebhookRow | undefined =>
    settings.find((row) => row.type === type && row.enabled === 1 && row.url !== '');

  const post = async (userId: string, line: Line): Promise<void> => {
    if (line.isSending) return;
    line.isSending = true;
    for (let next = line.waiting.shift(); next && !closing.signal.aborted; next = line.waiting.shift()) {
      await postTo(publicHttp, next.url, { ...next, timeoutMs: TIMEOUT_MS, signal: closing.signal }).catch(
        (error: unknown) => log.debug({ err: error, user: userId }, 'a live webhook was not delivered'),
      );
    }
    line.isSending = false;
  };

  const send = (line: Line, delivery: Line['waiting'][number]): Promise<void> => {
    line.waiting.push(delivery);
    if (line.waiting.length > MOST_WAITING) line.waiting.shift();
    return post(delivery.userId, line);
  };

  return {
    heard: (userId, conversationId, segments) => {
      if (segments.length === 0) return;
      const line = lineOf(userId);
      void settle(userId, line).then(() => {
        const webhook = webhookOf(line, 'realtime_transcript');
        if (!webhook) return;
        const body = companionJson({ session_id: conversationId, segments: segments.map(presentSegment) });
        return send(line, { url: webhook.url, userId, body, type: 'application/json; charset=utf-8' });
      });
    },
    audio: (userId, sampleRate, samples) => {
      const line = lineOf(userId);
      void settle(userId, line);
      const webhook = webhookOf(line, 'audio_bytes');
      if (!webhook) return;
      line.sound.push(samples.slice());
      line.soundSamples += samples.length;
      const seconds = Math.min(SOUND.most, webhook.seconds ?? SOUND.usual);
      if (line.soundSamples < seconds * sampleRate) return;
      const body = Buffer.concat(line.sound.map(bytesOf));
      line.sound = [];
      line.soundSamples = 0;
      const query = { sample_rate: String(sampleRate) };
      void send(line, { url: webhook.url, userId, body, query, type: 'application/octet-stream' });
    },
    close: () => {
      closing.abort();
      lines.clear();
    },
  };
}
