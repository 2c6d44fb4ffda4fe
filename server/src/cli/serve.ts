import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildServer } from '../build.js';
import { type Config, ConfigError, isScaled } from '../config.js';
import { lockDataDirectory } from '../platform/database/sqlite/process-lock.js';
import { createLog } from '../platform/telemetry/log.js';

/** A stop that takes longer than this is forced; balancers and service managers wait about as long. */
const STOP_LIMIT_MS = 10_000;

/** Serves until SIGTERM or SIGINT, then drains. Resolves once the server has stopped. */
export async function serve(config: Config): Promise<void> {
  const log = createLog(config.LOG_LEVEL);
  await requireWritable(config.DATA_DIR);
  const unlock = isScaled(config) ? () => {} : lockDataDirectory(config.DATA_DIR);
  if (!unlock) {
    throw new ConfigError(
      `Another server is already running on the data directory ${config.DATA_DIR}. Stop it, or set DATA_DIR to another folder.`,
    );
  }
  const server = await buildServer(config, { log });
  try {
    await server.start();
    await server.http.listen({
      host: config.HOST,
      port: config.PORT,
      listenTextResolver: (address) => `Earshot is listening on ${address}`,
    });
  } catch (error) {
    await server.close();
    throw error;
  }

  await new Promise<void>((resolve, reject) => {
    const stop = (signal: NodeJS.Signals) => {
      log.info({ signal }, 'stopping');
      setTimeout(() => {
        log.error('could not stop in time; leaving now');
        process.exit(1);
      }, STOP_LIMIT_MS).unref();
      server.close().then(resolve, reject);
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
    process.on('unhandledRejection', (error) => log.error({ err: error }, 'a promise was rejected unheard'));
  });
  unlock();
  log.info('stopped');
}

/** Makes the data directory, or says what keeps it from being made or written. */
async function requireWritable(directory: string): Promise<void> {
  const probe = join(directory, `.probe-${process.pid}`);
  try {
    await mkdir(directory, { recursive: true });
    await writeFile(probe, '');
    await rm(probe);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(
      `The data directory ${directory} cannot be written (${reason}). Make it writable, or set DATA_DIR to another folder.`,
    );
  }
}
