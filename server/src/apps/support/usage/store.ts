import { type RawBuilder, sql } from 'kysely';
import { type Database, withTables } from '../../../platform/database/database.js';
import type { SupportTables } from '../tables.js';

/** What an app used in a span of time, of what is still kept. */
export interface Usage {
  readonly messages: number;
  /** That were opened. */
  readonly conversations: number;
  /** That were there, as far as is known: first seen before the end, last seen after the beginning. */
  readonly devices: number;
  readonly events: number;
  /** UTF-8 bytes of the messages' texts and the events' properties. */
  readonly storageBytes: number;
}

/** Counts what an app uses. */
export function createUsageStore(database: Database) {
  const read = withTables<SupportTables>(database.replica);
  const bytesOf = (column: 'body' | 'properties'): RawBuilder<number> =>
    database.dialect === 'postgres'
      ? sql<number>`coalesce(sum(octet_length(${sql.ref(column)})), 0)`
      : sql<number>`coalesce(sum(length(cast(${sql.ref(column)} as blob))), 0)`;
  return {
    /** From an instant to another, the latter not included. */
    between: async (appId: string, from: number, to: number): Promise<Usage> => {
      const [messages, conversations, devices, events] = await Promise.all([
        read
          .selectFrom('support_messages')
          .select((eb) => [eb.fn.countAll<number>().as('n'), bytesOf('body').as('bytes')])
          .where('app_id', '=', appId)
          .where('created_at', '>=', from)
          .where('created_at', '<', to)
          .executeTakeFirstOrThrow(),
        read
          .selectFrom('support_conversations')
          .select((eb) => eb.fn.countAll<number>().as('n'))
          .where('app_id', '=', appId)
          .where('created_at', '>=', from)
          .where('created_at', '<', to)
          .executeTakeFirstOrThrow(),
        read
          .selectFrom('support_devices')
          .select((eb) => eb.fn.countAll<number>().as('n'))
          .where('app_id', '=', appId)
          .where('created_at', '<', to)
          .where('last_seen_at', '>=', from)
          .executeTakeFirstOrThrow(),
        read
          .selectFrom('support_events')
          .select((eb) => [eb.fn.countAll<number>().as('n'), bytesOf('properties').as('bytes')])
          .where('app_id', '=', appId)
          .where('at', '>=', from)
          .where('at', '<', to)
          .executeTakeFirstOrThrow(),
      ]);
      return {
        messages: Number(messages.n),
        conversations: Number(conversations.n),
        devices: Number(devices.n),
        events: Number(events.n),
        storageBytes: Number(messages.bytes) + Number(events.bytes),
      };
    },
  };
}

export type UsageStore = ReturnType<typeof createUsageStore>;
