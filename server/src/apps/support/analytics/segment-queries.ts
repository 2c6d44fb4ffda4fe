import { type RawBuilder, sql } from 'kysely';
import { type Database, type Dialect, withTables } from '../../../platform/database/database.js';
import type { SupportTables } from '../tables.js';
import { isLeaf, type SegmentLeaf, type SegmentQuery, type SegmentValue, type Timeframe } from './segment.js';

type Sql<T> = RawBuilder<T>;

/** Columns of events that say something about the user; everything else is looked for among the properties. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  plan: 'user_plan',
  user_plan: 'user_plan',
  userPlan: 'user_plan',
  country: 'user_country',
  user_country: 'user_country',
  userCountry: 'user_country',
  platform: 'platform',
  app_version: 'app_version',
  appVersion: 'app_version',
  session_id: 'session_id',
  sessionId: 'session_id',
};
const USER_ID_FIELDS = new Set(['user_id', 'userId', 'id']);

/** A decimal number that a double can hold: PostgreSQL refuses the whole query for a larger one, and counts to 255 only. */
const NUMBER_FORM = '^[+-]?[0-9]{1,240}([.][0-9]{1,240})?$';

export interface SegmentExport {
  readonly userId: string;
  readonly plan: string | null;
  readonly country: string | null;
  readonly platform: string | null;
}

/**
 * Segments as SQL. Every value and every name that came from outside is a bound parameter, and every look into the events
 * is limited to the app.
 */
export function createSegmentQueries(database: Database) {
  const read = withTables<SupportTables>(database.replica);
  const of = (appId: string, query: SegmentQuery, now: number) =>
    segmentSql({ appId, now, dialect: database.dialect }).members(query);
  return {
    userIds: async (appId: string, query: SegmentQuery, now: number): Promise<readonly string[]> => {
      const { rows } = await sql<{ user_id: string }>`
        ${of(appId, query, now)} order by p.user_id`.execute(read);
      return rows.map((row) => row.user_id);
    },

    preview: async (
      appId: string,
      query: SegmentQuery,
      now: number,
      limit: number,
    ): Promise<readonly { readonly userId: string; readonly eventCount: number }[]> => {
      const { rows } = await sql<{ user_id: string; events: number }>`
        select m.user_id,
          (select count(*) from support_events e where e.app_id = ${appId} and e.user_id = m.user_id) as events
        from (${of(appId, query, now)} order by p.user_id limit ${limit}) as m
        order by m.user_id`.execute(read);
      return rows.map((row) => ({ userId: row.user_id, eventCount: Number(row.events) }));
    },

    export: async (appId: string, query: SegmentQuery, now: number): Promise<readonly SegmentExport[]> => {
      const { latest } = segmentSql({ appId, now, dialect: database.dialect });
      const { rows } = await sql<{
        user_id: string;
        plan: string | null;
        country: string | null;
        platform: string | null;
      }>`
        select p.user_id, ${latest('user_plan')} as plan, ${latest('user_country')} as country,
          ${latest('platform')} as platform
        from (${of(appId, query, now)}) as p
        order by p.user_id`.execute(read);
      return rows.map(({ user_id: userId, ...row }) => ({ userId, ...row }));
    },
  };
}

