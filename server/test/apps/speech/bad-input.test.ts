import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ground, layGround, stacks, startServer, type TestServer } from '../../support/servers.js';
import { type Answer, call, type SpeechDevice, signIn } from '../../support/speech-client.js';

/** Sends bytes as they are and reads what comes until the connection ends or nothing comes for a second. */
function sendRaw(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let received = '';
    socket.setTimeout(1_000, () => socket.destroy());
    socket.on('data', (chunk) => {
      received += chunk.toString();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(received));
  });
}

describe.each(stacks)('bad input, on %s', (stack) => {
  let ground: Ground;
  let server: TestServer;
  let device: SpeechDevice;
  beforeAll(async () => {
    ground = await layGround(stack);
    server = await startServer(ground);
    device = await signIn(server.url);
  });
  afterAll(async () => {
    await server.stop();
    await ground.remove();
  });

  const good = { text: 'hello', voice: 'nova', model: 'tts-1' };
  const generate = (body: unknown) => device.call('/tts/generate', { method: 'POST', body });

  const expectRefusal = (answer: Answer, status: number, message: string) => {
    expect([answer.status, answer.json?.message]).toEqual([status, message]);
    const { statusCode, ...words } = answer.json;
    expect(statusCode).toBe(status);
    for (const [name, value] of Object.entries(words)) expect(typeof value, name).toBe('string');
    expect(answer.headers.get('content-type')).toContain('application/json');
  };

  it.each([
    [{ ...good, text: undefined }, "body must have required property 'text'"],
    [{ ...good, voice: undefined }, "body must have required property 'voice'"],
    [{ ...good, text: '' }, 'body/text must NOT have fewer than 1 characters'],
    [{ ...good, text: 'x'.repeat(50_001) }, 'body/text must NOT have more than 50000 characters'],
    [{ ...good, text: ' \n\t ' }, 'body/text must contain something to speak'],
    [{ ...good, text: 42 }, 'body/text must be string'],
    [{ ...good, text: ['a'] }, 'body/text must be string'],
    [{ ...good, text: null }, 'body/text must be string'],
    [{ ...good, text: 'a\u0000b' }, 'body/text must not contain NUL characters'],
    [{ ...good, voice: 'darth' }, 'body/voice must be equal to one of the allowed values'],
    [{ ...good, format: 'midi' }, 'body/format must be equal to one of the allowed values'],
    [{ ...good, speed: 4.01 }, 'body/speed must be <= 4'],
    [{ ...good, speed: 0.24 }, 'body/speed must be >= 0.25'],
    [{ ...good, speed: 'fast' }, 'body/speed must be number'],
    [{ ...good, speed: '' }, 'body/speed must be number'],
    [{ ...good, speed: null }, 'body/speed must be number'],
    [{ ...good, openai_token: '' }, 'body/openai_token must NOT have fewer than 1 characters'],
    [[], 'body must be object'],
    ['text', 'body must be object'],
    [null, 'body must be object'],
  ])('refuses %j', async (body, message) => {
    expectRefusal(await generate(body), 400, message);
  });

  it('takes 50,000 characters that are two UTF-16 units each', async () => {
    expect((await generate({ ...good, text: '𝄞'.repeat(50_000) })).status).toBe(200);
  });

  it('refuses an unknown model', async () => {
    const answer = await generate({ ...good, model: 'gpt-4' });
    expect(answer.status).toBe(400);
    expect(answer.json.message).toContain('body/model');
  });

  it('says that broken JSON is broken without quoting it', async () => {
    const answer = await device.call('/tts/generate', {
      method: 'POST',
      raw: '{"openai_token":"sk-very-secret-key',
    });
    expectRefusal(answer, 400, 'Body is not valid JSON');
    expect(answer.text).not.toContain('sk-very');
  });

  it('refuses prototype poisoning', async () => {
    const answer = await device.call('/tts/generate', { method: 'POST', raw: '{"__proto__":{"text":"x"}}' });
    expect(answer.status).toBe(400);
  });

  it('refuses what is not JSON with 415', async () => {
    const answer = await call(`${server.url}/auth/verify`, {
      method: 'POST',
      raw: 'openai_token=x',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(answer.status).toBe(415);
    expect(answer.json.code).toBe('FST_ERR_CTP_INVALID_MEDIA_TYPE');
  });

  it('refuses 10 MB with 413', async () => {
    const answer = await generate({ ...good, text: 'x'.repeat(10_000_000) });
    expectRefusal(answer, 413, 'Request body is too large');
  });

  it('answers unknown routes with 404 and without what the query held', async () => {
    expectRefusal(await call(`${server.url}/nope?token=secret`), 404, 'Route GET:/nope not found');
  });

  it.each([
    ['short', 'a'.repeat(63), 'params/contentHash must NOT have fewer than 64 characters'],
    ['long', 'a'.repeat(65), 'params/contentHash must NOT have more than 64 characters'],
    ['not hexadecimal', 'g'.repeat(64), 'params/contentHash must match pattern "^[0-9a-fA-F]*$"'],
  ])('refuses a content hash that is %s', async (_name, hash, message) => {
    for (const path of [`/tts/status/${hash}`, `/tts/${hash}/status`]) {
      expectRefusal(await device.call(path), 400, message);
    }
  });

  it('takes a content hash in upper case', async () => {
    expect((await device.call(`/tts/status/${'A'.repeat(64)}`)).json).toEqual({ status: 'not_found' });
  });

  it.each([
    '%00',
    '..%2f..%2fsecrets.json',
    '%2e%2e/%2e%2e/etc/passwd',
    '....//',
    '%ff%fe',
    'a'.repeat(5_000),
  ])('keeps path tricks away from the disk: %s', async (trick) => {
    const answer = await sendRaw(
      server.url,
      `GET /files/${trick} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${device.token}\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(answer).not.toContain('serverSecret');
  });

  it.each([
    'GET / HTTP/9.9\r\n\r\n',
    'NONSENSE\r\n\r\n',
    'POST /auth/verify HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n',
    'POST /auth/verify HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc',
    `GET /health HTTP/1.1\r\nHost: x\r\nX-Long: ${'y'.repeat(100_000)}\r\n\r\n`,
    '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  ])('survives bytes that are no HTTP (%#)', async (bytes) => {
    const answer = await sendRaw(server.url, bytes);
    expect(answer).not.toMatch(/^HTTP\/1\.1 [25]\d\d /);
    expect((await call(`${server.url}/health`)).status).toBe(200);
  });

  it('wrote nothing of all this', async () => {
    const { json } = await device.call('/tts/files');
    expect(json.every((file: { text_content: string }) => /^(hello|𝄞+)$/u.test(file.text_content))).toBe(
      true,
    );
  });
});

describe('limits', () => {
  it('ask a user who calls too often to wait, and nobody else', async () => {
    const ground = await layGround('SQLite and files');
    const server = await startServer(ground, { RATE_LIMIT_MAX: '20', RATE_LIMIT_WINDOW: '60000' });
    const busy = await signIn(server.url);
    const calm = await signIn(server.url);
    const statuses = [];
    for (let n = 0; n < 25; n += 1) statuses.push((await busy.call('/tts/files')).status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(20);
    const refused = await busy.call('/tts/files');
    expect([refused.status, refused.json.error]).toEqual([429, 'Too Many Requests']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await calm.call('/tts/files')).status).toBe(200);
    await server.stop();
    await ground.remove();
  });

  it('refuse more characters a day and more waiting texts than a user has, and keep nothing of them', async () => {
    const ground = await layGround('SQLite and files');
    const server = await startServer(ground, {
      SPEECH_CHARACTERS_PER_DAY: '100',
      SPEECH_QUEUE_PER_USER: '2',
    });
    const device = await signIn(server.url);
    expect((await device.generate('x'.repeat(60))).status).toBe(200);
    const refused = await device.generate('y'.repeat(60));
    expect([refused.status, refused.json.code]).toEqual([429, 'QUOTA_EXCEEDED']);
    const hashes = (await device.call('/tts/files')).json.map(
      (file: { text_content: string }) => file.text_content,
    );
    expect(hashes).toEqual(['x'.repeat(60)]);
    expect((await device.call('/user/usage')).json.characters_today).toBe(60);
    await server.stop();
    await ground.remove();
  });
});
