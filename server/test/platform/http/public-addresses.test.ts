import type { LookupAddress } from 'node:dns';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createPublicHttp,
  isPublicAddress,
  type OutgoingRequest,
  type PublicHttpOptions,
} from '../../../src/platform/http/public-addresses.js';
import { type LoopbackServer, startLoopbackServer } from '../../support/loopback-server.js';

const to = (url: string, more: Partial<OutgoingRequest> = {}): OutgoingRequest => ({
  url: new URL(url),
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: '{}',
  timeoutMs: 2_000,
  maxResponseBytes: 1_000,
  ...more,
});

describe('a public address', () => {
  it.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2001:4860:4860::8888'])(
    'is %s',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  it.each([
    ['this host', '0.0.0.0'],
    ['private', '10.1.2.3'],
    ['private', '172.16.0.1'],
    ['private', '192.168.1.1'],
    ['shared by providers', '100.64.0.1'],
    ['loopback', '127.0.0.1'],
    ['loopback', '127.255.0.3'],
    ['link-local', '169.254.1.1'],
    ['metadata', '169.254.169.254'],
    ['metadata of Azure', '168.63.129.16'],
    ['metadata of Alibaba', '100.100.100.200'],
    ['multicast', '224.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['loopback', '::1'],
    ['unspecified', '::'],
    ['IPv4 in IPv6', '::ffff:8.8.8.8'],
    ['IPv4 in IPv6', '::ffff:127.0.0.1'],
    ['translated IPv4', '64:ff9b::7f00:1'],
    ['6to4', '2002:7f00:1::'],
    ['Teredo', '2001:0:7f00:1::'],
    ['unique local', 'fd00:ec2::254'],
    ['link-local', 'fe80::1'],
    ['multicast', 'ff02::1'],
    ['documentation', '2001:db8::1'],
    ['no address', 'example.com'],
  ])('is not one that is %s: %s', (_, address) => expect(isPublicAddress(address)).toBe(false));
});

describe('calls to addresses that users named', () => {
  let server: LoopbackServer;
  beforeAll(async () => {
    server = await startLoopbackServer(() => ({ status: 200, body: 'hello' }));
  });
  afterAll(() => server.close());
  const port = () => new URL(server.url).port;
  const httpOver = (addresses: Record<string, readonly string[]>, more: PublicHttpOptions = {}) =>
    createPublicHttp({
      resolve: async (host): Promise<LookupAddress[]> =>
        (addresses[host] ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      ...more,
    });

  it.each([
    'http://127.0.0.1',
    'http://127.1',
    'http://2130706433',
    'http://0x7f000001',
    'http://017700000001',
    'http://[::1]',
    'http://[::ffff:127.0.0.1]',
    'http://localhost',
    'http://inside.example',
    'http://half-inside.example',
  ])('never reach %s', async (base) => {
    const http = httpOver({
      localhost: ['127.0.0.1'],
      'inside.example': ['127.0.0.1'],
      'half-inside.example': ['8.8.8.8', '127.0.0.1'],
    });
    const before = server.requests.length;
    const url = `${base}:${port()}/hook`;
    await expect(http.check(new URL(url))).rejects.toMatchObject({ name: 'PrivateAddress' });
    await expect(http.send(to(url))).rejects.toMatchObject({ name: 'PrivateAddress' });
    expect(server.requests).toHaveLength(before);
  });

  it('go to the very address that was checked, so that a name which changes its mind gains nothing', async () => {
    const answers = ['127.0.0.1', '127.0.0.2'];
    let asked = 0;
    const http = createPublicHttp({
      isAllowed: (address) => address === '127.0.0.1',
      resolve: async () => {
        const address = answers[Math.min(asked, 1)] ?? '';
        asked += 1;
        return [{ address, family: 4 }];
      },
    });
    expect((await http.send(to(`http://rebinding.example:${port()}/first`))).status).toBe(200);
    expect(asked).toBe(1);
    await expect(http.send(to(`http://rebinding.example:${port()}/second`))).rejects.toMatchObject({
      name: 'PrivateAddress',
    });
    expect(server.requests.filter(({ headers }) => headers.host?.startsWith('rebinding'))).toHaveLength(1);
  });

  it('do not follow redirects', async () => {
    const http = createPublicHttp({ isAllowed: () => true });
    server.answer(() => ({ status: 302, headers: { location: `${server.url}/elsewhere` } }));
    expect((await http.send(to(`${server.url}/moved`))).status).toBe(302);
    expect(server.requests.some(({ path }) => path === '/elsewhere')).toBe(false);
  });

  it('read no more of an answer than they were told to', async () => {
    const http = createPublicHttp({ isAllowed: () => true });
    server.answer(() => ({ status: 200, body: 'x'.repeat(5_000_000) }));
    const answer = await http.send(to(server.url, { maxResponseBytes: 100 }));
    expect(answer.body.toString()).toBe('x'.repeat(100));
  });

  it('end after their time, and when they are told to', async () => {
    const http = createPublicHttp({ isAllowed: () => true });
    server.answer(() => 'hang');
    await expect(http.send(to(server.url, { timeoutMs: 100 }))).rejects.toMatchObject({
      name: 'NoAnswer',
      message: 'No answer within 100 ms.',
    });
    const controller = new AbortController();
    const sending = http.send(to(server.url, { signal: controller.signal }));
    setTimeout(() => controller.abort(), 30);
    await expect(sending).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('say so when nobody answers, or the name leads nowhere', async () => {
    const http = httpOver({ 'gone.example': [] }, { isAllowed: () => true });
    server.answer(() => 'hang-up');
    await expect(http.send(to(server.url))).rejects.toMatchObject({ name: 'NoAnswer' });
    await expect(http.send(to('http://gone.example/'))).rejects.toMatchObject({ name: 'NoAnswer' });
    await expect(http.check(new URL('http://gone.example/'))).resolves.toBeUndefined();
  });
});
