import { setTimeout as sleep } from 'node:timers/promises';
import { type ChildServer, startChildServer } from '../../support/child-server.js';
import { eventually } from '../../support/servers.js';
import { companionSpeaker, companionWriter } from './companion.js';
import { type HouseDatabase, type HouseGround, layHouseGround } from './ground.js';
import { answered, ask, type Resident } from './resident.js';
import { speechListener } from './speech.js';
import { storiesDevice, storyReader } from './stories.js';
import { supportPair } from './support.js';
import { startUpstream, type Upstream } from './upstream.js';
import { voiceCaller } from './voice.js';

interface KindOfResident {
  readonly app: Resident['app'];
  /** @param remembered what {@link Resident.remember} told, of one who was here before */
  moveIn(url: string, remembered?: unknown): Promise<Resident>;
}

/** Who lives in the house, by the names under which they are remembered. */
export const kindsOfResidents: Readonly<Record<string, KindOfResident>> = {
  listener: { app: 'speech', moveIn: speechListener },
  pair: { app: 'support', moveIn: supportPair },
  device: { app: 'stories', moveIn: storiesDevice },
  reader: { app: 'stories', moveIn: storyReader },
  writer: { app: 'companion', moveIn: companionWriter },
  speaker: { app: 'companion', moveIn: companionSpeaker },
  caller: { app: 'voice', moveIn: voiceCaller },
};

/** The whole product with users of all five apps in it. */
export interface House {
  readonly ground: HouseGround;
  readonly upstream: Upstream;
  readonly residents: readonly Resident[];
  server(): ChildServer;
  /** Ends the server, which may take its time after SIGTERM, and starts it again. Milliseconds that the start took. */
  restart(signal: 'SIGKILL' | 'SIGTERM'): Promise<number>;
  /** Until everything can be used. @throws Error when that does not come */
  ready(): Promise<void>;
  /** Lets everything come to its end, and judges. Sentences about what is wrong. */
  judge(): Promise<string[]>;
  /** Errors that servers logged, each kind with its count. */
  errors(): ReadonlyMap<string, number>;
  close(): Promise<void>;
}

const SETTLES_WITHIN_MS = 180_000;

/** No limit stands between the residents and the server, and nothing runs out. */
export const GENEROUS = {
  LOG_LEVEL: 'info',
  RATE_LIMIT_MAX: '1000000',
  RATE_LIMIT_STORY_GENERATION: '1000000',
  SPEECH_CHARACTERS_PER_DAY: '100000000',
  SPEECH_QUEUE_PER_USER: '100000',
  SUPPORT_REQUESTS_PER_MINUTE: '1000000',
  SUPPORT_MESSAGES_PER_MINUTE: '1000000',
  VOICE_REQUESTS_PER_MINUTE: '1000000',
  VOICE_HISTORY: 'true',
  VOICE_HISTORY_DAYS: '36500',
  FILE_RETENTION_DAYS: '36500',
  TEXT_FIRST_TOKEN_SECONDS: '2',
  TEXT_DEADLINE_SECONDS: '10',
  OPENAI_API_KEY: 'sk-test',
};

/** Starts services, server and residents. @param more of the server's environment */
export async function openHouse(
  database: HouseDatabase,
  more: Readonly<Record<string, string>> = {},
): Promise<House> {
  const ground = await layHouseGround(database);
  try {
    return await furnish(ground, more);
  } catch (error) {
    await ground.remove();
    throw error;
  }
}

