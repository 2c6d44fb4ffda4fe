import type { Transaction } from '../../../platform/database/database.js';
import { inSavepoint } from '../../../platform/database/savepoint.js';
import { errors } from '../../../platform/http/errors.js';
import { parseInstant } from '../../../platform/http/timestamps.js';
import type { Platform } from '../../../platform/platform.js';
import { type FailedItem, failedItem } from '../failed-item.js';
import type { ReadingService } from '../services.js';
import { type Entities, type Entity, idsByType } from './entities.js';
import { checkListening, checkMutation, type EntityType, type Mutation } from './mutations.js';
import { appliedMutations } from './store.js';

/** What became of a mutation, as the wire has it. */
export interface MutationResult {
  readonly mutationId: string;
  readonly status: 'applied' | 'duplicate' | 'conflict' | 'rejected';
  readonly id?: string;
  readonly version?: number;
  readonly value?: Record<string, unknown> | null;
  readonly reason?: FailedItem;
}

/** What is known of it before the commit; `version` is a tombstone's where `value` is null. */
type Outcome =
  | { readonly status: 'applied' | 'duplicate'; readonly type: EntityType; readonly id: string }
  | {
      readonly status: 'conflict';
      readonly id: string;
      readonly version: number;
      readonly value: Record<string, unknown> | null;
    }
  | { readonly status: 'rejected'; readonly reason: FailedItem };

/** Mutations that share a transaction: on SQLite all other writers wait for it. */
const AT_ONCE = 50;

