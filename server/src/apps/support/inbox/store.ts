import { type Selectable, sql } from 'kysely';
import { type Database, withTables } from '../../../platform/database/database.js';
import type { Conversation } from '../conversations/conversation.js';
import { conversationOf } from '../conversations/store.js';
import type { SupportDeviceRow, SupportTables } from '../tables.js';
import type { UserKey } from './user-key.js';

export type Device = Readonly<Selectable<SupportDeviceRow>>;

/** One line of the list of people. */
export interface PersonLine {
  readonly key: string;
  readonly lastSeenAt: number;
  readonly createdAt: number;
}

/** Conversations by status. */
export interface ConversationCounts {
  readonly open: number;
  readonly resolved: number;
}

/** How many conversations of one person are looked at; the newest ones. */
const CONVERSATIONS_OF_PERSON = 200;

/** What the inbox reads over conversations and devices together. Everything is limited to one app. */
export function createInboxStore(database: Database) {
  const read = withTables<SupportTables>(database.replica);
  return {
    counts: async (appId: string): Promise<ConversationCounts> => {
      const rows = await read
        .selectFrom('support_conversations')
        .select((eb) => ['status', eb.fn.countAll<number>().as('conversations')])
        .where('app_id', '=', appId)
        .groupBy('status')
        .execute();
      const countOf = (status: string) =>
        Number(rows.find((row) => row.status === status)?.conversations ?? 0);
      return { open: countOf('open'), resolved: countOf('resolved') };
    },

    /** Everybody who has a conversation or a device, last seen first. */
    people: async (
      appId: string,
      page: {
        readonly limit: number;
        readonly after: Pick<PersonLine, 'key' | 'lastSeenAt'> | null;
        readonly words: readonly string[];
      },
    ): Promise<readonly PersonLine[]> => {
      const matching = page.words.map((word) => {
        const pattern = `%${word.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
        return sql`words like ${pattern} escape '\\'`;
      });
      const having = [
        ...(page.after
          ? [
              sql`(max(seen_at) < ${page.after.lastSeenAt}
                or (max(seen_at) = ${page.after.lastSeenAt} and person < ${page.after.key}))`,
            ]
          : []),
        // One of the person's conversations or devices has all the words.
        ...(matching.length > 0
          ? [sql`max(case when ${sql.join(matching, sql` and `)} then 1 else 0 end) = 1`]
          : []),
      ];
      const { rows } = await sql<{ person: string; last_seen_at: number; created_at: number }>`
        select person, max(seen_at) as last_seen_at, min(created_at) as created_at from (
          select case when user_key <> '' then 'user:' || user_key else 'device:' || device_id end as person,
            updated_at as seen_at, created_at, visitor_words as words
          from support_conversations where app_id = ${appId}
          union all
          select case when user_id is not null then 'user:' || user_id else 'device:' || device_id end as person,
            last_seen_at as seen_at, created_at, lower(coalesce(user_id, '') || ' ' || device_id) as words
          from support_devices where app_id = ${appId}
        ) as seen
        group by person
        ${having.length > 0 ? sql`having ${sql.join(having, sql` and `)}` : sql``}
        order by last_seen_at desc, person desc
        limit ${page.limit}`.execute(read);
      return rows.map((row) => ({
        key: row.person,
        lastSeenAt: row.last_seen_at,
        createdAt: row.created_at,
      }));
    },

    /** The conversations of these people, latest activity first. */
    conversationsOf: async (appId: string, people: readonly UserKey[]): Promise<readonly Conversation[]> => {
      const { userIds, deviceIds } = split(people);
      const newest = read
        .selectFrom('support_conversations')
        .selectAll()
        .where('app_id', '=', appId)
        // The plus keeps SQLite from walking through the whole app in this order; so do two questions in place of one.
        .orderBy(sql`+updated_at`, 'desc')
        .limit(people.length * CONVERSATIONS_OF_PERSON);
      const [ofUsers, ofDevices] = await Promise.all([
        userIds.length === 0 ? [] : newest.where('user_key', 'in', userIds).execute(),
        deviceIds.length === 0
          ? []
          : newest.where('user_key', '=', '').where('device_id', 'in', deviceIds).execute(),
      ]);
      return [...ofUsers, ...ofDevices].sort(byLatest).map(conversationOf);
    },

    /** The devices that these people said are theirs, and the devices themselves. */
    devicesOf: async (appId: string, people: readonly UserKey[]): Promise<Device[]> => {
      const { userIds, deviceIds } = split(people);
      const all = read.selectFrom('support_devices').selectAll().where('app_id', '=', appId);
      const [ofUsers, named] = await Promise.all([
        userIds.length === 0 ? [] : all.where('user_id', 'in', userIds).execute(),
        deviceIds.length === 0 ? [] : all.where('device_id', 'in', deviceIds).execute(),
      ]);
      const distinct = new Map([...ofUsers, ...named].map((device) => [device.id, device]));
      return [...distinct.values()].sort(byLatest);
    },
  };
}

/** For both tables: the later change first. */
const byLatest = (
  a: { readonly updated_at: number; readonly id: string },
  b: { readonly updated_at: number; readonly id: string },
): number => b.updated_at - a.updated_at || (a.id < b.id ? 1 : -1);

function split(people: readonly UserKey[]): { userIds: string[]; deviceIds: string[] } {
  return {
    userIds: people.flatMap((person) => (person.kind === 'user' ? [person.userId] : [])),
    deviceIds: people.flatMap((person) => (person.kind === 'device' ? [person.deviceId] : [])),
  };
}

export type InboxStore = ReturnType<typeof createInboxStore>;
