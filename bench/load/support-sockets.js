// @ts-check
// A process of its own that plays the support SDK's devices: sockets that listen, and REST calls that send.
// Takes one task as JSON in its first argument, answers with one message to its parent per phase.
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { latencies } from '../statistics.js';

/**
 * @typedef {object} Task
 * @property {number} port
 * @property {{ id: string, api_key: string }} app
 * @property {number} sockets
 * @property {number} senders devices that send in the load; 0 means that all only listen
 * @property {number} seconds
 * @property {number} rate messages per second in the paced part
 * @property {number} idleSeconds how long the sockets do nothing before the storm; 0 means no storm
 */

/** @type {Task} */
const task = JSON.parse(process.argv[2] ?? '{}');
const agent = new http.Agent({ keepAlive: true, maxSockets: 256 });
/** When each message that is on its way was sent, by its local id. @type {Map<string, number>} */
const underWay = new Map();
/** @type {number[]} */
let delivered = [];

/** @param {string} deviceId @param {string} path @param {object} body @returns {Promise<{ status: number, json: any }>} */
function post(deviceId, path, body) {
  const content = JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        agent,
        host: '127.0.0.1',
        port: task.port,
        path: `/v1${path}`,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(content),
          'x-app-id': task.app.id,
          'x-device-id': deviceId,
          'x-api-key': task.app.api_key,
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, json: JSON.parse(text || 'null') }),
        );
      },
    );
    request.on('error', reject);
    request.end(content);
  });
}

class Device {
  id = randomUUID();
  conversation = '';
  isConnected = false;
  drops = 0;
  /** @type {WebSocket | undefined} */
  socket;

  /** @returns {Promise<void>} resolves once the server has greeted */
  connect() {
    return new Promise((resolve, reject) => {
      const url = `ws://127.0.0.1:${task.port}/v1/socket.io/?EIO=4&transport=websocket`;
      const socket = new WebSocket(url, { perMessageDeflate: false });
      this.socket = socket;
      socket.on('error', reject);
      socket.on('close', () => {
        if (this.isConnected) this.drops += 1;
        this.isConnected = false;
      });
      socket.on('message', (data) => {
        const frame = data.toString();
        if (frame.startsWith('0')) {
          const { id, api_key } = task.app;
          socket.send(`40/client,${JSON.stringify({ app_id: id, device_id: this.id, api_key })}`);
        } else if (frame === '2') socket.send('3');
        else if (frame.startsWith('42/client,["connected"')) {
          this.isConnected = true;
          resolve();
        } else if (frame.startsWith('42/client,["message:new"')) {
          const localId = /"local_id":"([^"]+)"/.exec(frame)?.[1] ?? '';
          const sentAt = underWay.get(localId);
          if (sentAt === undefined) return;
          underWay.delete(localId);
          delivered.push(performance.now() - sentAt);
        }
      });
    });
  }

  leave() {
    this.isConnected = false;
    this.socket?.terminate();
  }

  /** @returns {Promise<boolean>} whether it was stored */
  async send() {
    const localId = randomUUID();
    underWay.set(localId, performance.now());
    const path = `/conversations/${this.conversation}/messages`;
    const { status } = await post(this.id, path, {
      local_id: localId,
      body: 'Where is my parcel?',
      device_context: null,
    });
    return status === 200;
  }
}

/** @template T @param {readonly T[]} items @param {number} atOnce @param {(item: T) => Promise<void>} work */
async function forAll(items, atOnce, work) {
  const waiting = items.values();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const item of waiting) await work(item);
    }),
  );
}

const devices = Array.from({ length: task.sockets }, () => new Device());
const senders = devices.slice(0, task.senders);
await forAll(senders, 50, async (device) => {
  device.conversation = (
    await post(device.id, '/conversations', { user: null, device_context: null })
  ).json.conversation.id;
});
let began = performance.now();
await forAll(devices, 200, (device) => device.connect());
process.send?.({ phase: 'connected', ms: performance.now() - began });

if (senders.length > 0) {
  await flatOut();
  await paced();
}
if (task.idleSeconds > 0) {
  await sleep(task.idleSeconds * 1_000);
  const dropped = devices.filter(({ isConnected }) => !isConnected).length;
  process.send?.({ phase: 'idle', dropped });
  await sleep(2_000); // the parent reads the server's memory
  for (const device of devices) device.leave();
  await sleep(1_000);
  began = performance.now();
  await forAll(devices, devices.length, (device) => device.connect());
  process.send?.({ phase: 'storm', ms: performance.now() - began });
}
process.exit(0);

async function flatOut() {
  delivered = [];
  let stored = 0;
  let refused = 0;
  const until = performance.now() + task.seconds * 1_000;
  await Promise.all(
    senders.map(async (device) => {
      while (performance.now() < until) {
        if (await device.send()) stored += 1;
        else refused += 1;
      }
    }),
  );
  const seconds = task.seconds;
  await sleep(1_500);
  process.send?.({
    phase: 'flat-out',
    perSecond: Math.round(stored / seconds),
    refused,
    undelivered: underWay.size,
    delivered: latencies(delivered),
  });
}

async function paced() {
  delivered = [];
  underWay.clear();
  const pending = [];
  const start = performance.now();
  const total = task.rate * task.seconds;
  for (let n = 0; n < total; n += 1) {
    const due = start + (n * 1_000) / task.rate;
    const wait = due - performance.now();
    if (wait > 1) await sleep(wait);
    const device = senders[n % senders.length];
    if (device) pending.push(device.send());
  }
  await Promise.all(pending);
  await sleep(1_500);
  process.send?.({
    phase: 'paced',
    rate: task.rate,
    undelivered: underWay.size,
    delivered: latencies(delivered),
  });
}
