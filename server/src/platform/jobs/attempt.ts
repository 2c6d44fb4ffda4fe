import type { Log } from '../log.js';
import { DoNotRetry, type JobDefinition, RetryLater, type RunningJob } from './jobs.js';

/** Why a running job's signal aborts. */
export type AbortReason = 'cancelled' | 'lost' | 'stopping';

/** How one attempt ended. */
export type Outcome =
  | { readonly kind: 'done' }
  /** Failed; to be tried again at `at`. */
  | { readonly kind: 'retry'; readonly at: number; readonly reason: unknown }
  /** Asked for another time; the attempt does not count. */
  | { readonly kind: 'later'; readonly at: number }
  | { readonly kind: 'exhausted'; readonly reason: unknown }
  | { readonly kind: AbortReason };

/** What `run` sees as the reason of its aborted signal. */
export class JobAborted extends Error {
  override readonly name = 'AbortError';

  constructor(readonly why: AbortReason) {
    super(`The job was aborted (${why}).`);
  }
}

export interface Attempt {
  /** Never rejects. */
  readonly outcome: Promise<Outcome>;
  abort(why: AbortReason): void;
}

/** How long work may take to notice that it was aborted before nobody waits for it any more. */
const ABORT_PATIENCE_MS = 1_000;

/**
 * Runs a job once.
 *
 * @param now the clock
 */
export function startAttempt(
  definition: JobDefinition<unknown>,
  job: Omit<RunningJob<unknown>, 'signal'>,
  now: () => number,
): Attempt {
  const controller = new AbortController();
  let abandon: (outcome: Outcome) => void = () => {};
  const abandoned = new Promise<Outcome>((resolve) => {
    abandon = resolve;
  });
  const work = async (): Promise<Outcome> => {
    // Crashes count as attempts too: one that ended the process must not do so for ever.
    if (job.attempt > definition.maxAttempts)
      return { kind: 'exhausted', reason: new Error('The job did not survive its last attempt.') };
    try {
      await definition.run({ ...job, signal: controller.signal });
      return { kind: 'done' };
    } catch (error) {
      return failed(definition, job.attempt, controller.signal, error, now());
    }
  };
  return {
    // What still rejects is a bug in the definition itself, such as a back-off that throws.
    outcome: Promise.race([work(), abandoned]).catch((reason: unknown) => ({ kind: 'exhausted', reason })),
    abort: (why) => {
      if (controller.signal.aborted) return;
      controller.abort(new JobAborted(why));
      setTimeout(() => abandon({ kind: why }), ABORT_PATIENCE_MS).unref();
    },
  };
}

function failed(
  definition: JobDefinition<unknown>,
  attempt: number,
  signal: AbortSignal,
  error: unknown,
  now: number,
): Outcome {
  if (signal.reason instanceof JobAborted) return { kind: signal.reason.why };
  if (error instanceof RetryLater) return { kind: 'later', at: error.at };
  if (error instanceof DoNotRetry) return { kind: 'exhausted', reason: error.cause ?? error };
  if (attempt >= definition.maxAttempts) return { kind: 'exhausted', reason: error };
  return { kind: 'retry', at: now + definition.backoffMs(attempt), reason: error };
}

/** After a failed telling: when to tell again, and how often. */
const TELL_AGAIN_MS = 30_000;
const TELLINGS = 10;

/**
 * What to write of an ended attempt. Whoever waits for an exhausted job is told before the row says so: a crash in between
 * tells twice rather than never.
 *
 * @returns the outcome, or `retry` where telling failed and should be tried again
 */
export async function concluded(
  outcome: Outcome,
  job: Omit<RunningJob<unknown>, 'signal'> & { readonly definition: JobDefinition<unknown> },
  now: number,
  log: Log,
): Promise<Outcome> {
  const { definition, id, attempt } = job;
  if (outcome.kind === 'retry')
    log.warn(
      { err: outcome.reason, job: definition.name, id, attempt },
      'a job failed and will be tried again',
    );
  if (outcome.kind !== 'exhausted') return outcome;
  const { reason } = outcome;
  log.error({ err: reason, job: definition.name, id, attempt }, 'a job is exhausted');
  try {
    await definition.exhausted?.(job.payload, reason);
  } catch (error) {
    log.error({ err: error, job: definition.name, id }, 'could not tell that a job is exhausted');
    if (attempt < definition.maxAttempts + TELLINGS)
      return { kind: 'retry', at: now + TELL_AGAIN_MS, reason };
  }
  return outcome;
}

/** Runs `work` until it succeeds or `stopped` says so; what it writes must not get lost because a disk was full for a while. */
export async function untilDone<T>(
  work: () => Promise<T>,
  stopped: () => boolean,
  log: Log,
): Promise<T | undefined> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await work();
    } catch (error) {
      if (failures === 0) log.error({ err: error }, 'the state of a job cannot be written; trying again');
      if (stopped()) return undefined;
      await new Promise((resolve) => setTimeout(resolve, Math.min(5_000, 100 * 2 ** failures)));
    }
  }
}
