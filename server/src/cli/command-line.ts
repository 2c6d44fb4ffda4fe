import { ConfigError, loadConfig } from '../config.js';

const USAGE = `earshot: the self-hosted backend for apps that listen, speak and chat

  earshot serve            serve until stopped (the default)
  earshot migrate          bring the database schema up to date
  earshot backup FILE      write database, media and generated secrets into one archive; the server may be running
  earshot restore FILE     fill an empty data directory (or database) from such an archive
  earshot copy --from sqlite:DIR --to postgres://…   move everything to the other scale, or back, and compare
  earshot users …          list, add and remove users, set passwords, end sessions
  earshot doctor           check configuration, database, disk and engines
  earshot models list      show the speech models that can be installed, and those that are
  earshot models install NAME   download one into DATA_DIR/models (goes on where an earlier try stopped)
  earshot models remove NAME    delete one
  earshot demo             fill the data directory with believable data
  earshot version          print the version

Everything is configured by environment variables; docs/configuration.md lists them.
`;

/**
 * Runs one command.
 *
 * @returns the exit code: 0 done, 1 failed, 2 not understood
 */
export async function runCommandLine(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const [command = 'serve', ...rest] = words;
  try {
    switch (command) {
      case 'serve':
        await (await import('./serve.js')).serve(loadConfig(environment));
        return 0;
      case 'migrate':
        await (await import('./migrate.js')).migrateDatabase(loadConfig(environment));
        return 0;
      case 'backup':
        await (await import('./backup.js')).backup(loadConfig(environment), fileArgument(rest));
        return 0;
      case 'restore':
        await (await import('./restore.js')).restore(loadConfig(environment), fileArgument(rest));
        return 0;
      case 'copy':
        await (await import('./copy.js')).copy(environment, rest);
        return 0;
      case 'users':
        await (await import('./users.js')).users(loadConfig(environment), rest);
        return 0;
      case 'doctor':
        return await (await import('./doctor.js')).doctor(environment);
      case 'models':
        await (await import('./models.js')).models(loadConfig(environment), rest);
        return 0;
      case 'demo':
        await (await import('./demo.js')).demo(loadConfig(environment));
        return 0;
      case 'version':
      case '--version':
        console.log((await import('../version.js')).version);
        return 0;
      case 'help':
      case '--help':
      case '-h':
        console.log(USAGE);
        return 0;
      default:
        console.error(`There is no command "${command}".\n\n${USAGE}`);
        return 2;
    }
  } catch (error) {
    if (error instanceof CommandError || error instanceof ConfigError) {
      console.error(error.message);
      return 1;
    }
    console.error(explain(error));
    return 1;
  }
}

/** A command that cannot be carried out, for a reason that its message gives in full. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

function fileArgument(words: readonly string[]): string {
  const [file, ...more] = words;
  if (!file || more.length > 0)
    throw new CommandError('Name one file, for example: earshot backup earshot.tar.gz');
  return file;
}

/** The common reasons why nothing works at all, in words; anything else with its stack. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE')
    return `The port is taken: ${error.message}. Stop the other program or set PORT.`;
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') {
    return `No permission: ${error.message}. Make the folder writable or set DATA_DIR to one that is.`;
  }
  if (code === 'SQLITE_CANTOPEN' || String(code).startsWith('SQLITE_READONLY')) {
    return `The database file cannot be written: ${error.message}. Check the rights of DATA_DIR.`;
  }
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND') {
    return `A service cannot be reached: ${error.message}. Check DATABASE_URL and REDIS_URL.`;
  }
  return error.stack ?? error.message;
}
