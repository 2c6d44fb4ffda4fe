import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { layGround, startServer } from '../../support/servers.js';

it('stops at once although a browser holds a connection over which it asked nothing yet', async () => {
  const ground = await layGround('SQLite and files');
  const server = await startServer(ground);
  const { hostname, port } = new URL(server.url);
  const silent = connect(Number(port), hostname);
  const ended = new Promise((resolve) => silent.on('close', resolve).on('error', resolve));
  // An answer over another connection: by then the server has taken up the silent one as well.
  await new Promise((resolve) => silent.on('connect', resolve));
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
  await server.stop();
  await ended;
  await ground.remove();
}, 20_000);