/** Applies what devices did while nobody saw them: each mutation once, alone, in the order given. */
export function createPush(
  platform: Pick<Platform, 'changes' | 'clock' | 'database' | 'log'>,
  { entities, reading }: { readonly entities: Entities; readonly reading: ReadingService },
) {
  const { changes, clock, database, log } = platform;

  /** The event of a story may have been deleted before the story got here. Stories outlive their events in either order. */
  const withoutDeletedEvent = async (
    tx: Transaction,
    userId: string,
    fields: Readonly<Record<string, unknown>>,
  ) => {
    const { customEventId, ...others } = fields;
    if (typeof customEventId !== 'string') return fields;
    const newest = (await changes.newest(userId, 'customEvent', [customEventId], tx)).get(customEventId);
    return newest?.deleted ? others : fields;
  };

  /** Writes a mutation. Resolves with the id of what it was about, or with a conflict. */
  const apply = async (
    tx: Transaction,
    userId: string,
    { type, op, id, baseVersion, fields = {}, at }: Mutation,
  ): Promise<Exclude<Outcome, { status: 'rejected' }>> => {
    const room = entities.room(type);
    const applied = (appliedId: string): Outcome & { status: 'applied' } => ({
      status: 'applied',
      type,
      id: appliedId,
    });
    if (op === 'create') {
      if (type === 'illustration') throw notPossible('Illustrations are made by the server.');
      const known = type === 'story' ? await withoutDeletedEvent(tx, userId, fields) : fields;
      return applied((await room.create(tx, userId, known)).row.id);
    }
    if (id === undefined) throw errors.validation(`is needed to ${op}`, { field: 'id' });
    if (op === 'play' || op === 'listen') {
      if (type !== 'story') throw notPossible(`Only a story can be the subject of ${op}.`);
      if (op === 'play') {
        await reading.play(tx, userId, id, at === undefined ? clock.now() : parseInstant(at, 'at'));
      } else {
        await reading.listen(tx, userId, { storyId: id, ...listeningOf(fields) });
      }
      return applied(id);
    }
    if (op === 'update' && type === 'illustration') {
      throw notPossible('Illustrations are changed by the server.');
    }
    const current = (await entities.byIds(type, userId, [id], tx)).get(id);
    if (!current) {
      const tombstone = (await changes.newest(userId, type, [id], tx)).get(id);
      if (!tombstone) throw errors.notFound('There is no such thing.');
      if (op === 'delete') return applied(id);
      return { status: 'conflict', id, version: tombstone.seq, value: null };
    }
    if (baseVersion !== undefined && baseVersion < current.version) {
      return { status: 'conflict', id, version: current.version, value: current.value };
    }
    if (op === 'delete') await room.remove(tx, userId, id);
    else await room.update(tx, userId, id, fields);
    return applied(id);
  };

  /** Applies and remembers in one go, or leaves no trace. */
  const applyAlone = (tx: Transaction, userId: string, mutation: Mutation): Promise<Outcome> =>
    inSavepoint(tx, async () => {
      const outcome = await apply(tx, userId, mutation);
      if (outcome.status === 'applied') {
        await appliedMutations.remember(tx, {
          user_id: userId,
          mutation_id: mutation.mutationId,
          type: mutation.type,
          entity_id: outcome.id,
          applied_at: clock.now(),
        });
      }
      return outcome;
    }).catch((error: unknown): Outcome => ({ status: 'rejected', reason: reasonOf(error) }));

  const reasonOf = (thrown: unknown): FailedItem => {
    const reason = failedItem(thrown, log);
    // Whether something exists that belongs to somebody else is nobody's business here.
    return reason.code === 'Forbidden' ? { code: 'NotFound', message: 'There is no such thing.' } : reason;
  };

  /** Some mutations in one transaction that holds the user's turn, so that the same ones sent twice at once meet. */
  const applySome = (userId: string, given: readonly unknown[]): Promise<Outcome[]> =>
    database.transaction(async (tx) => {
      await changes.next(tx, userId, 0);
      const checked = given.map((one) => checkedMutation(one, reasonOf));
      const ids = checked.flatMap((one) => ('mutationId' in one ? [one.mutationId] : []));
      const known = await appliedMutations.among(tx, userId, ids);
      const outcomes: Outcome[] = [];
      for (const one of checked) {
        if (!('mutationId' in one)) {
          outcomes.push(one);
          continue;
        }
        const before = known.get(one.mutationId);
        if (before) {
          const type = before.type as EntityType;
          outcomes.push({ status: 'duplicate', type, id: before.entity_id ?? '' });
          continue;
        }
        const outcome = await applyAlone(tx, userId, one);
        if (outcome.status === 'applied') {
          known.set(one.mutationId, { type: one.type, entity_id: outcome.id });
        }
        outcomes.push(outcome);
      }
      return outcomes;
    });

  /** Outcomes with their entities as they are after the commit. */
  const tell = async (
    userId: string,
    given: readonly unknown[],
    outcomes: readonly Outcome[],
  ): Promise<MutationResult[]> => {
    const now = new Map<string, ReadonlyMap<string, Entity>>();
    const gone = new Map<string, ReadonlyMap<string, { readonly seq: number }>>();
    const written = outcomes.flatMap((one) => ('type' in one ? [one] : []));
    for (const [type, ids] of idsByType(written)) {
      const found = await entities.byIds(type, userId, ids);
      now.set(type, found);
      const missing = ids.filter((id) => !found.has(id));
      gone.set(type, await changes.newest(userId, type, missing));
    }
    return outcomes.map((outcome, index): MutationResult => {
      const mutationId = mutationIdOf(given[index]);
      if (!('type' in outcome)) return { mutationId, ...outcome };
      const { status, type, id } = outcome;
      const entity = now.get(type)?.get(id);
      if (entity) return { mutationId, status, id, version: entity.version, value: entity.value };
      return { mutationId, status, id, version: gone.get(type)?.get(id)?.seq ?? 0, value: null };
    });
  };

  return async (userId: string, given: readonly unknown[]) => {
    const outcomes: Outcome[] = [];
    for (let from = 0; from < given.length; from += AT_ONCE) {
      outcomes.push(...(await applySome(userId, given.slice(from, from + AT_ONCE))));
    }
    const state = await changes.state(userId);
    if (outcomes.some(({ status }) => status === 'applied')) await changes.announce(userId, state.latest);
    return { ...state, results: await tell(userId, given, outcomes) };
  };
}

export type Push = ReturnType<typeof createPush>;

const notPossible = (message: string) => errors.validation(message, { field: 'op' });

function checkedMutation(
  given: unknown,
  reasonOf: (thrown: unknown) => FailedItem,
): Mutation | (Outcome & { status: 'rejected' }) {
  try {
    return checkMutation(given);
  } catch (error) {
    return { status: 'rejected', reason: reasonOf(error) };
  }
}

/** The id by which the device knows the answer, as far as it gave one. */
function mutationIdOf(given: unknown): string {
  const id = typeof given === 'object' && given !== null && 'mutationId' in given ? given.mutationId : null;
  return typeof id === 'string' ? id.slice(0, 64) : '';
}

/** @throws AppError 400 */
function listeningOf(fields: Readonly<Record<string, unknown>>) {
  const { startedAt, endedAt, ...listening } = checkListening(fields);
  return {
    completed: listening.completed,
    ...(listening.duration === undefined ? {} : { duration: listening.duration }),
    ...(startedAt === undefined ? {} : { startedAt: parseInstant(startedAt, 'startedAt') }),
    ...(endedAt === undefined ? {} : { endedAt: parseInstant(endedAt, 'endedAt') }),
  };
}
