import type { Clock } from '../../../platform/clock.js';
import type { Database } from '../../../platform/database/database.js';
import type { OperatorCaller } from '../callers.js';
import { supportErrors } from '../errors.js';
import { isComplete, isTaskId, progressOf, type TaskId } from './checklist.js';
import { isSnippetPlatform, type SnippetPlatform } from './snippets.js';
import type { OnboardingRecord, OnboardingStore } from './store.js';

export interface OnboardingState {
  readonly platform: string | null;
  readonly useCase: string | null;
  readonly done: ReadonlySet<TaskId>;
  /** 0 to 100. */
  readonly progress: number;
  readonly isComplete: boolean;
  readonly completedAt: number | null;
  readonly updatedAt: number;
}

/** How far a new team is (contract §11.5). */
export interface Onboarding {
  state(caller: OperatorCaller): Promise<OnboardingState>;
  /** @throws AppError 400 `MISSING_PLATFORM` or `INVALID_PLATFORM` */
  choosePlatform(
    caller: OperatorCaller,
    platform: string | null | undefined,
    useCase: string | null,
  ): Promise<OnboardingState>;
  /** @throws AppError 400 `INVALID_TASK_ID` */
  complete(caller: OperatorCaller, taskId: string): Promise<OnboardingState>;
}

/** @throws AppError 400 `INVALID_PLATFORM` */
export function platformNamed(name: string): SnippetPlatform {
  if (!isSnippetPlatform(name)) throw supportErrors.invalidPlatform();
  return name;
}

export function createOnboarding(parts: {
  readonly database: Database;
  readonly clock: Clock;
  readonly store: OnboardingStore;
}): Onboarding {
  const { database, clock, store } = parts;

  const empty = (appId: string): OnboardingRecord => ({
    app_id: appId,
    platform: null,
    use_case: null,
    completed_tasks: '[]',
    completed_at: null,
    updated_at: clock.now(),
  });

  const stateOf = (record: OnboardingRecord, proven: readonly TaskId[]): OnboardingState => {
    const done = new Set<TaskId>([...(JSON.parse(record.completed_tasks) as TaskId[]), ...proven]);
    return {
      platform: record.platform,
      useCase: record.use_case,
      done,
      progress: progressOf(done),
      isComplete: isComplete(done),
      completedAt: record.completed_at,
      updatedAt: record.updated_at,
    };
  };

  /** Writes what `change` makes of the record, with what was proven meanwhile and when the required tasks were done. */
  const write = async (
    appId: string,
    change: (record: OnboardingRecord) => Partial<OnboardingRecord>,
  ): Promise<OnboardingState> => {
    const proven = await store.proven(appId);
    return database.transaction(async (tx) => {
      const former = (await store.find(appId, tx)) ?? empty(appId);
      const now = clock.now();
      const changed = { ...former, ...change(former), updated_at: now };
      const { done } = stateOf(changed, proven);
      const record: OnboardingRecord = {
        ...changed,
        completed_tasks: JSON.stringify([...done]),
        completed_at: changed.completed_at ?? (isComplete(done) ? now : null),
      };
      await store.save(tx, record);
      return stateOf(record, proven);
    });
  };

  return {
    state: async ({ appId }) => {
      const state = stateOf((await store.find(appId)) ?? empty(appId), await store.proven(appId));
      // Noticed for the first time: from now on it has a date.
      return state.isComplete && state.completedAt === null ? write(appId, () => ({})) : state;
    },
    choosePlatform: async ({ appId }, platform, useCase) => {
      if (!platform) throw supportErrors.missingPlatform();
      return write(appId, () => ({ platform: platformNamed(platform), use_case: useCase }));
    },
    complete: async ({ appId }, taskId) => {
      if (!isTaskId(taskId)) throw supportErrors.invalidTaskId();
      return write(appId, (record) => ({
        completed_tasks: JSON.stringify([
          ...new Set([...(JSON.parse(record.completed_tasks) as TaskId[]), taskId]),
        ]),
      }));
    },
  };
}
