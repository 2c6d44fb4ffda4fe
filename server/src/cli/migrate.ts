import { chosenApps } from '../apps/catalogue.js';
import type { Config } from '../config.js';
import { allMigrations, connectDatabase } from '../connect.js';
import { migrate } from '../platform/database/migrations.js';
import { createLog } from '../platform/telemetry/log.js';

/** Brings the schema up to date and says what was done. The server does the same at every start. */
export async function migrateDatabase(config: Config): Promise<void> {
  const database = await connectDatabase(config, createLog(config.LOG_LEVEL));
  try {
    const applied = await migrate(database, allMigrations(chosenApps(config)), Date.now());
    console.log(applied.length === 0 ? 'The schema is up to date.' : `Applied: ${applied.join(', ')}`);
  } finally {
    await database.close();
  }
}
