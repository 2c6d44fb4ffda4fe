import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backup } from '../../src/cli/backup.js';
import { loadConfig } from '../../src/config.js';
import { withJobs } from '../../src/platform/jobs/tables.js';
import { bearer, call, type SignedUp, signUp } from '../support/accounts.js';
import {
  eventually,
  type Ground,
  layGround,
  stacks,
  startServer,
  type TestServer,
} from '../support/servers.js';
import { signIn } from '../support/speech-client.js';

const ROUTES = [
  ['GET', '/api/operator/jobs'],
  ['GET', '/api/operator/storage'],
  ['GET', '/api/operator/errors'],
  ['POST', '/api/operator/jobs/some-id/retry'],
] as const;

describe.each(stacks)('the operator’s view, on %s', (stack) => {
  let ground: Ground;
  let server: TestServer;
  let operator: SignedUp;

  beforeAll(async () => {
    ground = await layGround(stack);
    server = await startServer(ground);
    // The first account of the server, which is nothing special.
    operator = await signUp(server, 'operator@example.com');
  });
  afterAll(async () => {
    await server.stop();
    await ground.remove();
  });

  const ask = (path: string, method = 'GET') =>
    call(server, method, path, { headers: bearer(operator.token) });

  it('is closed to everybody until somebody is named on the machine', async () => {
    const { token } = await signIn(server.url);
    for (const [method, path] of ROUTES) {
      expect((await call(server, method, path)).status, path).toBe(401);
      expect((await call(server, method, path, { headers: bearer(token) })).status, path).toBe(403);
      expect((await ask(path, method)).status, path).toBe(403);
    }
    expect((await ask('/api/account')).body).toMatchObject({
      is_operator: false,
      server_has_operator: false,
    });
    await server.built.platform.serverOperators.add(operator.userId);
    expect((await ask('/api/account')).body).toMatchObject({ is_operator: true, server_has_operator: true });
    expect((await ask('/api/operator/jobs')).status).toBe(200);

    const other = await signUp(server, 'other@example.com');
    expect((await call(server, 'GET', '/api/operator/jobs', { headers: bearer(other.token) })).status).toBe(
      403,
    );
    // What was made of the operator's session for the speech app alone is not enough.
    const refreshed = await call(server, 'POST', '/auth/refresh', { headers: bearer(operator.token) });
    const { session_token } = refreshed.body as { session_token: string };
    expect((await call(server, 'GET', '/api/operator/jobs', { headers: bearer(session_token) })).status).toBe(
      403,
    );
  });

  it('shows a failed job and runs it again', async () => {
    const { database } = server.built.platform;
    const id = 'a-failed-job';
    await database.transaction((tx) =>
      withJobs(tx)
        .insertInto('background_jobs')
        .values({
          id,
          name: 'speech.erase',
          owner: '',
          unique_key: null,
          payload: JSON.stringify({ files: [] }),
          state: 'failed',
          recurring: 0,
          attempts: 12,
          run_at: 0,
          error: 'Error EIO',
          failed_at: Date.now(),
        })
        .execute(),
    );
    expect((await ask('/api/operator/jobs')).body).toMatchObject({
      failed: 1,
      failures: [{ id, name: 'speech.erase', reason: 'Error EIO', attempts: 12, can_retry: true }],
    });
    expect((await ask(`/api/operator/jobs/${id}/retry`, 'POST')).status).toBe(204);
    const { body } = await eventually(
      () => ask('/api/operator/jobs'),
      (answer) => (answer.body as { failed: number }).failed === 0,
    );
    expect(body).toMatchObject({ failures: [] });
    expect((await ask(`/api/operator/jobs/${id}/retry`, 'POST')).status).toBe(404);
  });

  it('tells what is stored', async () => {
    const { body, status } = await ask('/api/operator/storage');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      database: { dialect: stack === 'SQLite and files' ? 'sqlite' : 'postgres', bytes: expect.any(Number) },
      media: { place: stack === 'SQLite and files' ? 'files' : 's3', is_complete: true },
      last_backup_at: null,
    });
    const { disk, database } = body as {
      disk: { bytes: number; free_bytes: number };
      database: { bytes: number };
    };
    expect(database.bytes).toBeGreaterThan(0);
    expect(disk.free_bytes).toBeLessThan(disk.bytes);

    const before = Date.now();
    await backup(loadConfig(ground.environment), join(ground.dataDirectory, 'backup.tar.gz'));
    const after = (await ask('/api/operator/storage')).body as { last_backup_at: string };
    expect(Date.parse(after.last_backup_at)).toBeGreaterThanOrEqual(before - 1_000);
  });

  it('shows the newest errors as the log has them, without secrets', async () => {
    const { log } = server.built.platform;
    const key = 'sk-abcdefghijklmnop';
    log.error(
      { request_id: 'r-1', err: new Error(`the upstream said ${key}`), apiKey: key },
      'something broke',
    );
    log.warn('not an error');
    const { body } = await ask('/api/operator/errors');
    const { errors } = body as { errors: { message: string; type: string; detail: string }[] };
    expect(errors[0]).toMatchObject({
      message: 'something broke',
      type: 'Error',
      detail: 'the upstream said [redacted]',
      request_id: 'r-1',
    });
    expect(JSON.stringify(body)).not.toContain(key);
    expect(JSON.stringify(body)).not.toContain('not an error');
  });

  it('is closed again to whoever is no operator any more', async () => {
    const { serverOperators } = server.built.platform;
    expect(await serverOperators.remove(operator.userId)).toBe(true);
    expect((await ask('/api/operator/jobs')).status).toBe(403);
    expect(await serverOperators.remove(operator.userId)).toBe(false);
  });
});
