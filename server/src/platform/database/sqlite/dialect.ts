import {
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type LimitNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { PlatformTables } from '../tables.js';

/**
 * SQLite plans by the value of a bare `limit ?`, and so prepares the statement anew each time that it is bound: that alone
 * took half of the time of a small read. It does not look into an expression.
 */
class QueryCompiler extends SqliteQueryCompiler {
  protected override visitLimit(node: LimitNode): void {
    this.append('limit +');
    this.visitNode(node.limit);
  }
}

const adapter = new SqliteAdapter();
const compiler = new QueryCompiler();

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
