import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPocketSphinx } from '../../src/platform/ai/builtin/pocketsphinx.js';
import { bearer, signUp } from '../support/accounts.js';
import { type ChildServer, startChildServer } from '../support/child-server.js';
import { companionUser } from '../support/companion-app.js';
import { listen, opusPackets, ready, share, speech } from '../support/companion-listener.js';
import { type ReceivedEvent, receivedEvents } from '../support/event-stream.js';
import { type FakeOpenai, startFakeOpenAI } from '../support/fake-openai.js';
import { openRealtime } from '../support/realtime-client.js';
import { redisOrSkip } from '../support/redis.js';
import { eventually, type Ground, layGround } from '../support/servers.js';
import { call, type SpeechDevice, signIn } from '../support/speech-client.js';
import { type StoriesUser, storiesUser } from '../support/stories-app.js';
import { type SdkDevice, sdkDevice } from '../support/support-client.js';
import { type LibrarySocket, librarySocket } from '../support/support-sockets.js';
import { type Authority, makeAuthority } from './authority.js';
import { type Balancer, canRunNginx, lastingPort, startBalancer } from './balancer.js';

const suite = 'two nodes behind nginx over TLS';
const canRun = [canRunNginx(suite), redisOrSkip(suite) !== null].every(Boolean);
const sentence = 'The weather in the city is very good today, and we will meet our friends at the river.';
const counting = 'One two three four five.';

