import {
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { PlatformTables } from '../tables.js';

const adapter = new SqliteAdapter();
const compiler = new SqliteQueryCompiler();

/** Kysely over one given connection. Transactions are not begun through Kysely: `group-commit.ts` owns them. */
export function kyselyOver(connection: DatabaseConnection): Kysely<PlatformTables> {
  const dialect: Dialect = {
    createAdapter: () => adapter,
    createDriver: () => driverOver(connection),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => compiler,
  };
  return new Kysely({ dialect });
}

function driverOver(connection: DatabaseConnection): Driver {
  const refuse = async (): Promise<never> => {
    throw new Error('Use database.transaction(): it commits writers together and waits for the disk.');
  };
  return {
    init: async () => {},
    acquireConnection: async () => connection,
    releaseConnection: async () => {},
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    destroy: async () => {},
  };
}