function segmentSql(parts: { readonly appId: string; readonly now: number; readonly dialect: Dialect }) {
  const { appId, now, dialect } = parts;
  const isSqlite = dialect === 'sqlite';

  /** The latest value of a column among the events of the person `p`. */
  const latest = (column: string): Sql<string | null> => {
    const name = sql.ref(`e.${column}`);
    return sql`(select ${name} from support_events e where e.app_id = ${appId} and e.user_id = p.user_id
      and ${name} is not null order by e.at desc, e.id desc limit 1)`;
  };

  /** A property of the event `e` as text. */
  const property = (field: string): Sql<string | null> => {
    const name = field.replace(/^properties\./, '');
    if (!isSqlite) return sql`(e.properties::json ->> ${name}::text)`;
    const path = `$."${name}"`;
    return sql`(case json_type(e.properties, ${path}) when 'true' then 'true' when 'false' then 'false'
      else cast(json_extract(e.properties, ${path}) as text) end)`;
  };

  const latestProperty = (field: string): Sql<string | null> =>
    sql`(select ${property(field)} from support_events e where e.app_id = ${appId} and e.user_id = p.user_id
      and ${property(field)} is not null order by e.at desc, e.id desc limit 1)`;

  const numeric = (text: Sql<string | null>): Sql<number | null> =>
    isSqlite
      ? sql`(select case when ltrim(v, '+-') <> '' and length(v) - length(ltrim(v, '+-')) <= 1
          and ltrim(v, '+-') not glob '*[^0-9.]*' and ltrim(v, '+-') not glob '*.*.*'
          and ltrim(v, '+-') glob '[0-9]*' and v glob '*[0-9]' then cast(v as real) end
          from (select ${text} as v) as t)`
      : sql`(select case when v ~ ${NUMBER_FORM} then v::double precision end from (select ${text} as v) as t)`;

  const like = (text: Sql<string | null>, value: SegmentValue): Sql<boolean> => {
    const pattern = `%${String(value)
      .toLowerCase()
      .replace(/[\\%_]/g, '\\$&')}%`;
    return sql`lower(${text}) like ${pattern} escape '\\'`;
  };

  const same = (text: Sql<string | null>, value: SegmentValue): Sql<boolean> =>
    typeof value === 'number'
      ? sql`(${numeric(text)} = ${double(value)})`
      : sql`(${text} = ${String(value)})`;

  const double = (value: number): Sql<number> =>
    isSqlite ? sql`${value}` : sql`cast(${value} as double precision)`;

  const ordered = (text: Sql<string | null>, sign: string, value: SegmentValue): Sql<boolean> => {
    const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
    if (Number.isFinite(number) && typeof value !== 'boolean') {
      return sql`${numeric(text)} ${sql.raw(sign)} ${double(number)}`;
    }
    // By code units on both databases, whatever the server's language.
    return isSqlite
      ? sql`${text} ${sql.raw(sign)} ${String(value)}`
      : sql`${text} collate "C" ${sql.raw(sign)} ${String(value)}`;
  };

  /** What lacks a value differs from every value. */
  const compare = (text: Sql<string | null>, { comparison, values }: SegmentLeaf): Sql<boolean> => {
    const value = values[0] ?? '';
    switch (comparison) {
      case 'exists':
        return sql`${text} is not null`;
      case 'not_exists':
        return sql`${text} is null`;
      case 'contains':
        return like(text, value);
      case 'not_contains':
        return sql`(${text} is null or not (${like(text, value)}))`;
      case 'equals':
      case 'in':
        return anyOf(values.map((one) => same(text, one)));
      case 'not_equals':
      case 'not_in':
        return sql`not coalesce(${anyOf(values.map((one) => same(text, one)))}, ${isSqlite ? sql`0` : sql`false`})`;
      default:
        return ordered(text, SIGNS[comparison], value);
    }
  };

  const compareNumber = (number: Sql<number | null>, { comparison, values }: SegmentLeaf): Sql<boolean> => {
    const wanted = values.map((value) => double(Number(value)));
    const matches = anyOf(wanted.map((one) => sql<boolean>`${number} = ${one}`));
    if (comparison === 'equals' || comparison === 'in') return matches;
    if (comparison === 'not_equals' || comparison === 'not_in') {
      return sql`not coalesce(${matches}, ${isSqlite ? sql`0` : sql`false`})`;
    }
    // The parser lets nothing else than the four orders through to here.
    const sign = SIGNS[comparison as keyof typeof SIGNS];
    return sql`${number} ${sql.raw(sign)} ${wanted[0] ?? sql`0`}`;
  };

  const within = (timeframe: Timeframe | null): Sql<boolean>[] => {
    if (!timeframe) return [];
    if ('lastMs' in timeframe) return [sql`e.at >= ${Math.floor(now - timeframe.lastMs)}`];
    return [
      ...(timeframe.from === null ? [] : [sql<boolean>`e.at >= ${timeframe.from}`]),
      ...(timeframe.to === null ? [] : [sql<boolean>`e.at <= ${timeframe.to}`]),
    ];
  };

  const event = (leaf: SegmentLeaf): Sql<boolean> => {
    const { field, eventName, aggregation, comparison } = leaf;
    const from = (more: readonly Sql<boolean>[]) =>
      sql`from support_events e where ${sql.join(
        [
          sql`e.app_id = ${appId}`,
          sql`e.user_id = p.user_id`,
          ...(eventName === null ? [] : [sql`e.event_name = ${eventName}`]),
          ...within(leaf.timeframe),
          ...more,
        ],
        sql` and `,
      )}`;
    const counts = aggregation?.function === 'count' || (!aggregation && COUNT_FIELDS.has(field));
    if (counts) return compareNumber(sql`(select count(*) ${from([])})`, leaf);
    if (aggregation) {
      const amount = numeric(property(aggregation.field ?? field));
      return compareNumber(sql`(select ${sql.raw(aggregation.function)}(${amount}) ${from([])})`, leaf);
    }
    const names = NAME_FIELDS.has(field);
    if (comparison === 'not_exists') {
      return sql`not exists (select 1 ${from(names ? [] : [sql`${property(field)} is not null`])})`;
    }
    if (comparison === 'exists' && names) return sql`exists (select 1 ${from([])})`;
    return sql`exists (select 1 ${from([compare(names ? sql`e.event_name` : property(field), leaf)])})`;
  };

  const attribute = (leaf: SegmentLeaf): Sql<boolean> => {
    if (USER_ID_FIELDS.has(leaf.field)) return compare(sql`p.user_id`, leaf);
    const column = ATTRIBUTES[leaf.field];
    return compare(column ? latest(column) : latestProperty(leaf.field), leaf);
  };

  const condition = (query: SegmentQuery): Sql<boolean> =>
    sql`(${sql.join(
      query.conditions.map((one) => {
        if (!isLeaf(one)) return condition(one);
        return sql`(${one.type === 'event' ? event(one) : attribute(one)})`;
      }),
      query.operator === 'AND' ? sql` and ` : sql` or `,
    )})`;

  return {
    latest,
    members: (query: SegmentQuery): Sql<{ user_id: string }> =>
      sql`select p.user_id from (select distinct user_id from support_events where app_id = ${appId}) as p
        where ${condition(query)}`,
  };
}

const SIGNS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;
const COUNT_FIELDS = new Set(['count', 'event_count']);
const NAME_FIELDS = new Set(['', 'event_name', 'eventName']);

const anyOf = (alternatives: readonly Sql<boolean>[]): Sql<boolean> =>
  sql`(${sql.join(alternatives, sql` or `)})`;
