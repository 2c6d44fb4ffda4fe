import { type CustomAdapter, createAdapterFactory } from 'better-auth/adapters';
import type { Kysely } from 'kysely';
import type { Clock } from '../../clock.js';
import { type Database, type Transaction, withTables } from '../../database/database.js';
import { hashOfToken } from '../accounts/session-credentials.js';

/** How Better Auth's models and fields are named in our tables. */
export const TABLES = {
  user: {
    modelName: 'account_profiles',
    fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
  },
  session: {
    modelName: 'account_sessions',
    fields: {
      token: 'token_hash',
      userId: 'user_id',
      expiresAt: 'expires_at',
      createdAt: 'created_at',
      updatedAt: 'updated_at',
      ipAddress: 'ip_address',
      userAgent: 'user_agent',
    },
  },
  account: {
    modelName: 'account_logins',
    fields: {
      userId: 'user_id',
      providerId: 'provider_id',
      accountId: 'account_id',
      password: 'password_hash',
      createdAt: 'created_at',
      updatedAt: 'updated_at',
    },
  },
} as const;

const PROFILES = TABLES.user.modelName;
const LOGINS = TABLES.account.modelName;
const SESSIONS = TABLES.session.modelName;

/** The columns that are written. Providers' tokens are none of them: nothing here would use them. */
const COLUMNS: Readonly<Record<string, ReadonlySet<string>>> = {
  [PROFILES]: new Set(['email', 'name', 'image', ...Object.values(TABLES.user.fields)]),
  [LOGINS]: new Set(['id', ...Object.values(TABLES.account.fields)]),
  [SESSIONS]: new Set(['id', ...Object.values(TABLES.session.fields)]),
};

/** Who vouches for a login, in the identities table. */
const ISSUERS: Readonly<Record<string, string>> = { apple: 'https://appleid.apple.com' };
export const EMAIL_ISSUER = 'email';

type Row = Record<string, unknown>;
type AnyTables = Record<string, Row>;
type Write = (tx: Transaction) => Promise<void>;

interface Condition {
  readonly field: string;
  readonly value: unknown;
  readonly operator?: string | undefined;
  readonly connector?: string | undefined;
}

/**
 * Better Auth over the database port.
 *
 * What Better Auth calls a transaction may hash a password in the middle, for which our transactions must not wait. So its
 * writes are collected, and committed together at its end; what it reads meanwhile is what is committed.
 *
 * A session's token is stored as its SHA-256 only. Better Auth asks the system what time it is; rows are kept by our clock.
 */
export function databaseAdapter({ database, clock }: { readonly database: Database; readonly clock: Clock }) {
  const ahead = () => clock.now() - Date.now();
  const config = {
    adapterId: 'earshot',
    supportsBooleans: false,
    supportsNumericIds: false,
    customTransformInput: ({ data }: { data: unknown }) =>
      data instanceof Date ? data.getTime() + ahead() : data,
    customTransformOutput: ({
      data,
      fieldAttributes,
    }: {
      data: unknown;
      fieldAttributes: { type: unknown };
    }) => (fieldAttributes.type === 'date' && typeof data === 'number' ? new Date(data - ahead()) : data),
  };
  const over = (commit: (write: Write) => Promise<void>) => () => statements(database, commit);
  return (options: Parameters<ReturnType<typeof createAdapterFactory>>[0]) => {
    const direct = over((write) => database.transaction(write));
    return createAdapterFactory({
      config: {
        ...config,
        transaction: async (work) => {
          const writes: Write[] = [];
          const collecting = createAdapterFactory({
            config,
            adapter: over(async (write) => void writes.push(write)),
          })(options);
          const result = await work(collecting);
          await database.transaction(async (tx) => {
            for (const write of writes) await write(tx);
          });
          return result;
        },
      },
      adapter: direct,
    })(options);
  };
}

