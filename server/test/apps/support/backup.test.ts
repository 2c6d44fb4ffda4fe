import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { backup } from '../../../src/cli/backup.js';
import { restore } from '../../../src/cli/restore.js';
import { loadConfig } from '../../../src/config.js';
import { printed } from '../../cli/installation.js';
import { startOperatorApp } from '../../support/operator-app.js';
import { layGround, stacks } from '../../support/servers.js';
import { sdkDevice } from '../../support/support-client.js';

describe.each(stacks)('Backups of the support app on %s', (stack) => {
  it('Backups: restored into an empty installation, a conversation is as it was and goes on', async () => {
    const [source, target] = [await layGround(stack), await layGround(stack)];
    const before = await startOperatorApp(stack, { ground: source });
    const app = await before.signUp();
    const talks = [];
    for (let n = 0; n < 10; n += 1) talks.push(await before.converse(app, { body: `Question ${n}` }));
    const talk = talks[Math.floor(Math.random() * talks.length)];
    if (!talk) throw new Error('there is no conversation');
    const thread = `/admin/api/conversations/${talk.conversationId}/messages`;
    await before.call('POST', thread, { as: app.owner, body: { body: 'An answer', local_id: randomUUID() } });
    const stored = (await before.call('GET', thread, { as: app.owner })).body;
    const file = join(source.dataDirectory, 'backup.tar.gz');
    await printed(() => backup(loadConfig(source.environment), file));
    await before.stop();

    // The folder is laid with the ground; a restore wants it empty.
    rmSync(target.dataDirectory, { recursive: true, force: true });
    const words = await printed(() => restore(loadConfig(target.environment), file));
    expect(words).toMatch(/Restored \d+ rows/);
    const after = await startOperatorApp(stack, { ground: target });
    const login = await after.call<{ access_token: string }>('POST', '/admin/auth/login', {
      body: { email: app.owner.email, password: 'correct horse battery' },
    });
    const as = login.body.access_token;
    expect((await after.call('GET', thread, { as })).body).toEqual(stored);
    const list = await after.call<{ conversations: unknown[] }>('GET', '/admin/api/conversations', { as });
    expect(list.body.conversations).toHaveLength(10);
    const device = sdkDevice(after.url, app, { deviceId: talk.deviceId });
    const sent = await device.send(talk.conversationId, 'Thank you');
    expect(sent.status).toBe(200);
    expect(sent.json.message.sequence).toBeGreaterThan(10);
    await after.stop();
    await source.remove();
    await target.remove();
  });
});
