import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { historyRetentionJob } from '../../../src/apps/voice/history/retention-job.js';
import { createHistoryStore } from '../../../src/apps/voice/history/store.js';
import { allEvents } from '../../support/event-stream.js';
import { movableClock, stacks } from '../../support/servers.js';
import { call } from '../../support/speech-client.js';
import { startVoiceApp, type VoiceApp } from '../../support/voice-app.js';

const DAY_MS = 24 * 3_600_000;

describe.each(stacks)('conversations kept on the server (§6.2), on %s', (stack) => {
  const clock = movableClock();
  let app: VoiceApp;
  beforeAll(async () => {
    app = await startVoiceApp({ stack, clock, environment: { VOICE_HISTORY: 'true' } });
  });
  afterAll(() => app.stop());

  /** A device with a token of its own. */
  const device = () => {
    const headers = { 'x-device-token': randomBytes(16).toString('base64url') };
    return {
      headers,
      ask: (message: string, sessionId?: string) =>
        app.post('/api/conversation', { message, ...(sessionId ? { sessionId } : {}) }, headers),
      sessions: async () => (await app.get('/api/sessions', headers)).json.sessions,
      messages: (id: string) => app.get(`/api/sessions/${id}/messages`, headers),
      remove: (path: string) => call(`${app.url}/api/sessions${path}`, { method: 'DELETE', headers }),
    };
  };

  it('are kept for the device that asks for it, question and answer in their order', async () => {
    const phone = device();
    await phone.ask('What is 6 times 7?', 'one');
    clock.advance(1_000);
    await phone.ask('What is 2 plus 2?', 'one');
    await phone.ask('Hello', 'two');
    expect(await phone.sessions()).toEqual([
      expect.objectContaining({ id: 'two', ended_at: null }),
      expect.objectContaining({ id: 'one', started_at: expect.stringMatching(/Z$/) }),
    ]);
    const { json } = await phone.messages('one');
    expect(json.messages.map(({ sender }: { sender: string }) => sender)).toEqual([
      'user',
      'bot',
      'user',
      'bot',
    ]);
    expect(json.messages[0]).toMatchObject({ message_text: 'What is 6 times 7?' });
    expect(json.messages[1].message_text).toContain('42');
  });

  it('are kept of streams too, before the end is told', async () => {
    const phone = device();
    const answer = await fetch(`${app.url}/api/conversation`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...phone.headers },
      body: JSON.stringify({ message: 'Hello', sessionId: 'streamed', stream: true }),
    });
    expect((await allEvents(answer)).at(-1)?.name).toBe('done');
    expect((await phone.messages('streamed')).json.messages).toHaveLength(2);
  });

  it('are not kept without a token or a session', async () => {
    const phone = device();
    await phone.ask('Hello');
    await app.post('/api/conversation', { message: 'Hello', sessionId: 'nobodys' });
    expect(await phone.sessions()).toEqual([]);
  });

  it('are shown to, ended and forgotten by nobody else', async () => {
    const [phone, stranger] = [device(), device()];
    await phone.ask('Hello', 'mine');
    expect(await stranger.sessions()).toEqual([]);
    expect((await stranger.messages('mine')).status).toBe(404);
    expect((await stranger.remove('/mine')).status).toBe(404);
    expect((await app.post('/api/sessions/mine/end', {}, stranger.headers)).status).toBe(404);
    expect((await stranger.remove('')).status).toBe(204);
    expect((await phone.messages('mine')).json.messages).toHaveLength(2);
  });

  it('are ended, and forgotten one by one or all', async () => {
    const phone = device();
    for (const id of ['a', 'b', 'c']) await phone.ask('Hello', id);
    expect((await app.post('/api/sessions/a/end', {}, phone.headers)).status).toBe(204);
    const ended = (await phone.sessions()).find(({ id }: { id: string }) => id === 'a');
    expect(ended.ended_at).toMatch(/Z$/);
    expect((await phone.remove('/a')).status).toBe(204);
    expect((await phone.messages('a')).status).toBe(404);
    expect((await phone.remove('')).status).toBe(204);
    expect(await phone.sessions()).toEqual([]);
  });

  it.each([undefined, 'short', 'a token with spaces in it', 'x'.repeat(129)])(
    'are not shown for the token %s',
    async (token) => {
      const headers = token === undefined ? {} : { 'x-device-token': token };
      const { status, json } = await app.get('/api/sessions', headers);
      expect(status).toBe(401);
      expect(json.error.message).toContain('x-device-token');
    },
  );

  it('leave no token in the database or the log', async () => {
    const phone = device();
    await phone.ask('Hello', 'secret');
    const token = phone.headers['x-device-token'];
    expect(app.logged.join('')).not.toContain(token);
    const owners = await app.platform.database.read
      .selectFrom('voice_sessions' as 'users')
      .select('owner' as 'id')
      .execute();
    expect(JSON.stringify(owners)).not.toContain(token);
  });

  it('cost no answer when they cannot be written', async () => {
    const phone = device();
    vi.spyOn(app.platform.database, 'transaction').mockRejectedValueOnce(new Error('the disk is full'));
    const { status, json } = await phone.ask('What is 6 times 7?', 'lost');
    expect(status).toBe(200);
    expect(json.response).toContain('42');
    expect(await phone.sessions()).toEqual([]);
  });

  it('are forgotten after 30 days of silence', async () => {
    const phone = device();
    await phone.ask('Hello', 'old');
    clock.advance(29 * DAY_MS);
    await phone.ask('Hello', 'new');
    clock.advance(2 * DAY_MS);
    const { platform } = app;
    const job = historyRetentionJob(platform, createHistoryStore(platform.database));
    await job.run({ signal: new AbortController().signal } as Parameters<typeof job.run>[0]);
    expect((await phone.sessions()).map(({ id }: { id: string }) => id)).toEqual(['new']);
  });
});

describe('a server that keeps no conversations', () => {
  let app: VoiceApp;
  beforeAll(async () => {
    app = await startVoiceApp();
  });
  afterAll(() => app.stop());

  it('answers as if nobody had asked for it, and says so when asked for them', async () => {
    const headers = { 'x-device-token': randomBytes(16).toString('base64url') };
    const { status } = await app.post('/api/conversation', { message: 'Hello', sessionId: 'one' }, headers);
    expect(status).toBe(200);
    const sessions = await app.get('/api/sessions', headers);
    expect(sessions.status).toBe(404);
    expect(sessions.json.error.code).toBe('not_found');
  });
});
