import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type ChildServer, startChildServer } from '../support/child-server.js';
import { redisUrl } from '../support/redis.js';
import { eventually, type Ground, layGround } from '../support/servers.js';
import { call } from '../support/speech-client.js';
import { type SdkDevice, sdkDevice } from '../support/support-client.js';

const MASTER = 'the-master-key-of-the-tests-which-is-long';
type Nodes = (ChildServer | null)[];

/** Sends until somebody acknowledges it, through whichever node is there, always under the same local id. */
async function insist(nodes: Nodes, send: (url: string) => Promise<{ status: number }>): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const living = nodes.filter((node) => node !== null);
    const node = living[attempt % living.length];
    try {
      if (node && (await send(node.url)).status === 200) return;
    } catch {
      // this node is gone or going: the next attempt asks another one
    }
    if (attempt === 200) throw new Error('nobody acknowledged the message');
    await sleep(50);
  }
}

/** An SDK's socket that finds another node by itself when its own goes away. */
class RoamingSocket {
  readonly heard = new Set<string>();
  connections = 0;
  isConnected = false;
  #socket: WebSocket | undefined;
  #isDone = false;
  #delayMs = 100;

  constructor(
    private readonly nodes: Nodes,
    private readonly device: { appId: string; apiKey: string; deviceId: string },
    turn: number,
  ) {
    this.#connect(turn);
  }

  close(): void {
    this.#isDone = true;
    this.#socket?.close();
  }