async function furnish(ground: HouseGround, more: Readonly<Record<string, string>>): Promise<House> {
  const upstream = await startUpstream();
  const environment = { ...GENEROUS, ...ground.environment, ...more, OPENAI_BASE_URL: upstream.baseUrl };
  let server = await startChildServer(environment);
  const { url } = server;
  /** What earlier servers wrote. */
  const outputs: string[] = [];
  const residents: Resident[] = [];
  for (const { moveIn } of Object.values(kindsOfResidents)) residents.push(await moveIn(url));

  const lines = () => [...outputs, server.output()].flatMap((output) => output.split('\n'));
  const underWay = async (): Promise<Record<string, unknown>[]> => [
    ...(await ground.query(
      "select name, state from background_jobs where recurring = 0 and state <> 'failed'",
    )),
    ...(await ground.query('select id from companion_streams')),
    ...(await ground.query('select id from companion_unheard')),
  ];

  return {
    ground,
    upstream,
    residents,
    server: () => server,
    restart: async (signal) => {
      await server.end(signal);
      outputs.push(errorLines(server.output()));
      // A machine that is too busy for a start now may be less so in a minute.
      server = await startChildServer(environment).catch(() => startChildServer(environment));
      return server.startedInMs;
    },
    ready: async () => {
      await eventually(
        async () => (await ask(`${url}/health/ready`))?.json?.status,
        (status) => status === 'ok',
        SETTLES_WITHIN_MS,
      );
    },
    judge: async () => {
      await Promise.all(residents.map((resident) => resident.settle()));
      await eventually(underWay, (rows) => rows.length === 0, SETTLES_WITHIN_MS, 500);
      const problems: string[] = [];
      for (const resident of residents)
        for (const problem of await resident.judge()) problems.push(`${resident.app}: ${problem}`);
      return [...forgiven(problems, lines()), ...(await ground.integrity())];
    },
    errors: () => {
      const counts = new Map<string, number>();
      for (const line of lines()) {
        const kind = kindOfError(line);
        if (kind) counts.set(kind, (counts.get(kind) ?? 0) + 1);
      }
      return counts;
    },
    close: async () => {
      await server.end('SIGKILL');
      await upstream.close();
      await ground.remove();
    },
  };
}

export interface Shift {
  /** True once a resident met what must not be; {@link end} tells it. */
  hasFailed(): boolean;
  end(): Promise<void>;
}

/** Lets all residents work; between two steps of one pass `paceMs`. */
export function beginShift({ residents }: Pick<House, 'residents'>, paceMs: number): Shift {
  const leave = new AbortController();
  let hasFailed = false;
  const working = Promise.all(
    residents.map(async (resident) => {
      while (!leave.signal.aborted) {
        await resident.step();
        await sleep(paceMs);
      }
    }),
  );
  working.catch(() => {
    hasFailed = true;
    leave.abort();
  });
  return {
    hasFailed: () => hasFailed,
    end: async () => {
      leave.abort();
      await working;
    },
  };
}

/** Items that were acknowledged, by app. */
export function acknowledgedBy({ residents }: Pick<House, 'residents'>): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { app, acknowledged } of residents) sums.set(app, (sums.get(app) ?? 0) + acknowledged);
  return sums;
}

export const acknowledgedIn = ({ residents }: Pick<House, 'residents'>): number =>
  residents.reduce((sum, { acknowledged }) => sum + acknowledged, 0);

/** By design an answer is told even if its copy cannot be kept; the log says so each time. */
const NOT_KEPT = 'a turn could not be kept';

function forgiven(problems: readonly string[], lines: readonly string[]): string[] {
  let left = lines.filter((line) => line.includes(NOT_KEPT)).length;
  return problems.filter((problem) => {
    if (!problem.startsWith('voice: lost') || left === 0) return true;
    left -= 1;
    return false;
  });
}

interface LogLine {
  readonly message?: string;
  readonly code?: string;
  readonly err?: { readonly type?: string; readonly code?: string; readonly message?: string };
}

/** What a kill cut off is no line. */
const isError = (line: string): boolean => /^{"level":"(error|fatal)".*}$/.test(line);
/** A long run keeps no more of a server than this. */
const errorLines = (output: string): string =>
  output
    .split('\n')
    .filter((line) => isError(line) || line.includes(NOT_KEPT))
    .join('\n');

function kindOfError(line: string): string | null {
  if (!isError(line)) return null;
  const { message, code, err } = JSON.parse(line) as LogLine;
  const words = [message, code, err?.type, err?.code, err?.message?.split('\n')[0]];
  // The same thing on another port or after another wait is the same kind.
  return words
    .filter(Boolean)
    .join(' · ')
    .replaceAll(/\d+(ms|$)/g, '…$1');
}

/** The figures of `/metrics` at one moment, by name; the sum where labels divide one. */
export async function metrics(url: string): Promise<(name: string) => number> {
  const { text } = await answered(`${url}/metrics`);
  return (name) => {
    const values = [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))];
    return values.reduce((sum, [, value]) => sum + Number(value), 0);
  };
}
