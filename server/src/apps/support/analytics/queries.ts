import { type ExpressionBuilder, type Selectable, sql } from 'kysely';
import { type Database, withTables } from '../../../platform/database/database.js';
import type { MessageSender, SupportEventRow, SupportTables } from '../tables.js';
import { bucketOf, DAY_MS, HOUR_MS, type Interval, type Period } from './period.js';

export type EventRecord = Readonly<Selectable<SupportEventRow>>;

export interface EventCount {
  readonly eventName: string;
  readonly count: number;
}

/** One moment at which a visitor began to wait, and when the team answered; null while they still wait. */
export interface Wait {
  readonly at: number;
  readonly answeredAt: number | null;
}

/** Waits that are looked at, newest first: enough for any average, and bounded. */
const MAX_WAITS = 100_000;

const inPeriod =
  (appId: string, { from, to }: Period) =>
  (eb: ExpressionBuilder<SupportTables, 'support_events'>) =>
    eb.and([
      eb('app_id', '=', appId),
      ...(from === null ? [] : [eb('at', '>=', from)]),
      ...(to === null ? [] : [eb('at', '<=', to)]),
    ]);

/** What charts are drawn from. Everything is limited to one app. */
export function createAnalyticsQueries(database: Database) {
  const read = withTables<SupportTables>(database.replica);
  return {
    /** How often each event came, most frequent first. */
    counts: async (
      appId: string,
      period: Period,
      only: { readonly names?: readonly string[] | undefined; readonly limit?: number | undefined },
    ): Promise<readonly EventCount[]> => {
      let query = read
        .selectFrom('support_events')
        .select((eb) => ['event_name', eb.fn.countAll<number>().as('events')])
        .where(inPeriod(appId, period))
        .groupBy('event_name')
        .orderBy('events', 'desc')
        .orderBy('event_name');
      if (only.names) query = query.where('event_name', 'in', [...only.names]);
      if (only.limit !== undefined) query = query.limit(only.limit);
      return (await query.execute()).map((row) => ({ eventName: row.event_name, count: Number(row.events) }));
    },

    totals: async (appId: string, period: Period): Promise<{ events: number; users: number }> => {
      const row = await read
        .selectFrom('support_events')
        .select((eb) => [
          eb.fn.countAll<number>().as('events'),
          eb.fn.count<number>('user_id').distinct().as('users'),
        ])
        .where(inPeriod(appId, period))
        .executeTakeFirstOrThrow();
      return { events: Number(row.events), users: Number(row.users) };
    },

    /** How often one event came in each interval; empty intervals are left out. */
    timeline: async (
      appId: string,
      eventName: string,
      period: Period,
      interval: Interval,
    ): Promise<ReadonlyMap<number, number>> => {
      const rows = await read
        .selectFrom('support_events')
        .select((eb) => [unitOf('at', interval).as('unit'), eb.fn.countAll<number>().as('events')])
        .where(inPeriod(appId, period))
        .where('event_name', '=', eventName)
        .groupBy('unit')
        .orderBy('unit')
        .execute();
      const counts = new Map<number, number>();
      for (const row of rows) {
        const bucket = bucketOf(Number(row.unit), interval);
        counts.set(bucket, (counts.get(bucket) ?? 0) + Number(row.events));
      }
      return counts;
    },

    /** A user's events, newest first. */
    ofUser: (appId: string, userId: string, period: Period, limit: number): Promise<EventRecord[]> =>
      read
        .selectFrom('support_events')
        .selectAll()
        .where(inPeriod(appId, period))
        .where('user_id', '=', userId)
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute(),

    /** How many messages each side wrote in each interval. */
    messages: async (
      appId: string,
      period: { readonly from: number; readonly to: number },
      interval: Interval,
    ): Promise<
      readonly { readonly bucket: number; readonly sender: MessageSender; readonly count: number }[]
    > => {
      const rows = await read
        .selectFrom('support_messages')
        .select((eb) => [
          unitOf('created_at', interval).as('unit'),
          'sender',
          eb.fn.countAll<number>().as('messages'),
        ])
        .where('app_id', '=', appId)
        .where('created_at', '>=', period.from)
        .where('created_at', '<=', period.to)
        .groupBy(['unit', 'sender'])
        .execute();
      return rows.map((row) => ({
        bucket: bucketOf(Number(row.unit), interval),
        sender: row.sender,
        count: Number(row.messages),
      }));
    },

    /**
     * When visitors began to wait and when they were answered: of messages that follow each other from one side only the
     * first counts.
     */
    waits: async (
      appId: string,
      period: { readonly from: number; readonly to: number },
    ): Promise<readonly Wait[]> => {
      const { rows } = await sql<{ created_at: number; answered_at: number | null }>`
        with spoken as (
          select conversation_id, sender, created_at, sequence,
            lag(sender) over (partition by conversation_id order by sequence) as before
          from support_messages
          where app_id = ${appId} and created_at >= ${period.from} and created_at <= ${period.to}
            and sender in ('user', 'agent')
        ), turns as (
          select sender, created_at,
            lead(created_at) over (partition by conversation_id order by sequence) as answered_at
          from spoken where before is null or before <> sender
        )
        select created_at, answered_at from turns where sender = 'user'
        order by created_at desc limit ${MAX_WAITS}`.execute(read);
      return rows.map((row) => ({ at: row.created_at, answeredAt: row.answered_at }));
    },
  };
}

/** The hour or the day that a column's instant is in. Weeks and months are put together from days. */
const unitOf = (column: 'at' | 'created_at', interval: Interval) => {
  const unit = sql.lit(interval === 'hour' ? HOUR_MS : DAY_MS);
  return sql<number>`${sql.ref(column)} / ${unit} * ${unit}`;
};

export type AnalyticsQueries = ReturnType<typeof createAnalyticsQueries>;
