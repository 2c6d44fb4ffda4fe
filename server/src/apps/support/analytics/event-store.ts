import type { Insertable } from 'kysely';
import { type Database, withTables } from '../../../platform/database/database.js';
import { storableJson } from '../storable-json.js';
import type { SupportEventRow, SupportTables } from '../tables.js';

/** An analytics event as it was received. */
export interface TrackedEvent {
  readonly appId: string;
  readonly userId: string;
  readonly eventName: string;
  /** Epoch milliseconds of the receipt. */
  readonly at: number;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly userPlan: string | null;
  readonly userCountry: string | null;
  readonly sessionId: string | null;
  readonly platform: string | null;
  readonly appVersion: string | null;
}

/** Writes events down. Each is on disk before its sender is answered, so that none can be lost at a shutdown. */
export function createEventStore(database: Database) {
  return {
    insert: async (event: TrackedEvent): Promise<void> => {
      // The number is the database's own.
      const row: Omit<Insertable<SupportEventRow>, 'id'> = {
        app_id: event.appId,
        user_id: event.userId,
        event_name: event.eventName,
        at: event.at,
        properties: storableJson(event.properties),
        user_plan: event.userPlan,
        user_country: event.userCountry,
        session_id: event.sessionId,
        platform: event.platform,
        app_version: event.appVersion,
      };
      await database.transaction((tx) =>
        withTables<SupportTables>(tx)
          .insertInto('support_events')
          .values(row as SupportEventRow)
          .execute(),
      );
    },
  };
}

export type EventStore = ReturnType<typeof createEventStore>;
