import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { buildServer } from '../build.js';
import type { Config } from '../config.js';
import { AppError } from '../platform/http/errors.js';
import { isoInstant } from '../platform/http/timestamps.js';
import type { Platform } from '../platform/platform.js';
import { createLog } from '../platform/telemetry/log.js';
import { CommandError } from './command-line.js';

const USAGE = `earshot users list                        everybody, newest first
earshot users add EMAIL [-]               make an account; - reads its password from the standard input
earshot users set-password USER [-]       give a new password and end all sessions
earshot users sessions USER               where somebody is signed in
earshot users revoke USER [SESSION]       end one session, or all of them
earshot users remove USER                 remove somebody with everything they have, in every app
earshot users operators                   who may see and mend this server on its page
earshot users operator USER               make somebody one of them
earshot users no-operator USER            take it back

USER is an e-mail address or an id. Without - a password is made and printed once.`;

const PAGE = 500;
const PASSWORD_BYTES = 12;
/** As much of another process's changes as a running server may miss, on SQLite (platform/identity/callers.ts). */
const NOTICED = 'A running server notices within ten seconds.';

/**
 * The operator's commands over accounts; the server may be running.
 *
 * @param words what follows `earshot users`
 * @param input where a password is read from
 * @throws CommandError for what cannot be done, with its reason
 */
export async function users(
  config: Config,
  words: readonly string[],
  input: NodeJS.ReadableStream = process.stdin,
): Promise<void> {
  const [command = 'help', ...rest] = words;
  const run = COMMANDS[command];
  if (!run || rest.length > 2) throw new CommandError(USAGE);
  // The apps are built as well: they know what of a user's is to be erased.
  const server = await buildServer(config, { log: createLog('fatal') });
  try {
    await run(server.platform, rest, input);
  } catch (error) {
    throw error instanceof AppError ? new CommandError(error.message) : error;
  } finally {
    await server.close();
  }
}

type Command = (platform: Platform, words: readonly string[], input: NodeJS.ReadableStream) => Promise<void>;

const COMMANDS: Readonly<Record<string, Command>> = {
  list: async ({ database }) => {
    const counted = await database.read
      .selectFrom('users')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    for (let offset = 0; offset < Number(counted.count); offset += PAGE) {
      for (const line of await listed(database, offset)) console.log(line);
    }
    console.log(`${Number(counted.count)} users`);
  },
  add: async ({ accounts }, [email, source], input) => {
    if (!email) throw new CommandError(USAGE);
    const { password, words } = await passwordFrom(source, input);
    const { user, session } = await accounts.signUp({ email, password }, { address: 'command-line' });
    await accounts.revokeSession(user.id, session.id);
    console.log(`${user.email} is user ${user.id}.${words}`);
  },
  'set-password': async (platform, [name, source], input) => {
    const userId = await userOf(platform, name);
    const { password, words } = await passwordFrom(source, input);
    await platform.accounts.setPassword(userId, password);
    console.log(`The password is set, and all sessions have ended. ${NOTICED}${words}`);
  },
  sessions: async (platform, [name]) => {
    const sessions = await platform.accounts.listSessions(await userOf(platform, name));
    for (const { id, createdAt, updatedAt, ipAddress, userAgent } of sessions) {
      console.log(`${id}  ${isoInstant(createdAt)}  ${isoInstant(updatedAt)}  ${ipAddress}  ${userAgent}`);
    }
    console.log(`${sessions.length} sessions`);
  },
  revoke: async (platform, [name, session]) => {
    const userId = await userOf(platform, name);
    if (session && !(await platform.accounts.revokeSession(userId, session))) {
      throw new CommandError(`This user has no session ${session}.`);
    }
    const ended = session ? 1 : await platform.accounts.revokeSessions(userId);
    console.log(`${ended} sessions have ended. ${NOTICED}`);
  },
  remove: async (platform, [name]) => {
    const userId = await userOf(platform, name);
    await platform.accounts.remove(userId);
    console.log(`User ${userId} is removed. Their media are erased while a server runs. ${NOTICED}`);
  },
  operators: async ({ database }) => {
    const rows = await database.read
      .selectFrom('server_operators')
      .leftJoin('account_profiles', 'account_profiles.user_id', 'server_operators.user_id')
      .select(['server_operators.user_id', 'server_operators.named_at', 'account_profiles.email'])
      .orderBy('server_operators.named_at')
      .execute();
    for (const { user_id, named_at, email } of rows) {
      console.log(`${user_id}  ${email ?? '-'}  since ${isoInstant(named_at)}`);
    }
    console.log(`${rows.length} operators`);
  },
  operator: async (platform, [name]) => {
    const userId = await userOf(platform, name);
    await platform.serverOperators.add(userId);
    console.log(
      `User ${userId} is an operator of this server now. Its page shows them jobs, storage and errors.`,
    );
  },
  'no-operator': async (platform, [name]) => {
    const userId = await userOf(platform, name);
    if (!(await platform.serverOperators.remove(userId)))
      throw new CommandError(`User ${userId} is no operator.`);
    console.log(`User ${userId} is no operator of this server any more.`);
  },
};

async function userOf({ database }: Platform, name: string | undefined): Promise<string> {
  if (!name) throw new CommandError(USAGE);
  const byEmail = await database.read
    .selectFrom('account_profiles')
    .select('user_id')
    .where('email', '=', name.trim().toLowerCase())
    .executeTakeFirst();
  if (byEmail) return byEmail.user_id;
  const byId = await database.read.selectFrom('users').select('id').where('id', '=', name).executeTakeFirst();
  if (!byId) throw new CommandError(`There is no user ${name}.`);
  return byId.id;
}

async function listed(database: Platform['database'], offset: number): Promise<string[]> {
  const rows = await database.read
    .selectFrom('users')
    .leftJoin('account_profiles', 'account_profiles.user_id', 'users.id')
    .select(['users.id', 'users.created_at', 'users.last_seen_at', 'account_profiles.email'])
    .orderBy('users.created_at', 'desc')
    .orderBy('users.id')
    .limit(PAGE)
    .offset(offset)
    .execute();
  const ids = rows.map(({ id }) => id);
  const identities = await database.read
    .selectFrom('identities')
    .select(['user_id', 'issuer'])
    .where('user_id', 'in', ids)
    .orderBy('issuer')
    .execute();
  return rows.map(({ id, email, created_at, last_seen_at }) => {
    const issuers = identities.filter(({ user_id }) => user_id === id).map(({ issuer }) => issuer);
    const by = [...new Set(issuers)].join(', ');
    return `${id}  ${email ?? '-'}  by ${by || '-'}  since ${isoInstant(created_at)}  seen ${isoInstant(last_seen_at)}`;
  });
}

/** Never an argument: those stand in the shell's history and in the list of processes. */
async function passwordFrom(
  source: string | undefined,
  input: NodeJS.ReadableStream,
): Promise<{ password: string; words: string }> {
  if (source !== undefined && source !== '-') throw new CommandError(USAGE);
  if (source === undefined) {
    const password = randomBytes(PASSWORD_BYTES).toString('base64url');
    return { password, words: `\n\n  ${password}\n\nThis password is printed only now.` };
  }
  const [password = ''] = (await text(input)).split(/\r?\n/, 1);
  if (password.length < 8 || password.length > 128) {
    throw new CommandError('A password has 8 to 128 characters.');
  }
  return { password, words: '' };
}
