import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CompanionTables } from '../../src/apps/companion/tables.js';
import { withTables } from '../../src/platform/database/database.js';
import { startChildServer } from '../support/child-server.js';
import { type CompanionUser, startCompanionApp } from '../support/companion-app.js';
import { type HeardSegment, type Listener, listen, ready } from '../support/companion-listener.js';
import { type FakeTranscription, startFakeTranscription } from '../support/fake-openai-audio.js';
import { humSeconds, hums, secondsHeard } from '../support/hums.js';
import { eventually, type Ground, layGround, type Stack } from '../support/servers.js';

/** `COMPANION_KILL_ROUNDS=20` for the full form. */
const rounds = Number(process.env.COMPANION_KILL_ROUNDS ?? 3);
const streams = 50;

/** Most of a round is the start of a server and the greeting of fifty streams, on however busy a machine. */
const LIMIT_MS = 300_000 + rounds * 90_000;
/** More rounds need more utterances, closer to each other. */
const pitches = rounds > 8 ? 160 : 60;
const { packets, wordsIn } = hums({ pitches, stepHertz: rounds > 8 ? 8 : 20 });

interface Speaker {
  readonly user: CompanionUser;
  /** The last state of each segment that the server has told. */
  readonly acknowledged: Map<string, HeardSegment>;
  /** Utterances begun so far. */
  said: number;
  /** The socket of this round. */
  listener?: Listener;
}

/** Speaks until the server is gone. */
async function speak(speaker: Speaker, url: string): Promise<void> {
  let listener: Listener | undefined;
  delete speaker.listener;
  try {
    listener = await listen(url, speaker.user.token, { codec: 'opus_fs320', sample_rate: '16000' });
    speaker.listener = listener;
    await ready(listener);
    while (listener.socket.readyState === listener.socket.OPEN && speaker.said < pitches) {
      await listener.stream(packets[speaker.said] ?? [], 20);
      speaker.said += 1;
    }
    await listener.closed;
  } catch {
    // The connection died with the server.
  } finally {
    for (const [id, segment] of listener?.segments ?? []) speaker.acknowledged.set(id, segment);
  }
}

const wordsOf = (conversation: { transcript_segments: readonly { text: string }[] }): string[] =>
  conversation.transcript_segments.flatMap(({ text }) => text.split(' '));

const environmentOf = (ground: Ground, upstream: FakeTranscription) => ({
  ...ground.environment,
  APPS: 'companion',
  LOG_LEVEL: 'info',
  RATE_LIMIT_MAX: '1000000',
  AI_TRANSCRIPTION: 'openai',
  AI_TEXT: 'builtin',
  OPENAI_API_KEY: 'sk-test',
  OPENAI_BASE_URL: upstream.baseUrl,
});

const scenes: { stack: Stack; kills: number }[] = [
  { stack: 'SQLite and files', kills: rounds },
  { stack: 'PostgreSQL, Redis and S3', kills: Math.ceil(rounds / 4) },
];