  #connect(turn: number): void {
    const living = this.nodes.filter((node) => node !== null);
    const node = living[turn % Math.max(1, living.length)];
    if (!node) {
      setTimeout(() => this.#connect(turn + 1), 100);
      return;
    }
    const url = `${node.url.replace('http', 'ws')}/v1/socket.io/?EIO=4&transport=websocket`;
    const socket = new WebSocket(url, { perMessageDeflate: false });
    this.#socket = socket;
    socket.on('error', () => {}); // `close` follows and connects anew
    socket.on('close', () => {
      this.isConnected = false;
      if (!this.#isDone) setTimeout(() => this.#connect(turn + 1), this.#delayMs);
      this.#delayMs = 100;
    });
    socket.on('message', (data) => this.#hear(socket, data.toString()));
  }

  #hear(socket: WebSocket, frame: string): void {
    const { appId, deviceId, apiKey } = this.device;
    if (frame.startsWith('0')) {
      socket.send(`40/client,${JSON.stringify({ app_id: appId, device_id: deviceId, api_key: apiKey })}`);
    } else if (frame === '2') socket.send('3');
    else if (frame.startsWith('42/client,')) {
      const [name, payload] = JSON.parse(frame.slice('42/client,'.length));
      if (name === 'connected') {
        this.isConnected = true;
        this.connections += 1;
      }
      if (name === 'message:new') this.heard.add(payload.local_id);
      if (name === 'server:shutdown') {
        this.#delayMs = payload.reconnect_delay_ms;
        socket.close();
      }
    }
  }
}

describe.skipIf(!redisUrl())('two nodes of the support app', () => {
  let ground: Ground;
  let nodes: Nodes;
  let app: { appId: string; apiKey: string };
  const start = () =>
    startChildServer({
      ...ground.environment,
      LOG_LEVEL: 'info',
      MASTER_API_KEY: MASTER,
      SUPPORT_MESSAGES_PER_MINUTE: '100000',
      SUPPORT_REQUESTS_PER_MINUTE: '100000',
    });
  const urlOf = (index: number) => nodes[index]?.url ?? '';

  beforeEach(async () => {
    ground = await layGround('PostgreSQL, Redis and S3');
    nodes = [await start(), await start()];
    const made = await call(`${urlOf(0)}/setup/api/apps`, {
      method: 'POST',
      headers: { 'x-master-api-key': MASTER },
      body: { name: 'Two nodes' },
    });
    app = { appId: made.json.app.id, apiKey: made.json.app.api_key };
  });
  afterEach(async () => {
    for (const node of nodes) await node?.end('SIGTERM');
    await ground.remove();
  });

  const atNode = (device: SdkDevice, url: string) => sdkDevice(url, app, { deviceId: device.deviceId });

  /** Everything of a conversation, by the cursor the SDK uses, in small pages. */
  const readAll = async (device: SdkDevice, conversationId: string, url: string) => {
    const messages: { local_id: string; sequence: number }[] = [];
    for (let after = 0, more = true; more; ) {
      const { json } = await atNode(device, url).get(
        `/conversations/${conversationId}/sync?after_sequence=${after}&limit=7`,
      );
      messages.push(...json.messages);
      after = json.last_sequence;
      more = json.has_more;
    }
    return messages;
  };

  const expectExactly = (messages: { local_id: string; sequence: number }[], sent: readonly string[]) => {
    const sequences = messages.map(({ sequence }) => sequence);
    expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
    expect(messages.map(({ local_id }) => local_id).sort()).toEqual([...sent].sort());
  };

  it('HA and autoscaling: lose and double nothing that was acknowledged when one is killed with -9 under load', async () => {
    const senders = await Promise.all(
      Array.from({ length: 12 }, async (_, n) => {
        const device = sdkDevice(urlOf(n % 2), app);
        return { device, conversationId: await device.open(), sent: [] as string[] };
      }),
    );
    const sockets = senders.map(
      ({ device }, n) => new RoamingSocket(nodes, { ...app, deviceId: device.deviceId }, n),
    );
    let isLoading = true;
    const loads = senders.map(async ({ device, conversationId, sent }) => {
      while (isLoading) {
        const localId = randomUUID();
        await insist(nodes, (url) =>
          atNode(device, url).send(conversationId, `message ${sent.length}`, localId),
        );
        sent.push(localId);
      }
    });
    await sleep(1_000);
    const victim = nodes[0];
    nodes[0] = null;
    await victim?.end('SIGKILL');
    await sleep(1_500);
    isLoading = false;
    await Promise.all(loads);

    for (const { device, conversationId, sent } of senders) {
      expect(sent.length).toBeGreaterThan(5);
      expectExactly(await readAll(device, conversationId, urlOf(1)), sent);
    }
    await eventually(
      async () => sockets.filter(({ isConnected }) => isConnected).length,
      (connected) => connected === sockets.length,
    );
    const last = senders[0];
    const localId = randomUUID();
    if (last) await atNode(last.device, urlOf(1)).send(last.conversationId, 'after the crash', localId);
    await eventually(
      async () => sockets[0]?.heard.has(localId) ?? false,
      (isHeard) => isHeard,
    );
    for (const socket of sockets) socket.close();
  }, 60_000);

  it('Load balancer with sockets: are restarted one after the other under 1,000 sockets without losing a message or a socket', async () => {
    const sender = sdkDevice(urlOf(0), app);
    const conversationId = await sender.open();
    const sockets: RoamingSocket[] = [];
    for (let n = 0; n < 1_000; n += 1) {
      const deviceId = n === 0 ? sender.deviceId : randomUUID();
      sockets.push(new RoamingSocket(nodes, { ...app, deviceId }, n));
      if (n % 50 === 0) await sleep(10);
    }
    const connected = () => sockets.filter(({ isConnected }) => isConnected).length;
    const allBack = () =>
      eventually(
        async () => connected(),
        (count) => count === sockets.length,
        30_000,
      );
    await allBack();
    const sent: string[] = [];
    let isLoading = true;
    const loading = (async () => {
      while (isLoading) {
        const localId = randomUUID();
        await insist(nodes, (url) => atNode(sender, url).send(conversationId, 'on the way', localId));
        sent.push(localId);
        await sleep(20);
      }
    })();
    for (const index of [0, 1]) {
      const leaving = nodes[index] ?? null;
      nodes[index] = null;
      expect(await leaving?.end('SIGTERM')).toBe(0);
      nodes[index] = await start();
      await allBack();
    }
    isLoading = false;
    await loading;
    expectExactly(await readAll(sender, conversationId, urlOf(0)), sent);
    expect(sent.length).toBeGreaterThan(50);
    for (const socket of sockets) socket.close();
  }, 120_000);
});
