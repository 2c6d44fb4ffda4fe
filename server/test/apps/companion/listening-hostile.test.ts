import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CompanionApp, type CompanionUser, startCompanionApp } from '../../support/companion-app.js';
import { type Listener, listen, opusPackets, pcmMessages, ready } from '../../support/companion-listener.js';
import { eventually } from '../../support/servers.js';
import { babble } from '../../support/sound.js';

const rate = 16_000;

describe('sockets that mean harm', { timeout: 60_000 }, () => {
  let app: CompanionApp;
  let witness: Listener;
  let witnessUser: CompanionUser;
  beforeAll(async () => {
    app = await startCompanionApp('SQLite and files');
    witnessUser = await app.signUp();
    witness = await listen(app.url, witnessUser.token, { codec: 'pcm16', sample_rate: '16000' });
    await ready(witness);
  });
  afterAll(async () => {
    await witness.stop();
    await app.stop();
  });

  const attacker = async (query: Readonly<Record<string, string>> = {}) => {
    const listener = await listen(app.url, (await app.signUp()).token, query);
    await ready(listener);
    return listener;
  };
  /** The socket beside is heard as before. */
  const isUnharmed = async (said: string) => {
    witness.send({ type: 'transcript_segment', text: said });
    await eventually(
      async () => witness.text(),
      (text) => text.includes(said),
      20_000,
    );
    const began = performance.now();
    await new Promise((resolve) => {
      witness.socket.once('pong', resolve);
      witness.socket.ping();
    });
    expect(performance.now() - began).toBeLessThan(5_000);
  };

  it.each(['opus', 'opus_fs320', 'pcm16', 'pcm8'])('random bytes as %s', async (codec) => {
    const listener = await attacker({ codec });
    for (let n = 0; n < 300; n += 1) listener.socket.send(randomBytes(1 + ((n * 37) % 1_500)));
    for (const length of [0, 1, 2, 3, 4]) listener.socket.send(randomBytes(length));
    await isUnharmed(`Random bytes as ${codec.replace('_', ' ')} did nothing.`);
    expect(listener.socket.readyState).toBe(listener.socket.OPEN);
    await listener.stop();
  });

  it('truncated packets between whole ones', async () => {
    const listener = await attacker({ codec: 'opus_fs320' });
    const packets = opusPackets(babble(2, rate), 20);
    await listener.stream(packets.flatMap((packet, n) => [packet, packet.subarray(0, n % packet.length)]));
    await isUnharmed('Truncated packets did nothing.');
    await listener.stop();
  });

  it('giant messages, which are refused with 1009', async () => {
    const listener = await attacker({ codec: 'pcm16' });
    listener.socket.send(Buffer.alloc(1 << 20));
    expect((await listener.closed).code).toBe(1009);
    const talker = await attacker();
    talker.socket.send('x'.repeat(1 << 20));
    expect((await talker.closed).code).toBe(1009);
    await isUnharmed('Giant messages did nothing.');
  });

  it('texts of all kinds in the wrong order', async () => {
    const listener = await attacker();
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    for (const text of [
      '\u0000',
      '{"type":"image_chunk","id":"a","index":3,"total":4,"data":"////"}',
      '{"type":"speaker_assigned","speaker_id":-9e15,"person_id":"nobody","segment_ids":["x"]}',
      '{"type":"speaker_assigned","speaker_id":1.5,"person_id":null,"segment_ids":{}}',
      '{"type":"transcript_segment","text":{"a":1}}',
      '{"type":"transcript_segment","text":"Times.","start":-1e300,"end":1e300}',
      '{"type":"transcript_segment","text":"More.","start":"now","end":null}',
      '{"type":"__proto__","__proto__":{"type":"x"}}',
      deep,
    ])
      listener.socket.send(text);
    await eventually(
      async () => listener.text(),
      (text) => text.includes('Times.'),
      20_000,
    );
    await isUnharmed('Texts of all kinds did nothing.');
    await listener.stop();
  });

  it('a thousand messages a second, of audio and of text', async () => {
    const [loud, wordy] = await Promise.all([attacker({ codec: 'pcm16', sample_rate: '16000' }), attacker()]);
    const frame = pcmMessages(babble(0.02, rate))[0] ?? new Uint8Array(0);
    const flooding = Promise.all([
      loud.stream(
        Array.from({ length: 3_000 }, () => frame),
        1,
      ),
      wordy.stream(
        Array.from({ length: 3_000 }, (_, n) => Buffer.from(`{"type":"ping","timestamp":${n}}`)),
        1,
      ),
    ]);
    await isUnharmed('A flood did nothing.');
    await flooding;
    await isUnharmed('A flood left nothing.');
    await Promise.all([loud.stop(), wordy.stop()]);
  });

  it('frames that no WebSocket client would make', async () => {
    const { port } = new URL(app.url);
    const { token } = await app.signUp();
    for (const frame of [
      Buffer.from([0xff, 0xff, 0xff, 0xff]),
      Buffer.from([0x82, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
      Buffer.from([0x02, 0x85, 1, 2, 3, 4, 9]),
      Buffer.from([0x8a, 0x00, 0x8a, 0x00]),
      randomBytes(4_096),
    ]) {
      const raw = connect(Number(port), '127.0.0.1');
      raw.on('error', () => {}); // the server hangs up on it
      raw.write(
        `GET /v4/listen?codec=opus HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer ${token}\r\n\r\n`,
      );
      await new Promise((resolve) => raw.once('data', resolve));
      raw.write(frame);
      raw.end();
      await new Promise((resolve) => raw.once('close', resolve));
    }
    await isUnharmed('Broken frames did nothing.');
  });

  it('more sockets of one user than a user has devices: the oldest are let go', async () => {
    const user = await app.signUp();
    const sockets: Listener[] = [];
    for (let n = 0; n < 10; n += 1) {
      const socket = await listen(app.url, user.token);
      await ready(socket);
      sockets.push(socket);
    }
    expect((await sockets[0]?.closed)?.code).toBe(1001);
    expect(sockets.at(-1)?.socket.readyState).toBe(1);
    const live = (await user.get('v1/conversations?statuses=in_progress')).json;
    expect(live).toHaveLength(1);
    await isUnharmed('Many sockets did nothing.');
    for (const socket of sockets.slice(2)) await socket.stop();
  });
});
