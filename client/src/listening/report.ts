import type { StoreTransaction } from '../stores/local-store.js';

/** One session of listening that the server has not been told of. Its id is the mutation id. */
export interface ListeningReport {
  readonly id: string;
  /** Local id of the story. */
  readonly storyId: string;
  readonly startedAt: string;
  readonly endedAt: string;
  /** Seconds that were really heard, pauses left out. */
  readonly duration: number;
  readonly completed: boolean;
}

/** The story is gone: nobody could take its reports any more. */
export async function dropReportsOf(tx: StoreTransaction, storyId: string): Promise<void> {
  for (const report of await tx.all('listening')) {
    if (report.storyId === storyId) await tx.delete('listening', report.id);
  }
}

/** The story has another local id from now on. */
export async function moveReports(tx: StoreTransaction, from: string, to: string): Promise<void> {
  for (const report of await tx.all('listening')) {
    if (report.storyId === from) await tx.put('listening', { ...report, storyId: to });
  }
}
