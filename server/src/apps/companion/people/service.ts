import type { Transaction } from '../../../platform/database/database.js';
import { errors } from '../../../platform/http/errors.js';
import { uuidV7 } from '../../../platform/ids.js';
import type { Platform } from '../../../platform/platform.js';
import type { PersonRow } from '../tables.js';
import type { PeopleStore } from './store.js';

/** How long a name is, in characters (contract §5.6). */
const NAME = { min: 2, max: 40 };
/** More people than this are a script. */
const MAX_PEOPLE = 2_000;

const nameOf = (text: string): string => {
  const name = text.trim();
  const length = [...name].length;
  if (length < NAME.min || length > NAME.max) {
    throw errors.validation(`A name has ${NAME.min} to ${NAME.max} characters.`, { field: 'name' });
  }
  return name;
};

export function createPeopleService(
  { database, clock }: Pick<Platform, 'database' | 'clock'>,
  store: PeopleStore,
) {
  const own = async (tx: Transaction | null, userId: string, id: string): Promise<PersonRow> => {
    const row = await store.find(tx, userId, id);
    if (!row) throw errors.notFound('Person not found');
    return row;
  };
  return {
    list: (userId: string) => store.list(null, userId),
    get: (userId: string, id: string) => own(null, userId, id),
    /** In the caller's transaction. @throws AppError 404 */
    knows: async (tx: Transaction, userId: string, id: string): Promise<void> => {
      await own(tx, userId, id);
    },
    byName: async (userId: string, name: string): Promise<PersonRow | null> => {
      const wanted = name.trim().toLowerCase();
      return (await store.list(null, userId)).find((person) => person.name.toLowerCase() === wanted) ?? null;
    },
    add: (userId: string, name: string): Promise<PersonRow> =>
      database.transaction(async (tx) => {
        const now = clock.now();
        const row: PersonRow = {
          id: uuidV7(now),
          user_id: userId,
          name: nameOf(name),
          speech_samples: '[]',
          created_at: now,
          updated_at: now,
        };
        if ((await store.list(tx, userId)).length >= MAX_PEOPLE) {
          throw errors.quotaExceeded(`You know ${MAX_PEOPLE} people already. Remove some first.`);
        }
        await store.insert(tx, row);
        return row;
      }),
    rename: (userId: string, id: string, name: string): Promise<void> =>
      database.transaction(async (tx) => {
        await own(tx, userId, id);
        await store.rename(tx, id, nameOf(name), clock.now());
      }),
    /** What they said stays, without a name. */
    remove: (userId: string, id: string): Promise<void> =>
      database.transaction(async (tx) => {
        await own(tx, userId, id);
        await store.remove(tx, id);
      }),
  };
}

export type People = ReturnType<typeof createPeopleService>;
