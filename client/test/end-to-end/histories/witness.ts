import type { EntityType, SyncChanges, SyncMutation, SyncPushed } from '../../../src/index.js';

/** Reads every answer of the server to one owner's devices, those included that get lost, and notes what must not be. */
export interface Witness {
  /** Call before a request is sent; the answer is judged by what was answered up to then. */
  moment(): number;
  hear(since: number, request: string | null, answer: unknown): void;
  readonly complaints: readonly string[];
}

const keyOf = (type: string, id: string): string => `${type}:${id}`;

export function createWitness(): Witness {
  const complaints: string[] = [];
  const applied = new Set<string>();
  /** When a mutation was first told to be done. */
  const done = new Map<string, number>();
  const subjects = new Map<string, string>();
  /** When a tombstone was first told, by entity. */
  const buried = new Map<string, number>();
  /** The newest sequence number that had been told, by moment. */
  const latest: number[] = [0];
  let epoch = '';

  function place(since: number, told: { readonly epoch: string; readonly latest: number }): void {
    if (epoch !== '' && told.epoch !== epoch) complaints.push(`the epoch changed to ${told.epoch}`);
    epoch = told.epoch;
    const before = latest[since] ?? 0;
    if (told.latest < before) complaints.push(`the sequence went back from ${before} to ${told.latest}`);
    latest.push(Math.max(latest.at(-1) ?? 0, told.latest));
  }

  function entity(since: number, type: EntityType, id: string, value: unknown): void {
    const key = keyOf(type, id);
    const buriedAt = buried.get(key);
    if (value === null) buried.set(key, buriedAt ?? latest.length);
    else if (buriedAt !== undefined && buriedAt <= since) complaints.push(`${key} was deleted and is back`);
  }

  function results(since: number, mutations: readonly SyncMutation[], pushed: SyncPushed): void {
    const types = new Map(mutations.map(({ mutationId, type }) => [mutationId, type]));
    for (const { mutationId, status, id, value } of pushed.results) {
      const type = types.get(mutationId);
      if (!type || id === undefined || value === undefined) continue;
      entity(since, type, id, value);
      if (status === 'conflict') continue;
      if (status === 'applied') {
        // A second one that was sent at the same time may be answered first.
        const doneAt = done.get(mutationId) ?? latest.length;
        if (applied.has(mutationId) || doneAt <= since) complaints.push(`${mutationId} was applied twice`);
        applied.add(mutationId);
      }
      if (!done.has(mutationId)) done.set(mutationId, latest.length);
      const subject = subjects.get(mutationId) ?? id;
      if (subject !== id) complaints.push(`${mutationId} was about ${subject} and then about ${id}`);
      subjects.set(mutationId, subject);
    }
  }

  function changes(since: number, page: SyncChanges): void {
    let before = 0;
    for (const { seq, type, id, value } of page.changes) {
      if (seq <= before) complaints.push(`change ${seq} came after ${before}`);
      before = seq;
      entity(since, type, id, value);
    }
  }

  return {
    moment: () => latest.length - 1,
    hear: (since, request, answer) => {
      const data = (answer as { readonly data?: unknown } | null)?.data;
      if (typeof data !== 'object' || data === null || !('epoch' in data)) return;
      if ('results' in data && request !== null) {
        const { mutations } = JSON.parse(request) as { readonly mutations: readonly SyncMutation[] };
        results(since, mutations, data as SyncPushed);
      } else if ('changes' in data) changes(since, data as unknown as SyncChanges);
      place(since, data as unknown as SyncPushed);
    },
    complaints,
  };
}
