import type { Platform } from '../../../platform/platform.js';
import { createSlots } from '../../../platform/slots.js';
import type { AudioThread } from './audio-thread.js';
import type { JournaledStream, JournalRuns } from './journal/runs.js';
import { soundRate } from './sound.js';
import type { ListeningStore } from './store.js';
import type { WordsLater } from './words-later.js';

const againMilliseconds = 15_000;
const atOnce = 4;

/** Journals that nobody listens to any more: of a process that was killed, or of a stream that could not be finished. */
export interface Leftovers {
  /** Has the words of what was not heard found by jobs, and removes the journal. Tried again until it works. */
  rescue(folder: string, stream: JournaledStream): Promise<void>;
  /** Takes up what processes before this one left behind. */
  claim(): Promise<void>;
  close(): void;
}

export function createLeftovers(
  { clock, database, log }: Pick<Platform, 'clock' | 'database' | 'log'>,
  parts: {
    readonly runs: JournalRuns;
    readonly thread: AudioThread;
    readonly store: ListeningStore;
    readonly later: WordsLater;
  },
): Leftovers {
  const { runs, thread, store, later } = parts;
  const waiting = new Map<string, JournaledStream>();

  const handOver = async (folder: string, stream: JournaledStream): Promise<void> => {
    // Without its row everything has been handed over before, or the user has left.
    const row = await store.findStream(stream.id);
    if (row) {
      const left = await thread.rest(folder, stream.coding, row.settled);
      for (const { samples, clock: at } of left) {
        const settled = samples.length / soundRate;
        row.settled += settled;
        await later.keep(
          {
            // Whose it is by now: the journal may name somebody who was merged into them.
            userId: row.user_id,
            conversationId: row.conversation_id,
            language: stream.language,
            sound: { samples, sampleRate: soundRate },
            clock: at.length > 0 ? at : [[0, row.created_at]],
          },
          (tx) => store.changeStream(tx, stream.id, { settled: row.settled, updated_at: clock.now() }),
        );
      }
      await database.transaction((tx) => store.removeStream(tx, stream.id));
    }
    await runs.remove(folder);
  };

  const rescue: Leftovers['rescue'] = async (folder, stream) => {
    try {
      await handOver(folder, stream);
      waiting.delete(folder);
    } catch (error) {
      log.warn({ err: error }, 'a journal of live audio could not be handed over; it is tried again');
      waiting.set(folder, stream);
    }
  };
  const again = setInterval(() => {
    for (const [folder, stream] of [...waiting]) {
      waiting.delete(folder);
      void rescue(folder, stream);
    }
  }, againMilliseconds).unref();

  return {
    rescue,
    claim: async () => {
      const slots = createSlots(atOnce);
      await Promise.all(
        (await runs.claimLeft()).map(({ folder, stream }) =>
          // Without a name the process ended before any audio came.
          slots.run(() => (stream ? rescue(folder, stream) : runs.remove(folder))),
        ),
      );
    },
    close: () => clearInterval(again),
  };
}