/** What compose.yaml describes, as processes of this machine. */
describe.skipIf(!canRun)(suite, () => {
  let ground: Ground;
  let authority: Authority;
  let upstream: FakeOpenai;
  let balancer: Balancer | undefined;
  let ports: { readonly nodes: readonly [number, number]; readonly http: number; readonly https: number };
  const folders: string[] = [];
  const nodes: [ChildServer | null, ChildServer | null] = [null, null];
  /** The only address that clients know. */
  let url: string;

  const start = async (index: 0 | 1) => {
    nodes[index] = await startChildServer({
      ...ground.environment,
      NODE_ENV: 'production',
      LOG_LEVEL: 'info',
      PORT: String(ports.nodes[index]),
      DATA_DIR: folders[index] ?? '',
      PUBLIC_URL: url,
      TRUST_PROXY: '127.0.0.1',
      // Everybody here has one address, as have the suites that ran before on the same Redis.
      AUTH_FAILURES_PER_MINUTE: '100000',
      SIGN_UPS_PER_HOUR: '100000',
      SUPPORT_MESSAGES_PER_MINUTE: '100000',
      SUPPORT_REQUESTS_PER_MINUTE: '100000',
      OPENAI_BASE_URL: upstream.baseUrl,
      OPENAI_API_KEY: 'sk-of-the-operator',
      AI_SPEECH: 'builtin',
      AI_TRANSCRIPTION: 'builtin',
      AI_IMAGE: 'builtin',
      VOICE_REALTIME: 'local',
    });
  };
  const end = async (index: 0 | 1, signal: 'SIGTERM' | 'SIGKILL') => {
    const node = nodes[index];
    const code = await node?.end(signal);
    nodes[index] = null;
    return code;
  };
  const nodeUrls = () => nodes.map((node) => node?.url ?? '');
  /** How many sockets of the support app, of devices and operators, are on each node. */
  const socketsOfNodes = () =>
    Promise.all(
      nodeUrls().map(async (node) => {
        const { text } = await call(`${node}/metrics`);
        const counts = [...text.matchAll(/^support_sockets\{.*\} (\d+)$/gm)];
        return counts.reduce((sum, [, count]) => sum + Number(count), 0);
      }),
    );

  beforeAll(async () => {
    ground = await layGround('PostgreSQL, Redis and S3');
    authority = makeAuthority();
    authority.trust();
    upstream = await startFakeOpenAI();
    upstream.behave(({ body }) =>
      JSON.stringify(body).includes(counting)
        ? { kind: 'chat', text: counting, milliseconds: 200 }
        : { kind: 'ok' },
    );
    const nodePorts = [await lastingPort(), await lastingPort()] as const;
    ports = { nodes: nodePorts, http: await lastingPort(), https: await lastingPort() };
    url = `https://127.0.0.1:${ports.https}`;
    for (const name of ['one', 'two']) folders.push(mkdtempSync(join(tmpdir(), `earshot-node-${name}-`)));
    // Both at once, on an empty database: one of them makes the schema, the other waits for it.
    await Promise.all([start(0), start(1)]);
    const { certFile, keyFile } = authority;
    balancer = await startBalancer({
      nodePorts: ports.nodes,
      httpPort: ports.http,
      httpsPort: ports.https,
      certFile,
      keyFile,
    });
  });
  afterAll(async () => {
    await balancer?.stop();
    await Promise.all([end(0, 'SIGTERM'), end(1, 'SIGTERM')]);
    await upstream.close();
    await ground.remove();
    authority.remove();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  it('answers over TLS only, tells where it is, and keeps the counts to itself', async () => {
    const plain = await fetch(`http://127.0.0.1:${ports.http}/speech`, { redirect: 'manual' });
    expect([plain.status, plain.headers.get('location')]).toEqual([301, 'https://127.0.0.1/speech']);
    const { status, json, headers } = await call(`${url}/health/ready`);
    expect([status, json.status]).toEqual([200, 'ok']);
    expect(headers.get('strict-transport-security')).toMatch(/^max-age=\d+$/);
    for (const path of ['/metrics', '/metrics/', '//metrics']) {
      expect((await call(`${url}${path}`)).status, path).toBe(404);
    }
    expect((await call(`${url}/`)).status).toBe(200);
  });

  it('lets Earshot refuse what is too large, in its own words', async () => {
    const { token } = await signIn(url);
    // Nginx is still sending when the answer comes, so that once is not enough to see it arrive.
    for (let round = 0; round < 8; round += 1) {
      const { status, headers } = await call(`${url}/tts/generate`, {
        method: 'POST',
        headers: bearer(token),
        body: { text: 'a'.repeat(2 << 20) },
      });
      // Who answered is told by the request's id.
      expect([status, headers.has('x-request-id')]).toEqual([413, true]);
    }
  });

  it('refuses a flood itself, in JSON, before a byte of it came', async () => {
    const sending = request(`${url}/v2/files`, { method: 'POST', headers: { 'content-length': 200 << 20 } });
    sending.flushHeaders();
    const [answer] = (await once(sending, 'response')) as [IncomingMessage];
    const body = JSON.parse(Buffer.concat(await answer.toArray()).toString());
    sending.destroy();
    expect([answer.statusCode, body.code]).toEqual([413, 'TOO_LARGE']);
  });

  it('speech: sign in, order, poll, and read a range, whichever node made it', async () => {
    const device = await signIn(url);
    const { ordered, status } = await device.speak('A sentence that is spoken behind a balancer.');
    expect(status.json.status).toBe('ready');
    const { file_id: id } = ordered.json;
    const whole = (await device.download(id)).bytes;
    for (const from of [url, ...nodeUrls()]) {
      const part = await fetch(`${from}/files/${id}`, {
        headers: { ...bearer(device.token), range: 'bytes=100-299' },
      });
      expect([part.status, part.headers.get('content-range')]).toEqual([
        206,
        `bytes 100-299/${whole.length}`,
      ]);
      expect(Buffer.from(await part.arrayBuffer()).equals(whole.subarray(100, 300))).toBe(true);
    }
  });

  it('support: a device and an operator on different nodes hear each other', async () => {
    const { app, accessToken } = await ownedApp();
    const device = sdkDevice(url, app);
    const phone = await socketOf(device);
    const desk = librarySocket(url, '/admin', { app_id: app.appId, admin_token: accessToken });
    await heard(desk, 'connected');
    expect(await socketsOfNodes()).toEqual([1, 1]);

    const conversationId = await device.open();
    await heard(desk, 'conversation:new');
    await desk.ask('conversation:join', conversationId);
    await device.send(conversationId, 'Is anybody there?');
    expect(await heard(desk, 'message:new')).toMatchObject({ body: 'Is anybody there?' });
    await desk.ask('message:send', { conversation_id: conversationId, body: 'Somebody always is.' });
    expect(await heard(phone, 'message:new', 2)).toMatchObject({ body: 'Somebody always is.' });
    for (const { socket } of [phone, desk]) socket.disconnect();
  });

  it('stories: a hero made on any node is told of within a second, and pulled', async () => {
    const account = await signUp({ url }, `${randomUUID()}@example.com`);
    const family = storiesUser(url, account.userId, account.token);
    await family.hero();
    const stream = await follow(family);
    await stream.told(1);
    const waited: number[] = [];
    for (const node of [...nodeUrls(), url]) {
      const { latest } = (await family.get('/api/sync/changes')).json.data;
      await storiesUser(node, account.userId, account.token).hero({ name: 'Milo' });
      const wrote = performance.now();
      waited.push((await stream.told(latest + 1)) - wrote);
    }
    // On a busy machine one may be late; if nginx held events back, all would be.
    expect(Math.min(...waited)).toBeLessThan(1_000);
    await stream.close();
    const { changes } = (await family.get('/api/sync/changes')).json.data;
    expect(changes.map(({ type }: { type: string }) => type)).toContain('hero');
    expect((await family.get('heroes')).json.data.heroes).toHaveLength(4);
  });

  it('companion: Opus becomes words, and the words a conversation on both nodes', async () => {
    const account = await signUp({ url }, `${randomUUID()}@example.com`);
    const user = companionUser(url, account.userId, account.token);
    const listener = await listen(url, account.token, {
      codec: 'opus_fs320',
      sample_rate: '16000',
      language: 'en',
    });
    await ready(listener);
    await listener.stream(opusPackets(await speech(sentence), 20));
    await eventually(
      async () => listener.text(),
      // Without PocketSphinx only that somebody speaks is heard.
      (heard) => (findPocketSphinx() ? share(heard, sentence) > 0.6 : heard.length > 0),
      40_000,
    );
    const { memory } = (await user.post('v1/conversations', {})).json;
    await listener.stop();
    for (const node of nodeUrls()) {
      const there = companionUser(node, account.userId, account.token);
      const { json } = await eventually(
        () => there.get(`v1/conversations/${memory.id}`),
        (answer) => answer.json.status === 'completed',
        30_000,
      );
      expect(json.transcript_segments.length).toBeGreaterThan(0);
    }
  });

  it('voice: an answer is heard while it is still being written', async () => {
    const answer = await fetch(`${url}/api/conversation`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ message: counting, stream: true }),
    });
    expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const came: { readonly event: ReceivedEvent; readonly at: number }[] = [];
    for await (const event of receivedEvents(answer)) came.push({ event, at: performance.now() });
    const first = came.find(({ event }) => event.name === 'delta');
    const last = came.at(-1);
    expect(last?.event).toMatchObject({ name: 'done', data: { text: counting } });
    // It is written over more than a second.
    expect((last?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(400);
  });

  it('voice: a turn over the Realtime WebSocket', async () => {
    const client = await openRealtime(url);
    await client.event('session.created');
    client.send({ type: 'session.update', session: { type: 'realtime', output_modalities: ['text'] } });
    await client.event('session.updated');
    const content = [{ type: 'input_text', text: 'Hello there' }];
    client.send({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content } });
    client.send({ type: 'response.create' });
    const { response } = await client.event('response.done');
    expect(response).toMatchObject({
      status: 'completed',
      output: [{ content: [{ type: 'output_text', text: 'You said: Hello there' }] }],
    });
    await client.close();
  });

  it('one node asked to stop under use drains, and the next version of it takes its part again', async () => {
    const load = await startLoad();
    const sockets = await socketsOnBoth(load.phone);
    await load.goesOn(10);
    // 1 would say that it was not ready within 10 s and left by force.
    expect(await end(0, 'SIGTERM')).toBe(0);
    await load.goesOn(10);
    for (const _ of await left(sockets)) sockets.push(await socketOf(load.phone));
    await load.isHeardBy(sockets.filter(({ socket }) => socket.connected));
    await start(0);
    await load.goesOn(10);
    await load.end();
    for (const { socket } of sockets) socket.disconnect();
  }, 150_000);

  it('when one node is killed the other goes on, and nothing that was acknowledged is lost or doubled', async () => {
    const load = await startLoad();
    const sockets = await socketsOnBoth(load.phone);
    await load.goesOn(10);
    await end(1, 'SIGKILL');
    await load.goesOn(20);
    for (const _ of await left(sockets)) sockets.push(await socketOf(load.phone));
    await load.isHeardBy(sockets.filter(({ socket }) => socket.connected));
    await load.end();
    for (const { socket } of sockets) socket.disconnect();
  });

  it('with no node left nginx says so in JSON, as clients expect', async () => {
    await end(0, 'SIGKILL');
    const { status, json, headers } = await call(`${url}/tts/files`);
    expect([status, headers.get('retry-after')]).toEqual([503, '1']);
    expect(json).toMatchObject({ code: 'UNAVAILABLE', error: 'Service Unavailable', statusCode: 503 });
    expect(balancer?.complaints()).not.toMatch(/\[(warn|alert|crit|emerg)\]/);
  });

  /** A support account with its app. */
  async function ownedApp() {
    const { json } = await call(`${url}/admin/auth/signup`, {
      method: 'POST',
      body: { email: `${randomUUID()}@example.com`, password: 'correct horse battery', appName: 'Shop' },
    });
    return { app: { appId: json.app.id, apiKey: json.app.api_key }, accessToken: json.access_token };
  }

  async function socketOf({ headers, deviceId }: SdkDevice): Promise<LibrarySocket> {
    const [appId, apiKey] = [headers['x-app-id'], headers['x-api-key']];
    const auth = { app_id: appId, device_id: deviceId, api_key: apiKey };
    const socket = librarySocket(url, '/client', auth, { path: '/api/v1/socket.io' });
    await heard(socket, 'connected');
    return socket;
  }

  /** Sockets of a device, at least one on each node. */
  async function socketsOnBoth(phone: SdkDevice): Promise<LibrarySocket[]> {
    const sockets: LibrarySocket[] = [];
    // Those of the test before may still be leaving.
    await eventually(socketsOfNodes, (open) => open.every((count) => count === 0), 30_000);
    // The balancer leaves a node alone for five seconds after it refused: longer than these take to connect.
    await eventually(
      async () => {
        sockets.push(await socketOf(phone));
        return socketsOfNodes();
      },
      (open) => !open.includes(0),
      30_000,
      250,
    );
    return sockets;
  }

  /** Those that lost their node, once there are any. */
  const left = (sockets: readonly LibrarySocket[]) =>
    eventually(
      async () => sockets.filter(({ socket }) => !socket.connected),
      (gone) => gone.length > 0,
    );

  /** Follows a family's changes until {@link close}. */
  async function follow(family: StoriesUser) {
    const leaving = new AbortController();
    const { headers } = family;
    const answer = await fetch(`${url}/api/sync/stream`, { headers, signal: leaving.signal });
    const events: { readonly latest: number; readonly at: number }[] = [];
    const reading = (async () => {
      for await (const { data } of receivedEvents(answer)) events.push({ ...data, at: performance.now() });
    })().catch((error: unknown) => {
      if (!leaving.signal.aborted) throw error;
    });
    return {
      /** When the first event came that tells of this number or a later one. */
      told: async (latest: number): Promise<number> =>
        (
          await eventually(
            async () => events.find((event) => event.latest >= latest),
            (event) => event !== undefined,
            30_000,
            2,
          )
        )?.at ?? Number.NaN,
      close: async () => {
        leaving.abort();
        await reading;
      },
    };
  }

  /** Clients of three apps that write and read all the time, and repeat what was not answered well. */
  async function startLoad() {
    const { app } = await ownedApp();
    const phone = sdkDevice(url, app);
    const conversationId = await phone.open();
    const account = await signUp({ url }, `${randomUUID()}@example.com`);
    const family = storiesUser(url, account.userId, account.token);
    const listener: SpeechDevice = await signIn(url);
    const acknowledged = { messages: [] as string[], mutations: [] as string[], files: [] as string[] };
    let isOver = false;
    let reads = 0;

    const untilOver = async (step: (n: number) => Promise<void>, everyMs: number) => {
      for (let n = 0; !isOver; n += 1) {
        await step(n);
        await sleep(everyMs);
      }
    };
    const working = Promise.all([
      untilOver(async (n) => {
        const localId = randomUUID();
        await insist(() => phone.send(conversationId, `message ${n}`, localId));
        acknowledged.messages.push(localId);
      }, 30),
      untilOver(async (n) => {
        const mutationId = randomUUID();
        const fields = { title: `Event ${n}`, promptSeed: 'Rain' };
        const mutations = [{ mutationId, type: 'customEvent', op: 'create', fields }];
        const { json } = await insist(() => family.post('/api/sync/push', { deviceId: 'phone', mutations }));
        expect(['applied', 'duplicate']).toContain(json.data.results[0].status);
        acknowledged.mutations.push(json.data.results[0].id);
      }, 30),
      untilOver(async (n) => {
        const { json } = await insist(() => listener.generate(`Text ${n}.`));
        acknowledged.files.push(json.content_hash);
      }, 250),
      untilOver(async () => {
        await insist(() => family.get('/api/sync/changes'));
        reads += 1;
      }, 20),
    ]);
    // Whoever waits for it hears of a failure; until then it is nobody's.
    working.catch(() => undefined);

    return {
      phone,
      /** Waits for so many more acknowledgements of everything but the slow orders. */
      goesOn: async (more: number) => {
        const [messages, mutations, before] = [
          acknowledged.messages.length,
          acknowledged.mutations.length,
          reads,
        ];
        const progress = async () => {
          const made = [
            acknowledged.messages.length - messages,
            acknowledged.mutations.length - mutations,
            reads - before,
          ];
          return Math.min(...made);
        };
        await Promise.race([
          eventually(progress, (made) => made >= more, 30_000),
          working, // ends before its time only with a failure
        ]);
      },
      /** A message of its own reaches these sockets, on whichever node they are. */
      isHeardBy: async (sockets: readonly LibrarySocket[]) => {
        const localId = randomUUID();
        await insist(() => phone.send(conversationId, 'Do you hear me?', localId));
        acknowledged.messages.push(localId);
        for (const socket of sockets) {
          await eventually(
            async () => socket.of('message:new').some(({ local_id }) => local_id === localId),
            (isHeard) => isHeard,
          );
        }
      },
      /** Stops, and expects everything that was acknowledged once, and nothing else. */
      end: async () => {
        isOver = true;
        await working;
        const heard = await allMessages(phone, conversationId);
        expect(heard.sort()).toEqual(acknowledged.messages.sort());
        const events = await allEvents(family);
        expect(events.sort()).toEqual(acknowledged.mutations.sort());
        const files = (await listener.call('/tts/files')).json.map(
          (file: { content_hash: string }) => file.content_hash,
        );
        expect(files.sort()).toEqual([...new Set(acknowledged.files)].sort());
      },
    };
  }
});