function statements(database: Database, commit: (write: Write) => Promise<void>): CustomAdapter {
  const read = withTables<AnyTables>(database.read);
  const rows = async (model: string, where: readonly Condition[], limit?: number): Promise<Row[]> => {
    const query = matching(read, model, where);
    const found = await (limit === undefined ? query : query.limit(limit)).execute();
    return found.map((row) => outwards(model, row, where));
  };
  const change = async (model: string, where: readonly Condition[], update: Row): Promise<Row[]> => {
    const before = await rows(model, where);
    const values = inwards(model, update);
    if (before.length > 0 && Object.keys(values).length > 0) {
      await commit(async (tx) => {
        for (const { id } of before) {
          const change = withTables<AnyTables>(tx).updateTable(model).set(values);
          await change.where(keyOf(model), '=', id).execute();
        }
      });
    }
    return before.map((row) => ({ ...row, ...update }));
  };
  const remove = async (model: string, where: readonly Condition[]): Promise<number> => {
    const before = await rows(model, where);
    if (before.length > 0) {
      await commit(async (tx) => {
        for (const { id } of before) {
          await withTables<AnyTables>(tx).deleteFrom(model).where(keyOf(model), '=', id).execute();
        }
      });
    }
    return before.length;
  };
  return {
    create: async ({ model, data }) => {
      await commit((tx) => insert(tx, model, data));
      return data;
    },
    findOne: async <T>({ model, where }: { model: string; where: readonly Condition[] }) =>
      ((await rows(model, where, 1))[0] ?? null) as T | null,
    findMany: async <T>({
      model,
      where = [],
      limit,
    }: {
      model: string;
      where?: readonly Condition[] | undefined;
      limit: number;
    }) => (await rows(model, where, limit)) as T[],
    update: async <T>({ model, where, update }: { model: string; where: readonly Condition[]; update: T }) =>
      ((await change(model, where, update as Row))[0] ?? null) as T | null,
    updateMany: async ({ model, where, update }) => (await change(model, where, update)).length,
    delete: async ({ model, where }) => void (await remove(model, where)),
    deleteMany: ({ model, where }) => remove(model, where),
    count: async ({ model, where = [] }) => (await rows(model, where)).length,
  };
}

/** A profile comes with its user; it and each login with the identity by which they are recognised. */
async function insert(tx: Transaction, model: string, data: Row): Promise<void> {
  const values = inwards(model, data);
  if (model === PROFILES) {
    const [id, now] = [String(data.id), Number(data.created_at)];
    await tx.insertInto('users').values({ id, created_at: now, last_seen_at: now }).execute();
    await withTables<AnyTables>(tx)
      .insertInto(model)
      .values({ ...values, user_id: id })
      .execute();
    await addIdentity(tx, EMAIL_ISSUER, String(data.email), id, now);
    return;
  }
  await withTables<AnyTables>(tx).insertInto(model).values(values).execute();
  const issuer = model === LOGINS ? ISSUERS[String(data.provider_id)] : undefined;
  if (issuer) {
    await addIdentity(tx, issuer, String(data.account_id), String(data.user_id), Number(data.created_at));
  }
}

async function addIdentity(tx: Transaction, issuer: string, subject: string, userId: string, now: number) {
  await tx
    .insertInto('identities')
    .values({ issuer, subject, user_id: userId, created_at: now })
    .onConflict((conflict) => conflict.columns(['issuer', 'subject']).doNothing())
    .execute();
}

const keyOf = (model: string): string => (model === PROFILES ? 'user_id' : 'id');

function matching(db: Kysely<AnyTables>, model: string, where: readonly Condition[]) {
  let query = db.selectFrom(model).selectAll();
  for (const { field, value, operator = 'eq', connector } of where) {
    const sqlOperator = OPERATORS[operator];
    if (!sqlOperator || connector === 'OR')
      throw new Error(`The account tables are not asked by ${connector} ${operator}.`);
    const column = field === 'id' ? keyOf(model) : field;
    query = query.where(
      column,
      sqlOperator,
      model === SESSIONS && field === 'token_hash' ? hashed(value) : value,
    );
  }
  return query;
}

const OPERATORS: Readonly<Record<string, '=' | '<>' | 'in' | '<' | '<=' | '>' | '>='>> = {
  eq: '=',
  ne: '<>',
  in: 'in',
  lt: '<',
  lte: '<=',
  gt: '>',
  gte: '>=',
};

const hashed = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(hashed) : hashOfToken(String(value));

/** A row as it is stored. */
function inwards(model: string, data: Row): Row {
  const stored = Object.entries(data).filter(([column]) => COLUMNS[model]?.has(column));
  return Object.fromEntries(
    stored.map(([column, value]) => [column, column === 'token_hash' ? hashed(value) : value]),
  );
}

/** A row as Better Auth expects it: with the token by which it asked, and none where it asked otherwise. */
function outwards(model: string, row: Row, where: readonly Condition[]): Row {
  if (model === PROFILES) return { ...row, id: row.user_id };
  if (model !== SESSIONS) return row;
  const token = where.find(
    ({ field, operator = 'eq' }) => field === 'token_hash' && operator === 'eq',
  )?.value;
  return { ...row, token_hash: token ?? '' };
}
