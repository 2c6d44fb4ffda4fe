import type { Clock } from '../../../platform/clock.js';
import type { Database } from '../../../platform/database/database.js';
import type { Log } from '../../../platform/telemetry/log.js';
import type { FanOut } from '../realtime/fan-out.js';
import type { Operator, OperatorStore } from './store.js';

/** How long an operator's row is believed without asking the database; an event drops it at once everywhere. */
const BELIEVED_MS = 1_000;
const REMEMBERED = 10_000;
/** How often the last visits are written. */
const VISITS_FLUSH_MS = 5_000;

/** Operators as every request needs them: from memory, never older than the last change of which this node was told. */
export interface OperatorDirectory {
  /** Undefined once the operator was removed. */
  find(id: string): Promise<Operator | undefined>;
  /** Notes that the operator was here; written in batches, because it is a hint and not a fact that was acknowledged. */
  seen(id: string): void;
  close(): Promise<void>;
}

export async function createOperatorDirectory(parts: {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly fanOut: FanOut;
  readonly store: OperatorStore;
}): Promise<OperatorDirectory> {
  const { database, clock, log, fanOut, store } = parts;
  const known = new Map<string, { readonly operator: Operator; readonly until: number }>();
  let visits = new Map<string, number>();
  let changes = 0;

  const unsubscribe = await fanOut.listen((event) => {
    if (event.type !== 'operator-changed') return;
    changes += 1;
    known.delete(event.operatorId);
  });
  const flush = async () => {
    if (visits.size === 0) return;
    const batch = visits;
    visits = new Map();
    await database.transaction((tx) => store.touch(tx, batch));
  };
  const timer = setInterval(() => {
    flush().catch((error: unknown) =>
      log.warn({ err: error }, "operators' last visits could not be written"),
    );
  }, VISITS_FLUSH_MS);
  timer.unref();

  return {
    find: async (id) => {
      const remembered = known.get(id);
      if (remembered && remembered.until > clock.now()) return remembered.operator;
      const changesBefore = changes;
      const operator = await store.byId(id);
      // A change that was told while we read may be missing from what we read.
      if (operator && changes === changesBefore) {
        if (known.size >= REMEMBERED) known.clear();
        known.set(id, { operator, until: clock.now() + BELIEVED_MS });
      }
      return operator;
    },
    seen: (id) => {
      visits.set(id, clock.now());
    },
    close: async () => {
      clearInterval(timer);
      await unsubscribe();
      await flush();
    },
  };
}
