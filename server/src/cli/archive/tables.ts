import type { SnapshotTable } from '../../platform/database/snapshot.js';
import type { JobTables } from '../../platform/jobs/tables.js';

/** The queue's own tables: jobs hold users' sealed keys and belong to the nodes that run them. */
const QUEUE: Readonly<Record<keyof JobTables, true>> = { background_jobs: true, job_nodes: true };

export const MIGRATIONS_TABLE = 'schema_migrations';
/** Rows that a server writes by itself on its first start; they are nobody's data. */
export const OWN_NOTES_TABLE = 'maintenance_runs';

/** The tables whose rows a backup holds, each after those that its foreign keys point to. */
export function dataTables(all: readonly SnapshotTable[]): SnapshotTable[] {
  const wanted = new Map(
    all
      .filter(({ name }) => !(name in QUEUE) && name !== MIGRATIONS_TABLE)
      .map((table) => [table.name, table]),
  );
  const ordered = new Set<SnapshotTable>();
  const visited = new Set<string>();
  const visit = (table: SnapshotTable) => {
    if (visited.has(table.name)) return;
    visited.add(table.name);
    for (const name of table.references) {
      const parent = wanted.get(name);
      if (parent) visit(parent);
    }
    ordered.add(table);
  };
  for (const table of wanted.values()) visit(table);
  return [...ordered];
}
