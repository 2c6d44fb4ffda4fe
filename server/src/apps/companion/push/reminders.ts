import { type Transaction, withTables } from '../../../platform/database/database.js';
import type { ActionItemStore } from '../action-items/store.js';
import { shortened } from '../chat/shorten.js';
import type { ActionItemRow, CompanionTables } from '../tables.js';
import { isoOf } from '../wire/instants.js';
import type { Pushes } from './pushes.js';

/** A message has room for 4 kB. */
const MAX_DESCRIPTION = 500;

/**
 * The store of to-dos, which also tells the user's phones of those that are due, so that each sets its own reminder, moves it
 * and takes it away (contract §8.2).
 */
export function withReminders(store: ActionItemStore, pushes: Pushes): ActionItemStore {
  if (!pushes.isOn) return store;

  const rowsOf = (tx: Transaction, ids: readonly string[]): Promise<ActionItemRow[]> =>
    ids.length === 0
      ? Promise.resolve([])
      : withTables<CompanionTables>(tx)
          .selectFrom('companion_action_items')
          .selectAll()
          .where('id', 'in', ids)
          .execute();

  const tell = (tx: Transaction, item: ActionItemRow, type: 'reminder' | 'update' | 'delete') =>
    pushes.send(tx, {
      userId: item.user_id,
      collapseKey: `action-item-${item.id}`,
      data: {
        type: `action_item_${type}`,
        action_item_id: item.id,
        ...(type === 'delete' || item.due_at === null
          ? {}
          : { description: shortened(item.description, MAX_DESCRIPTION), due_at: isoOf(item.due_at) }),
      },
    });

  return {
    ...store,
    insert: async (tx, rows) => {
      await store.insert(tx, rows);
      for (const row of rows) if (isAwaited(row)) await tell(tx, row, 'reminder');
    },
    change: async (tx, id, change, now) => {
      const [before] = await rowsOf(tx, [id]);
      await store.change(tx, id, change, now);
      const [after] = await rowsOf(tx, [id]);
      if (!before || !after) return;
      if (isAwaited(after)) {
        const isSame = before.due_at === after.due_at && before.description === after.description;
        if (!isAwaited(before)) await tell(tx, after, 'reminder');
        else if (!isSame) await tell(tx, after, 'update');
      } else if (isAwaited(before)) {
        await tell(tx, after, 'delete');
      }
    },
    remove: async (tx, ids) => {
      const gone = await rowsOf(tx, ids);
      await store.remove(tx, ids);
      for (const row of gone) if (isAwaited(row)) await tell(tx, row, 'delete');
    },
  };
}

const isAwaited = ({ due_at, completed, deleted }: ActionItemRow): boolean =>
  due_at !== null && completed === 0 && deleted === 0;