/** The nth event of a name, waited for. */
async function heard(socket: LibrarySocket, name: string, count = 1) {
  await eventually(
    async () => socket.of(name).length,
    (length) => length >= count,
    30_000,
  );
  return socket.of(name)[count - 1];
}

/** Repeats what was not answered, or with a 5xx, as a client does. @throws when it is refused, or after 30 s */
async function insist<T extends { readonly status: number; readonly text: string }>(
  ask: () => Promise<T>,
): Promise<T> {
  let last: unknown;
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await sleep(100)) {
    try {
      const answer = await ask();
      if (answer.status < 300) return answer;
      last = `${answer.status} ${answer.text}`;
      if (answer.status < 500) break;
    } catch (error) {
      last = error; // the connection broke: nobody knows whether it was done
    }
  }
  throw new Error('not acknowledged', { cause: last });
}

/** The local ids of a conversation's messages, by the cursor that the SDK uses. */
async function allMessages(device: SdkDevice, conversationId: string): Promise<string[]> {
  const ids: string[] = [];
  for (let after = 0, hasMore = true; hasMore; ) {
    const { json } = await device.get(
      `/conversations/${conversationId}/sync?after_sequence=${after}&limit=50`,
    );
    ids.push(...json.messages.map(({ local_id }: { local_id: string }) => local_id));
    after = json.last_sequence;
    hasMore = json.has_more;
  }
  return ids;
}

interface Page {
  readonly changes: readonly { readonly id: string; readonly type: string }[];
  readonly next: number;
  readonly hasMore: boolean;
}

/** The ids of a family's own events, by sync. */
async function allEvents(family: StoriesUser): Promise<string[]> {
  const ids: string[] = [];
  for (let since = 0, hasMore = true; hasMore; ) {
    const { data }: { data: Page } = (await family.get(`/api/sync/changes?since=${since}`)).json;
    ids.push(...data.changes.filter(({ type }) => type === 'customEvent').map(({ id }) => id));
    since = data.next;
    hasMore = data.hasMore;
  }
  return ids;
}
