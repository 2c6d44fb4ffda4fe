import { expect, test } from 'vitest';
import { sha256Hex } from '../../src/files/sha256.js';
import { createDevice } from '../support/device.js';
import { createFakeServer, errorAnswer, json } from '../support/fake-server.js';

const bytes = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 1, 2, 3);
const file = {
  fileName: 'luna.png',
  mimeType: 'image/png',
  category: 'avatar',
  bytes,
  binding: { heroId: 'h1' },
} as const;

test('a file is announced with its checksum, sent without a token elsewhere, and bound', async () => {
  const server = createFakeServer();
  const sha256 = await sha256Hex(bytes);
  const stored = 'https://store.test/upload/1?signature=x';
  server.route = ({ path, method }) => {
    if (path === '/api/files/upload')
      return json({ data: { uploadUrl: stored, storageKey: 'avatar/u/1' } }, 201);
    if (method === 'PUT') return new Response('');
    return json({ data: { storageKey: 'avatar/u/1', sha256, id: 'h1', type: 'hero' } });
  };
  const device = await createDevice(server);
  const shares: number[] = [];
  const confirmed = await device.files.upload(file, { onProgress: (share) => shares.push(share) });
  expect(confirmed).toMatchObject({ storageKey: 'avatar/u/1', id: 'h1' });
  expect(shares).toEqual([0, 1]);
  const [announced, sent, bound] = server.requests;
  expect(announced?.body).toEqual({
    fileName: 'luna.png',
    mimeType: 'image/png',
    fileSize: 7,
    category: 'avatar',
    sha256,
  });
  expect([sent?.method, sent?.body, sent?.headers.get('content-type')]).toEqual(['PUT', bytes, 'image/png']);
  expect(sent?.headers.get('authorization')).toBeNull();
  expect(bound?.body).toEqual({ storageKey: 'avatar/u/1', heroId: 'h1' });
});

test('a file that arrived as another one is an error', async () => {
  const server = createFakeServer();
  server.route = ({ method }) =>
    method === 'PUT'
      ? new Response('')
      : json({ data: { uploadUrl: '/put', storageKey: 'k', sha256: 'other' } });
  const device = await createDevice(server);
  await expect(device.files.upload(file)).rejects.toMatchObject({ code: 'truncated' });
});

test('a batch has at most 100 items, and names its list as the server does', async () => {
  const server = createFakeServer();
  server.route = ({ body }) => json({ success: true, sent: body });
  const device = await createDevice(server);
  const items = Array.from({ length: 100 }, (_, index) => ({ id: `local-${index}` }));
  await device.files.batch('custom-events', items);
  expect(server.requests[0]?.path).toBe('/api/batch/custom-events');
  expect(server.requests[0]?.body).toEqual({ customEvents: items });
  await expect(device.files.batch('heroes', [...items, { id: 'more' }])).rejects.toThrow(RangeError);
  server.route = () => errorAnswer(400, 'ValidationError', 'heroes: must be a list');
  await expect(device.files.batch('heroes', items)).rejects.toMatchObject({ code: 'validation' });
});
