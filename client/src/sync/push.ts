import type { ConflictContext, ConflictEvent } from '../conflicts/apply.js';
import type { ConflictPolicies } from '../conflicts/policies.js';
import type { Environment } from '../environment.js';
import type { HttpClient } from '../http/client.js';
import { EarshotError, isEarshotError } from '../http/errors.js';
import type { LocalStore } from '../stores/local-store.js';
import type { SyncPushed, SyncResult } from '../wire/sync.js';
import type { BatchItem } from './batch.js';
import { takeBatch } from './batch.js';
import type { Progress } from './progress.js';
import { takeFailure, takeResult } from './results.js';
import { deviceIdOf, enterEpoch, isOtherEpoch, readSyncState } from './state.js';

export interface SyncParts {
  readonly store: LocalStore;
  readonly http: HttpClient;
  readonly environment: Environment;
  readonly policies: ConflictPolicies;
  readonly onConflict: (event: ConflictEvent) => void;
}

export interface CycleOptions {
  readonly signal: AbortSignal;
  readonly ignoreBackoff: boolean;
}

/** Time for one request of a sync. */
export const SYNC_TIMEOUT_MS = 30_000;
/** How often one operation may be sent in one cycle, when another device keeps being quicker. */
const SENDS_PER_CYCLE = 5;
/** The server answers 500 to whatever it is asked: it is not the items' fault. */
const SERVER_ERRORS_IN_A_ROW = 5;

/**
 * Sends what is pending, in batches, until nothing is left that could be sent now.
 *
 * @throws EarshotError when the server cannot be reached; everything is still there and is sent the next time
 */
export async function push(
  parts: SyncParts,
  options: CycleOptions,
  sends: Map<string, number>,
  progress: Progress,
): Promise<{ readonly epochChanged: boolean }> {
  const { store, environment } = parts;
  const exclude = (id: string): boolean => (sends.get(id) ?? 0) >= SENDS_PER_CYCLE;
  const { ignoreBackoff } = options;
  // Base versions count in an epoch that is over, until everything has been read anew.
  if ((await store.read(readSyncState)).rereading) return { epochChanged: true };
  const pushing: Pushing = { parts, options, progress, serverErrors: 0, failed: new Set() };
  for (;;) {
    const [deviceId, items] = await store.write(async (tx) => [
      await deviceIdOf(tx, environment.newId),
      await takeBatch(tx, {
        environment,
        ignoreBackoff,
        exclude: (id) => exclude(id) || pushing.failed.has(id),
      }),
    ]);
    if (items.length === 0) return { epochChanged: false };
    for (const { mutation } of items)
      sends.set(mutation.mutationId, (sends.get(mutation.mutationId) ?? 0) + 1);
    const epochChanged = await sendItems(pushing, deviceId, items);
    // Numbers of another epoch mean nothing any more: everything is read anew before more is sent.
    if (epochChanged) return { epochChanged };
  }
}

interface Pushing {
  readonly parts: SyncParts;
  readonly options: CycleOptions;
  readonly progress: Progress;
  serverErrors: number;
  /** Failed by themselves in this cycle. */
  readonly failed: Set<string>;
}

/** Sends a batch; one that the server cannot take is halved until the item at fault stands alone. True after a change of epoch. */
async function sendItems(pushing: Pushing, deviceId: string, items: readonly BatchItem[]): Promise<boolean> {
  let answer: SyncPushed;
  try {
    answer = await post(pushing, deviceId, items);
    pushing.serverErrors = 0;
  } catch (error) {
    if (!isFaultOfItems(error)) throw error;
    if (error.code === 'server') pushing.serverErrors += 1;
    if (pushing.serverErrors >= SERVER_ERRORS_IN_A_ROW) throw error;
    if (items.length === 1) {
      await noteFailure(pushing, items, error);
      return false;
    }
    const half = Math.ceil(items.length / 2);
    const first = await sendItems(pushing, deviceId, items.slice(0, half));
    const second = await sendItems(pushing, deviceId, items.slice(half));
    return first || second;
  }
  return await takeAnswer(pushing, items, answer);
}

/** An answer that speaks of what was sent, rather than of the way there. */
const isFaultOfItems = (error: unknown): error is EarshotError =>
  isEarshotError(error, 'server', 'badRequest', 'validation', 'tooLarge');

async function post(
  { parts, options }: Pushing,
  deviceId: string,
  items: readonly BatchItem[],
): Promise<SyncPushed> {
  const answer = await parts.http.data<Partial<SyncPushed> | null>({
    method: 'POST',
    path: '/api/sync/push',
    body: { deviceId, mutations: items.map(({ mutation }) => mutation) },
    // The next cycle repeats it; waiting is the scheduler's affair.
    retry: 'none',
    timeoutMs: SYNC_TIMEOUT_MS,
    signal: options.signal,
  });
  if (typeof answer?.epoch !== 'string' || !Array.isArray(answer.results)) {
    throw new EarshotError('invalidAnswer', { status: 200 });
  }
  return { epoch: answer.epoch, latest: answer.latest ?? 0, results: answer.results };
}

async function noteFailure(
  { parts, progress, failed }: Pushing,
  items: readonly BatchItem[],
  error: EarshotError,
): Promise<void> {
  await parts.store.write(async (tx) => {
    const { epoch } = await readSyncState(tx);
    const context = contextOf(parts, epoch ?? '', () => undefined);
    const failure = { message: error.serverMessage ?? error.message, final: error.code !== 'server' };
    for (const item of items) await takeFailure(tx, context, item, failure);
  });
  for (const { mutation } of items) failed.add(mutation.mutationId);
  progress.failed += items.length;
}

/** Answers are taken in by one transaction: after a crash either all of them count, or all are asked for again. */
async function takeAnswer(
  { parts, progress, failed }: Pushing,
  items: readonly BatchItem[],
  answer: SyncPushed,
): Promise<boolean> {
  const results = new Map(answer.results.map((result) => [result.mutationId, result]));
  const events: ConflictEvent[] = [];
  const answered: SyncResult[] = [];
  const changed = await parts.store.write(async (tx) => {
    const former = await readSyncState(tx);
    await enterEpoch(tx, answer.epoch);
    const context = contextOf(parts, answer.epoch, (event) => events.push(event));
    for (const item of items) {
      const result = results.get(item.mutation.mutationId);
      // Not answered: it stays written down as sent, and is repeated.
      if (!result) continue;
      answered.push(result);
      await takeResult(tx, context, item, result);
    }
    return former.epoch !== null && isOtherEpoch(former, answer.epoch);
  });
  for (const event of events) parts.onConflict(event);
  for (const { mutationId, status } of answered) {
    if (status === 'conflict') progress.conflicts += 1;
    else if (status === 'rejected') {
      progress.failed += 1;
      failed.add(mutationId);
    } else progress.pushed += 1;
  }
  return changed;
}

export const contextOf = (
  { environment, policies }: SyncParts,
  epoch: string,
  told: (event: ConflictEvent) => void,
): ConflictContext => ({ environment, policies, epoch, told });
