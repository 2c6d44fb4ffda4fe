import type { Auth } from '../auth/auth.js';
import type { Environment } from '../environment.js';
import type { Files } from '../files/files.js';
import { sha256Hex } from '../files/sha256.js';
import type { HttpClient } from '../http/client.js';
import { EarshotError, isEarshotError, isServiceFailure } from '../http/errors.js';
import type { Log } from '../log.js';
import { describeError } from '../log.js';
import type { NetworkMonitor } from '../network/monitor.js';
import type { Unsubscribe } from '../signal.js';
import { createSignal } from '../signal.js';
import type { LocalStore, StoreTransaction } from '../stores/local-store.js';
import type { SyncEngine } from '../sync/engine.js';
import type { ExportCheck } from './check-export.js';
import { checkExport, filesOf, storiesWithHero } from './check-export.js';
import type { Checkpoint } from './checkpoint.js';
import { readCheckpoint, readState, removeCheckpoint, writeCheckpoint, writeState } from './checkpoint.js';
import type { LocalExport, MigrationSource } from './export-format.js';
import { exportText } from './export-local-data.js';
import type { MigrationStage, MigrationState } from './migration-state.js';
import { NO_COUNTS, NOT_STARTED, STAGE_PROGRESS } from './migration-state.js';
import { deleteUploaded } from './roll-back.js';
import { readServerCopy } from './server-copy.js';
import type { Journal } from './upload.js';
import { uploadExport } from './upload.js';
import { missingOn } from './verify.js';

/** A migration that is not through by then will not be: a hundred items take minutes. */
export const MIGRATION_TIME_LIMIT_MS = 3_600_000;

export interface MigrationOptions {
  /** After 3 retries of an upload, a failed verification or the time limit: roll back (default), or only stop. */
  readonly onFailure?: 'rollBack' | 'stop';
}

/**
 * Takes the library of an older, local-only app to the server, once. The source is only read, never changed. A migration that
 * was interrupted goes on where it was, when it is given the same export again. What was made in this library while
 * nobody was signed in needs none of it: it goes up with the first sync.
 */
export interface Migration {
  state(): Promise<MigrationState>;
  subscribe(listener: (state: MigrationState) => void): Unsubscribe;
  /** What is in an export, what is wrong with it, and how long it will take. Changes nothing. */
  check(source: MigrationSource): Promise<ExportCheck>;
  /** True when the source holds heroes or stories and no migration was completed here. */
  isNeeded(source: MigrationSource): Promise<boolean>;
  /**
   * Begins, or goes on. Resolves when it ended, whichever way: `completed`, `failed` (call it again to go on) or `rolledBack`.
   *
   * @throws EarshotError `signedOut`; `migrationRunning`; `otherExport` when another export is half-way: roll that one back first
   */
  run(source: MigrationSource, options?: MigrationOptions): Promise<MigrationState>;
  /** Ends the one that is running; it is `failed` afterwards and can go on, or be rolled back. */
  cancel(): Promise<void>;
  /**
   * Deletes from the server what this migration made there, then ends the session. What is on the device stays.
   *
   * @throws EarshotError `nothingToRollBack` without a checkpoint, `migrationRunning`, `signedOut`, `offline`
   */
  rollBack(): Promise<MigrationState>;
}

export interface MigrationParts {
  readonly store: LocalStore;
  readonly http: HttpClient;
  readonly files: Files;
  readonly auth: Auth;
  readonly engine: SyncEngine;
  readonly network: NetworkMonitor;
  readonly environment: Environment;
  readonly log: Log;
  /** Keeps other tabs from migrating at the same time; null when one of them is at it. */
  readonly exclusively: <T>(work: () => Promise<T>) => Promise<T | null>;
}