describe.each(scenes)(`kill -9 while ${streams} streams run, $kills times on $stack`, ({ stack, kills }) => {
  let ground: Ground;
  let upstream: FakeTranscription;
  let speakers: Speaker[];
  beforeAll(async () => {
    ground = await layGround(stack);
    upstream = await startFakeTranscription();
    upstream.behave((request) => ({ kind: 'ok', text: wordsIn(request.file) }));
    const app = await startCompanionApp(stack, { ground });
    speakers = [];
    for (let n = 0; n < streams; n += 1)
      speakers.push({ user: await app.signUp(), acknowledged: new Map(), said: 0 });
    await app.stop();
  });
  afterAll(async () => {
    await upstream.close();
    await ground.remove();
  });

  it(
    'keeps every acknowledged segment and completes every conversation once',
    async () => {
      const environment = environmentOf(ground, upstream);
      for (let round = 0; round < kills; round += 1) {
        const server = await startChildServer(environment);
        const speaking = Promise.all(speakers.map((speaker) => speak(speaker, server.url)));
        // However busy the machine is, it is killed in the middle of the words.
        await eventually(
          async () => speakers.filter(({ listener }) => (listener?.segments.size ?? 0) > 0).length,
          (count) => count >= streams / 2,
          60_000,
        );
        await sleep((round * 130) % 700);
        await server.end('SIGKILL');
        await speaking;
      }

      const app = await startCompanionApp(stack, { ground, environment });
      // What the killed servers had received is heard in the end.
      const tables = withTables<CompanionTables>(app.platform.database.read);
      const waiting = async () => [
        ...(await tables.selectFrom('companion_streams').select('id').execute()),
        ...(await tables.selectFrom('companion_unheard').select('id').execute()),
      ];
      await eventually(waiting, (rows) => rows.length === 0, 120_000);

      let words = 0;
      for (const { user: killed, acknowledged } of speakers) {
        const user = await app.as(killed.userId);
        const listener = await listen(app.url, user.token, { codec: 'opus_fs320' });
        await ready(listener);
        const statuses = 'statuses=in_progress,processing,completed';
        const said = (await user.get('v1/conversations?statuses=in_progress')).json[0];
        if (said.transcript_segments.length === 0) {
          expect(acknowledged.size).toBe(0);
          await listener.stop();
          continue;
        }
        const [conversation, ...others] = (await user.get(`v1/conversations?${statuses}`)).json;
        expect(others).toEqual([]);
        expect((await user.post('v1/conversations', {})).json.memory.id).toBe(conversation.id);
        await eventually(
          async () => listener.ofType('memory_created'),
          (all) => all.length > 0,
          60_000,
        );
        const finished = (await user.get(`v1/conversations/${conversation.id}`)).json;
        for (const [id, segment] of acknowledged) {
          const kept = finished.transcript_segments.find((one: { id: string }) => one.id === id);
          expect(kept?.text).toContain(segment.text);
        }
        const heard = wordsOf(finished);
        // One that was cut in two by a kill is heard in two parts; none is heard twice.
        for (const seconds of secondsHeard(heard).values()) expect(seconds).toBeLessThan(humSeconds * 1.6);
        words += heard.length;
        const usage = (await user.get('v1/users/me/usage?period=all_time')).json.all_time;
        expect(usage.words_transcribed).toBe(heard.length);
        expect(listener.ofType('memory_created')).toMatchObject([{ memory: { id: conversation.id } }]);
        await listener.stop();
      }
      expect(words).toBeGreaterThan(streams);
      await app.stop();
      const said = speakers.reduce((sum, speaker) => sum + speaker.said, 0);
      console.log(`${stack}: ${words} of ${said} utterances heard over ${kills} kills`);
    },
    LIMIT_MS,
  );

  it('has received what it was sent, even if nobody could listen before it was killed', async () => {
    const environment = environmentOf(ground, upstream);
    upstream.behave(() => ({ kind: 'hang' }));
    const [speaker] = speakers;
    if (!speaker) return;
    const server = await startChildServer(environment);
    const listener = await listen(server.url, speaker.user.token, { codec: 'opus_fs320' });
    await ready(listener);
    const said = [10, 11, 12, 13, 14];
    for (const number of said) await listener.stream(packets[number] ?? [], 20);
    await sleep(1_500);
    await server.end('SIGKILL');
    await listener.closed;
    upstream.behave((request) => ({ kind: 'ok', text: wordsIn(request.file) }));

    const app = await startCompanionApp(stack, { ground, environment });
    const user = await app.as(speaker.user.userId);
    const again = await listen(app.url, user.token, { codec: 'opus_fs320' });
    await ready(again);
    const heard = await eventually(
      async () => {
        const [live] = (await user.get('v1/conversations?statuses=in_progress')).json;
        return [...secondsHeard(wordsOf(live)).keys()].map(Number);
      },
      (numbers) => numbers.length >= said.length,
      120_000,
    );
    expect(heard).toEqual(said);
    await again.stop();
    await app.stop();
  }, 300_000);
});
