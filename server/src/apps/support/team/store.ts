import type { Selectable } from 'kysely';
import { type Database, type Transaction, withTables } from '../../../platform/database/database.js';
import type { SupportInvitationRow, SupportTables } from '../tables.js';

export type Invitation = Readonly<Selectable<SupportInvitationRow>>;

const within = (tx: Transaction) => withTables<SupportTables>(tx);

/** The queries over `support_invitations`. */
export function createInvitationStore(database: Database) {
  const read = withTables<SupportTables>(database.read);
  return {
    insert: async (tx: Transaction, row: Invitation): Promise<void> => {
      await within(tx).insertInto('support_invitations').values(row).execute();
    },

    /** Those that can still be accepted, newest first. */
    open: (appId: string, now: number): Promise<Invitation[]> =>
      read
        .selectFrom('support_invitations')
        .selectAll()
        .where('app_id', '=', appId)
        .where('accepted_at', 'is', null)
        .where('expires_at', '>', now)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .execute(),

    byHash: (hash: string): Promise<Invitation | undefined> =>
      read.selectFrom('support_invitations').selectAll().where('token_hash', '=', hash).executeTakeFirst(),

    /** False when it was accepted, withdrawn or is past its time: only one caller is ever told true. */
    accept: async (tx: Transaction, id: string, now: number): Promise<boolean> => {
      const result = await within(tx)
        .updateTable('support_invitations')
        .set({ accepted_at: now })
        .where('id', '=', id)
        .where('accepted_at', 'is', null)
        .where('expires_at', '>', now)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },

    /** Withdraws what was not accepted yet; false when there was nothing. */
    withdraw: async (
      tx: Transaction,
      appId: string,
      which: { readonly id: string } | { readonly email: string },
    ): Promise<boolean> => {
      const [column, value] = 'id' in which ? (['id', which.id] as const) : (['email', which.email] as const);
      const result = await within(tx)
        .deleteFrom('support_invitations')
        .where('app_id', '=', appId)
        .where('accepted_at', 'is', null)
        .where(column, '=', value)
        .executeTakeFirst();
      return result.numDeletedRows > 0n;
    },

    /** Gives back the conversations of somebody who leaves. */
    unassign: async (tx: Transaction, appId: string, operatorId: string): Promise<void> => {
      await within(tx)
        .updateTable('support_conversations')
        .set({ assignee_id: null })
        .where('app_id', '=', appId)
        .where('assignee_id', '=', operatorId)
        .execute();
    },

    everInvited: async (appId: string): Promise<boolean> =>
      (await read
        .selectFrom('support_invitations')
        .select('id')
        .where('app_id', '=', appId)
        .limit(1)
        .executeTakeFirst()) !== undefined,
  };
}

export type InvitationStore = ReturnType<typeof createInvitationStore>;