export function createMigration(parts: MigrationParts): Migration {
  const { store, http, files, auth, engine, environment, log } = parts;
  const changed = createSignal<MigrationState>();
  let running: { readonly abort: AbortController; readonly done: Promise<MigrationState> } | null = null;

  async function put(
    changes: Partial<MigrationState>,
    also: (tx: StoreTransaction) => Promise<void> = async () => undefined,
  ): Promise<MigrationState> {
    const next = await store.write(async (tx) => {
      const state = { ...(await readState(tx)), ...changes };
      await writeState(tx, state);
      await also(tx);
      return state;
    });
    changed.emit(next);
    return next;
  }

  const enter = (stage: MigrationStage, share = 1): Promise<MigrationState> => {
    const [from, to] = STAGE_PROGRESS[stage];
    return put({ status: 'inProgress', stage, progress: from + (to - from) * share, error: null });
  };

  function signedInUser(): string {
    const { status, user } = auth.state();
    if (status !== 'signedIn' || !user) throw new EarshotError('signedOut');
    return user.id;
  }

  async function begin(source: MigrationSource, signal: AbortSignal): Promise<Checkpoint> {
    const userId = signedInUser();
    const digest = await sha256Hex(new TextEncoder().encode(exportText(source.data)));
    const known = await store.read(readCheckpoint);
    if (known && (known.digest !== digest || known.userId !== userId)) throw new EarshotError('otherExport');
    if (!known) await put({ ...NOT_STARTED, startedAt: environment.now(), exported: countsOf(source.data) });
    await enter('authenticating');
    await checkFiles(source, signal);
    if (known) return known;
    const checkpoint: Checkpoint = {
      digest,
      userId,
      ids: { heroes: {}, stories: {}, 'custom-events': {} },
      profiles: [],
      files: {},
      sending: null,
      existing: [...(await readServerCopy(http, signal)).keys()],
    };
    await put({}, (tx) => writeCheckpoint(tx, checkpoint));
    return checkpoint;
  }

  /** A damaged export is noticed before anything of it is on the server. */
  async function checkFiles({ data, file }: MigrationSource, signal: AbortSignal): Promise<void> {
    const references = filesOf(data);
    await put({ totalMediaFiles: references.length });
    await enter('exportingData', 0);
    for (const [index, { localPath, sha256 }] of references.entries()) {
      signal.throwIfAborted();
      const bytes = await file(localPath);
      if (bytes && sha256 !== undefined && (await sha256Hex(bytes)) !== sha256) {
        throw new EarshotError('invalidExport', { fields: { [localPath]: 'is damaged' } });
      }
      await enter('exportingData', (index + 1) / references.length);
    }
  }

  async function work(source: MigrationSource, signal: AbortSignal): Promise<MigrationState> {
    let checkpoint = await begin(source, signal);
    const journal: Journal = {
      checkpoint: () => checkpoint,
      note: async (next, stage, share) => {
        signal.throwIfAborted();
        checkpoint = next;
        const [from, to] = STAGE_PROGRESS[stage];
        const progress = from + (to - from) * share;
        await put({ status: 'inProgress', stage, progress, uploaded: uploadedBy(next) }, (tx) =>
          writeCheckpoint(tx, next),
        );
      },
    };
    await uploadExport(parts, source, journal, await readServerCopy(http, signal), signal);
    await enter('verifying', 0);
    const missing = missingOn(await readServerCopy(http, signal), source.data, checkpoint);
    if (missing.length > 0) {
      log('error', 'migration', 'not everything arrived', { count: missing.length });
      throw new EarshotError('migrationIncomplete', {
        fields: Object.fromEntries(missing.map((each) => [each, 'is missing'])),
      });
    }
    await enter('finalizing', 0);
    // What was uploaded comes down like everything else; if not now, then with the next sync.
    await syncAfterwards(signal);
    return await put(
      { status: 'completed', stage: 'complete', progress: 1, completedAt: environment.now(), error: null },
      removeCheckpoint,
    );
  }

  /** One that is running may have been past what was done here. */
  async function syncAfterwards(signal?: AbortSignal): Promise<void> {
    if (engine.status().syncing) await engine.sync();
    await engine.sync({ trigger: 'remote', ...(signal && { signal }) });
  }

  async function failed(
    error: unknown,
    { onFailure = 'rollBack' }: MigrationOptions,
  ): Promise<MigrationState> {
    const reason = isEarshotError(error) ? error.message : describeError(error);
    const state = await put({ status: 'failed', error: reason });
    log('error', 'migration', 'failed', { stage: state.stage, reason });
    if (onFailure === 'stop' || !isFinal(error) || !(await store.read(readCheckpoint))) return state;
    try {
      return await undo(reason);
    } catch (cause) {
      log('error', 'migration', 'could not be rolled back yet', { reason: describeError(cause) });
      return await put({ status: 'failed', error: reason });
    }
  }

  async function undo(error: string | null): Promise<MigrationState> {
    const checkpoint = await store.read(readCheckpoint);
    if (!checkpoint) throw new EarshotError('nothingToRollBack');
    if (signedInUser() !== checkpoint.userId) throw new EarshotError('signedOut');
    if (!parts.network.state().connected) throw new EarshotError('offline');
    await put({ progress: 0 });
    await deleteUploaded({ http, files, log }, checkpoint, async (progress) => {
      await put({ progress });
    });
    // So that what came down from the server in the meantime goes from the device as well.
    await syncAfterwards();
    const state = await put(
      { status: 'rolledBack', progress: 1, uploaded: NO_COUNTS, error },
      removeCheckpoint,
    );
    await auth.leave();
    return state;
  }

  const start = (work: (abort: AbortController) => Promise<MigrationState>): Promise<MigrationState> => {
    if (running) throw new EarshotError('migrationRunning');
    const abort = new AbortController();
    const done = parts
      .exclusively(() => work(abort))
      .then((state) => {
        if (state === null) throw new EarshotError('migrationRunning');
        return state;
      })
      .finally(() => {
        running = null;
      });
    running = { abort, done };
    return done;
  };

  return {
    state: () => store.read(readState),
    subscribe: changed.subscribe,
    check: checkExport,
    isNeeded: async ({ data }) => {
      const { status } = await store.read(readState);
      return status !== 'completed' && data.heroes.length + data.stories.length > 0;
    },
    run: async (source, options = {}) =>
      await start(async (abort) => {
        const cancelLimit = environment.after(MIGRATION_TIME_LIMIT_MS, () =>
          abort.abort(new EarshotError('migrationIncomplete')),
        );
        try {
          return await work(source, abort.signal);
        } catch (error) {
          if (isEarshotError(error, 'signedOut', 'otherExport')) throw error;
          return await failed(abort.signal.aborted ? abort.signal.reason : error, options);
        } finally {
          cancelLimit();
        }
      }),
    cancel: async () => {
      running?.abort.abort(new EarshotError('aborted'));
      await running?.done.catch(() => undefined);
    },
    rollBack: async () => await start(() => undo(null)),
  };
}

/** Trying again later will hardly end otherwise. */
const isFinal = (error: unknown): boolean =>
  !isServiceFailure(error) && !isEarshotError(error, 'unauthorized', 'invalidExport');

const countsOf = (data: LocalExport): MigrationState['exported'] => ({
  heroes: data.heroes.length,
  stories: storiesWithHero(data).length,
  customEvents: data.customEvents.length,
  media: filesOf(data).length,
});

const uploadedBy = ({ ids, files }: Checkpoint): MigrationState['uploaded'] => ({
  heroes: Object.keys(ids.heroes).length,
  stories: Object.keys(ids.stories).length,
  customEvents: Object.keys(ids['custom-events']).length,
  media: Object.keys(files).length,
});
