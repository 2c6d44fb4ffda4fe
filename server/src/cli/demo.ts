import { randomBytes } from 'node:crypto';
import { generationKey } from '../apps/speech/generation/payload.js';
import { type BuiltServer, buildServer } from '../build.js';
import { type Config, isScaled, retentionMs, speechEngineOf } from '../config.js';
import { lockDataDirectory } from '../platform/database/sqlite/process-lock.js';
import { createLog } from '../platform/telemetry/log.js';
import { createProgress } from './archive/progress.js';
import { CommandError } from './command-line.js';
import { type DemoText, demoTexts, interruptedText } from './demo/texts.js';

/** By this identity the demo user is found again; nobody can sign in with it. */
const DEMO = { issuer: 'earshot-demo', subject: 'demo' } as const;
const POLL_MS = 250;

interface Demo {
  readonly server: BuiltServer;
  readonly token: string;
}

/**
 * Makes a user with a dozen spoken texts, one that failed, and some playback positions, all by the same requests as an
 * app's, and prints how to sign in.
 *
 * @throws CommandError when there is a demo user already, a server is running, or the voice is not the built-in one
 */
export async function demo(config: Config): Promise<void> {
  if (speechEngineOf(config) !== 'builtin') {
    throw new CommandError(
      'The demo speaks with the built-in voice, and this server uses a provider. Run it with AI_SPEECH=builtin.',
    );
  }
  const unlock = isScaled(config) ? () => {} : lockDataDirectory(config.DATA_DIR);
  if (!unlock) {
    throw new CommandError(
      `A server is running on the data directory ${config.DATA_DIR}. Stop it, or set DATA_DIR to another one.`,
    );
  }
  try {
    const server = await buildServer(config, { log: createLog('fatal') });
    try {
      await refuseSecond(server);
      await fill(server, config);
    } finally {
      await server.close();
    }
  } finally {
    unlock();
  }
}

async function refuseSecond({ platform }: BuiltServer): Promise<void> {
  const known = await platform.database.read
    .selectFrom('identities')
    .select('user_id')
    .where('issuer', '=', DEMO.issuer)
    .executeTakeFirst();
  if (!known) return;
  throw new CommandError(
    'There is a demo user already. For a new one, set DATA_DIR (or DATABASE_URL) to an empty place.',
  );
}

async function fill(server: BuiltServer, config: Config): Promise<void> {
  const { platform } = server;
  const key = `sk-demo-${randomBytes(12).toString('hex')}`;
  const session = await post(server, '/auth/verify', { openai_token: key });
  const made: Demo = { server, token: textOf(session, 'session_token') };

  await leaveInterrupted(made);
  await server.start();
  console.log(`Speaking ${demoTexts.length} texts …`);
  for (const text of demoTexts) {
    const fileId = await order(made, text);
    if (text.heard !== undefined) await listen(made, fileId, text, text.heard);
  }
  await untilSpoken(made);
  await platform.users.signIn(DEMO, [{ issuer: 'openai-key', subject: platform.secrets.fingerprint(key) }]);
  console.log(
    [
      'The demo is ready. Start the server, open its /speech page and sign in with this key:',
      '',
      `  ${key}`,
      '',
      `It is printed only now. The texts and their audio are kept for ${retentionMs(config) / 3_600_000} hours.`,
    ].join('\n'),
  );
}

/** Orders a text whose work is then lost, as in a crash; the start that follows says so in its row. */
async function leaveInterrupted(made: Demo): Promise<void> {
  const fileId = await order(made, interruptedText);
  const { database, jobs } = made.server.platform;
  await database.transaction((tx) => jobs.cancel(tx, generationKey(fileId)));
}

async function order(made: Demo, { title, voice, format, speed, text }: DemoText): Promise<string> {
  const answer = await post(
    made.server,
    '/tts/generate',
    { text, voice, model: 'tts-1', format, speed, title },
    made.token,
  );
  return textOf(answer, 'file_id');
}

async function listen(made: Demo, fileId: string, { title, text }: DemoText, heard: number): Promise<void> {
  const report = {
    document_id: fileId,
    title,
    text_content: text,
    language_code: 'en-US',
    resume_key: fileId,
    progress: heard,
    is_playing: false,
    is_paused: heard < 1,
    is_loading: false,
    current_title: title,
  };
  await post(made.server, '/playback/sync', report, made.token);
}

async function untilSpoken(made: Demo): Promise<void> {
  const progress = createProgress();
  for (;;) {
    const { queued, running } = await made.server.platform.jobs.counts();
    const left = await stillGenerating(made);
    if (left === 0) return;
    if (queued + running === 0 && (await stillGenerating(made)) > 0)
      throw new Error('Some texts were not spoken although no work is left for them.');
    progress(() => `${demoTexts.length - left} of ${demoTexts.length} spoken`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function stillGenerating({ server, token }: Demo): Promise<number> {
  const answer = await server.http.inject({ url: '/tts/files', headers: bearer(token) });
  const files: unknown = answer.json();
  if (!Array.isArray(files)) throw new Error(`The files cannot be listed: ${answer.statusCode}`);
  return files.filter((file) => file.status === 'generating').length;
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

async function post({ http }: BuiltServer, url: string, payload: object, token?: string): Promise<object> {
  const answer = await http.inject({ method: 'POST', url, payload, headers: token ? bearer(token) : {} });
  const body: unknown = answer.json();
  if (answer.statusCode !== 200 || !body || typeof body !== 'object')
    throw new Error(`${url} answered ${answer.statusCode}: ${answer.body}`);
  return body;
}

function textOf(answer: object, field: string): string {
  const value: unknown = Reflect.get(answer, field);
  if (typeof value !== 'string') throw new Error(`The answer has no ${field}.`);
  return value;
}
