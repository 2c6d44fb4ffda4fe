import { setTimeout as sleep } from 'node:timers/promises';
import type { FailedSegment, HeardSegment, TranscriptionStream } from '../../../platform/ai/transcriber.js';
import type { Transaction } from '../../../platform/database/database.js';
import { AppError } from '../../../platform/http/errors.js';
import { uuidV7 } from '../../../platform/ids.js';
import type { Platform } from '../../../platform/platform.js';
import type { Rooms } from '../rooms.js';
import type { NewSegment } from '../services.js';
import type { SegmentRow } from '../tables.js';
import type { AudioIntake, AudioThread } from './audio-thread.js';
import type { JournaledStream, JournalRuns } from './journal/runs.js';
import type { Leftovers } from './leftovers.js';
import type { LiveTap } from './live-tap.js';
import { awaitsWords, PATIENCE_MS } from './patience.js';
import type { SessionVoice } from './session-voice.js';
import { type Coding, instantOf, soundRate } from './sound.js';
import type { ListeningStore } from './store.js';
import { createToldWords } from './told-words.js';
import type { Translator } from './translator.js';
import { nullWhenGone, type PlacedWords, type WordsLater, wordsOf } from './words-later.js';

const checkMilliseconds = 5_000;
/** Speech that has no words yet keeps its conversation open; told this often at most. */
const heardMilliseconds = 30_000;
/** More seconds than this without words are speech, fewer may be the detector's own delay. */
const unsettledSeconds = 3;
/** In silence the detector keeps this much, lest it misses how a word begins. */
const silentSeconds = 0.6;
const delayToldMilliseconds = 10_000;
/** The database is away: words are stored again and again for about a minute before the stream gives up. */
const storeAgainMilliseconds = [250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

export interface SessionOptions {
  readonly userId: string;
  /** As the client said it. */
  readonly language: string;
  readonly timeoutSeconds: number;
  readonly coding: Coding;
}

export interface SessionParts {
  readonly platform: Platform;
  readonly rooms: Rooms;
  readonly store: ListeningStore;
  readonly thread: AudioThread;
  readonly runs: JournalRuns;
  readonly later: WordsLater;
  readonly leftovers: Leftovers;
  readonly translator: Translator;
  readonly live: LiveTap;
}

/** One client's listening: audio in, words out, and the life of its conversation (contract §4.7). */
export interface Session {
  readonly userId: string;
  readonly conversationId: string;
  /** When that began, epoch ms. */
  readonly startedAt: number;
  /** A message of audio. */
  audio(message: Uint8Array): void;
  /** Words that the device recognised itself. */
  words(words: PlacedWords): Promise<void>;
  /** Stores what belongs to the running conversation: opens the next one when that is over. */
  withConversation<T>(work: (conversationId: string) => Promise<T>): Promise<T>;
  assign(
    speaker: string,
    who: { isUser: boolean; personId: string | null },
    segmentIds: readonly string[],
  ): Promise<void>;
  /** True once audio has come. */
  readonly hasAudio: boolean;
  /** True while somebody speaks, or has spoken, whose words are not stored yet. */
  readonly awaitsWords: boolean;
  /** The client has gone: what was received is still heard. Resolves when its words are stored. */
  finish(): Promise<void>;
  /** The server has to go: what was not heard yet is handed over. */
  abandon(): Promise<void>;
}

/** The language as engines name it; null for whatever is spoken. */
export const languageOf = (text: string): string | null =>
  text === 'multi' || text === 'auto' ? null : (text.split(/[-_]/)[0]?.toLowerCase() ?? null);

/**
 * Takes the user's conversation in progress, or begins one, and listens.
 *
 * @throws AppError when the recogniser cannot be started or nothing can be stored
 */
export async function openSession(
  parts: SessionParts,
  options: SessionOptions,
  voice: SessionVoice,
): Promise<Session> {
  const { platform, rooms, store, thread, runs, later, leftovers } = parts;
  const { clock, database, log, transcriber, users } = platform;
  const { conversations, events } = rooms;
  const { userId, timeoutSeconds, coding } = options;
  const language = languageOf(options.language);
  const id = uuidV7(clock.now());
  const journaled: JournaledStream = { id, userId, coding, language };

  let conversationId = '';
  let startedAt = clock.now();
  /** The conversation before this one, and when this one began. */
  let previous: { readonly id: string; readonly until: number } | undefined;
  let lastHeard = clock.now();
  let state: 'open' | 'finishing' | 'over' = 'open';
  let folder: string | undefined;
  let intake: AudioIntake | undefined;
  let opening: Promise<void> | undefined;
  let early: Uint8Array[] = [];
  /** When which part of the sound was heard: places in seconds. */
  let soundClock: [number, number][] = [];
  let receivedSeconds = 0;
  let isHandling = false;
  let delayToldAt = 0;
  const speakers = new Map<string, Pick<NewSegment, 'is_user' | 'person_id'>>();
  const over = new AbortController();
  const isActive = () => state !== 'over';

  const openLive = async (): Promise<string> => {
    const { conversation, ended } = await conversations.openLive(userId, {
      language: options.language,
      timeoutSeconds,
    });
    if (ended) await events.processingStarted(userId, ended.id);
    lastHeard = conversation.finished_at;
    startedAt = conversation.started_at;
    return conversation.id;
  };
  /** What was cut off, by a crash for example, goes on: its words come before the silence that ends it counts. */
  const takeUpCutOff = async (): Promise<void> => {
    const live = await conversations.live(userId);
    if (live && (await awaitsWords(store, live, clock.now()))) await conversations.heard(userId, live.id);
  };
  let turning: Promise<void> = Promise.resolve();
  /** Goes over to the conversation that is in progress now. */
  const turnPage = (): Promise<void> => {
    turning = turning.then(async () => {
      const next = await openLive();
      if (next === conversationId) return;
      if (conversationId !== '') previous = { id: conversationId, until: startedAt };
      conversationId = next;
      if (folder !== undefined) await move(next);
    });
    const turned = turning;
    turning = turning.catch(() => {}); // told to whoever asked; the next one tries anew
    return turned;
  };
  const move = (to: string) =>
    database.transaction((tx) =>
      store.changeStream(tx, id, { conversation_id: to, updated_at: clock.now() }),
    );

  const toldWords = createToldWords({ ...parts, log }, voice, { id, userId, isOpen: () => state === 'open' });
  const tellSegments = (at: string, rows: readonly SegmentRow[]): void => {
    lastHeard = clock.now();
    toldWords.tell(at, rows);
  };
  const logged = (what: string) => (error: unknown) => log.warn({ err: error }, what);

  /** Stores words where they were said. */
  const storeWords = async (words: PlacedWords, alongside: (tx: Transaction) => Promise<void>) => {
    const { origin, segments } = words;
    if (previous && origin < previous.until) return storeLate(previous.id, words, alongside);
    const rows = await conversations
      .addSegments(userId, conversationId, origin, segments, alongside)
      .catch(nullWhenGone);
    if (rows) return tellSegments(conversationId, rows);
    // It was ended, by the user or by another node, while this was said; or nothing was in it, and it is gone.
    const ended = conversationId;
    await turnPage();
    await storeLate(ended, words, alongside);
  };
  const storeLate = async (
    to: string,
    words: PlacedWords,
    alongside: (tx: Transaction) => Promise<void>,
  ): Promise<void> => {
    const isGone = (await conversations.get(userId, to).catch(nullWhenGone)) === null;
    const target = isGone ? conversationId : to;
    const { conversationId: at, rows } = await later.place(
      userId,
      target,
      words,
      { language: options.language },
      alongside,
    );
    if (at === conversationId) tellSegments(at, rows);
  };

  const settledUpTo = (end: number): number => Math.min(end, Math.max(stream.settled, 0));
  const handle = async (event: HeardSegment | FailedSegment): Promise<void> => {
    if (event.kind === 'segment' && !event.isFinal) return;
    const now = clock.now();
    const settle = (tx: Transaction) =>
      store.changeStream(tx, id, { settled: settledUpTo(event.end), updated_at: now });
    if (event.kind === 'failed') {
      const at = instantOf(soundClock, event.start);
      const to = previous && at < previous.until ? previous.id : conversationId;
      const sound = event.audio;
      await later.keep({ userId, conversationId: to, language, sound, clock: [[0, at]] }, settle);
      lastHeard = now;
      tellDelay(event.error.message);
      return;
    }
    const who = speakers.get('SPEAKER_00');
    const words = wordsOf([event], soundClock, who);
    await storeWords(words, async (tx) => {
      await settle(tx);
      await rooms.stores.profiles.addUsage(tx, userId, new Date(now).toISOString().slice(0, 10), {
        transcription_seconds: event.end - event.start,
      });
    });
  };
  const tellDelay = (text: string): void => {
    const now = clock.now();
    if (now - delayToldAt < delayToldMilliseconds) return;
    delayToldAt = now;
    voice.tell({ kind: 'status', status: 'transcription_delayed', text });
  };
  /** Then nothing can be stored for this user any more: the rest is handed over to whoever they are now. */
  const isMerged = (): Promise<boolean> =>
    users.current(userId).then(
      (current) => current !== userId,
      () => false, // the database is away, as was said
    );
  const withPatience = async (work: () => Promise<void>): Promise<void> => {
    for (const milliseconds of storeAgainMilliseconds) {
      try {
        return await work();
      } catch (error) {
        if (!isActive() || (await isMerged())) throw error;
        log.warn({ err: error }, 'words of live audio could not be stored; they are stored again');
        await sleep(milliseconds, undefined, { signal: over.signal });
      }
    }
    await work();
  };

  let told: Promise<void> = Promise.resolve();
  const unsubscribe = await events.follow(userId, (news) => {
    told = told
      .then(() => hearNews(news))
      .catch(logged('a socket could not be told what happened to a conversation'));
  });
  const hearNews = async (news: Parameters<Parameters<typeof events.follow>[1]>[0]): Promise<void> => {
    if (state !== 'open') return;
    if (news.kind === 'segments') {
      if (news.from === id || news.conversationId !== conversationId) return;
      const wanted = new Set(news.ids);
      const whole = await conversations.get(userId, conversationId);
      const segments = whole.segments.filter((row) => wanted.has(row.id));
      if (segments.length > 0) voice.tell({ kind: 'segments', conversationId, segments });
      lastHeard = clock.now();
      return;
    }
    if (news.kind === 'processing' && news.conversationId === conversationId) await turnPage();
    const conversation = await conversations.get(userId, news.conversationId).catch(nullWhenGone);
    if (conversation) voice.tell({ kind: news.kind, conversation });
  };

  let stream: TranscriptionStream;
  try {
    const last = await conversations.newestCompleted(userId);
    if (last !== null) voice.tell({ kind: 'last', conversationId: last });
    voice.tell({ kind: 'status', status: 'in_progress_conversations_processing' });
    await takeUpCutOff();
    await turnPage();
    voice.tell({ kind: 'status', status: 'stt_initiating' });
    stream = transcriber.stream({ sampleRate: soundRate, ...(language ? { language } : {}) });
  } catch (error) {
    await unsubscribe();
    throw error;
  }

  const openIntake = async (): Promise<void> => {
    // The folder first: one without a row is removed, while a row without a folder would be waited for.
    // And known from here on: whether the row is there cannot be told when the answer to its commit gets lost.
    const made = await runs.add(journaled);
    folder = made;
    const now = clock.now();
    const owner = await users.current(userId);
    await database.transaction((tx) =>
      store.insertStream(tx, {
        id,
        user_id: owner,
        conversation_id: conversationId,
        settled: 0,
        created_at: now,
        updated_at: now,
      }),
    );
    intake = thread.open({ id, folder: made, coding }, listener);
    for (const message of early) intake.take(message);
    early = [];
  };
  const listener = {
    sound: (samples: Int16Array, anchors: readonly (readonly [number, number])[]) => {
      for (const [place, at] of anchors) soundClock.push([place / soundRate, at]);
      parts.live.audio(userId, soundRate, samples);
      receivedSeconds += samples.length / soundRate;
      if (stream.write(samples)) return;
      intake?.hold(true);
      tellDelay('The server cannot listen as fast as you speak. The words will follow.');
      stream.drained().then(() => intake?.hold(false), logged('a recogniser did not catch up'));
    },
    ended: () => stream.end(),
    failed: (error: AppError) => fail(error),
  };
  /** Only when everything is lost that this session could do: the journal stays, and the client comes again. */
  const fail = (error: unknown): void => {
    if (!isActive()) return;
    log.error({ err: error }, 'a listening session failed');
    voice.end(1011, error instanceof AppError ? error.message : 'The server could not go on listening.');
    void abandon();
  };

  const listening = (async () => {
    for await (const event of stream.segments) {
      if (!isActive()) return;
      isHandling = true;
      await withPatience(() => handle(event));
      isHandling = false;
    }
  })();
  listening.catch(fail);

  const check = async (): Promise<void> => {
    const now = clock.now();
    if (!isHandling && intake) {
      const { settled } = stream;
      intake.forget(settled);
      const anchor = soundClock.findLastIndex(([at]) => at <= settled);
      if (anchor > 0) soundClock = soundClock.slice(anchor);
    }
    if (receivedSeconds - stream.settled > unsettledSeconds) {
      if (now - lastHeard < Math.min(heardMilliseconds, timeoutSeconds * 500)) return;
      lastHeard = now;
      await conversations.heard(userId, conversationId);
      return;
    }
    if (state !== 'open') return;
    const overdue = now - lastHeard - timeoutSeconds * 1_000;
    if (overdue <= 0) return;
    if (overdue < PATIENCE_MS && (await store.hasUnheard(conversationId))) return;
    await turnPage();
  };
  const checking = setInterval(() => {
    check().catch(logged('the life of a conversation could not be looked after'));
  }, checkMilliseconds).unref();

  const letGo = async (): Promise<void> => {
    clearInterval(checking);
    await unsubscribe();
  };
  let ending: Promise<void> | undefined;
  const abandon = (): Promise<void> => {
    if (state === 'over') return ending ?? Promise.resolve();
    state = 'over';
    over.abort();
    ending = (async () => {
      await opening?.catch(() => {}); // told when it failed
      intake?.close();
      stream.close();
      // What is being stored at this moment has to be known before the rest is handed over.
      await listening.catch(() => {});
      await letGo();
      if (folder !== undefined) await leftovers.rescue(folder, journaled);
    })();
    return ending;
  };

  voice.tell({ kind: 'status', status: 'ready' });
  return {
    userId,
    get conversationId() {
      return conversationId;
    },
    get startedAt() {
      return startedAt;
    },
    get hasAudio() {
      return opening !== undefined;
    },
    get awaitsWords() {
      return (
        isActive() && (isHandling || early.length > 0 || receivedSeconds - stream.settled > silentSeconds)
      );
    },
    audio(message) {
      if (state !== 'open') return;
      if (intake) return intake.take(message);
      early.push(message);
      if (opening) return;
      opening = openIntake();
      opening.catch(fail);
    },
    words: ({ origin, segments }) => {
      const known = segments.map((segment) => ({ ...segment, ...speakers.get(segment.speaker) }));
      return withPatience(() => storeWords({ origin, segments: known }, async () => {}));
    },
    async withConversation(work) {
      const result = await work(conversationId).catch(nullWhenGone);
      if (result !== null) return result;
      await turnPage();
      return work(conversationId);
    },
    async assign(speaker, { isUser, personId }, segmentIds) {
      const mine = segmentIds.filter(toldWords.has);
      if (mine.length === 0) return;
      const who = { isUser, personId: isUser ? null : personId };
      await conversations.assign(userId, conversationId, mine, who);
      speakers.set(speaker, { is_user: isUser ? 1 : 0, person_id: who.personId });
    },
    async finish() {
      if (state !== 'open') return ending;
      state = 'finishing';
      try {
        await opening;
        if (!intake) {
          stream.close();
          state = 'over';
          return await letGo();
        }
        intake.end();
        await listening;
        if (!isActive()) return await ending;
        state = 'over';
        intake.close();
        await letGo();
        await database.transaction((tx) => store.removeStream(tx, id));
        if (folder !== undefined) await runs.remove(folder);
      } catch (error) {
        log.warn({ err: error }, 'a stream could not be finished; its journal is handed over');
        if (isActive() || ending) await abandon();
        else if (folder !== undefined) await leftovers.rescue(folder, journaled);
      }
    },
    abandon,
  };
}
