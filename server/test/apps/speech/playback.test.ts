import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ground, layGround, stacks, startServer, type TestServer } from '../../support/servers.js';
import { type SpeechDevice, signIn } from '../../support/speech-client.js';

const report = (more: Record<string, unknown> = {}) => ({
  document_id: 'doc-1',
  title: 'A title',
  text_content: 'Some text',
  language_code: 'en-US',
  resume_key: 'resume-1',
  progress: 0.25,
  is_playing: true,
  is_paused: false,
  is_loading: false,
  current_title: 'A title',
  ...more,
});

describe.each(stacks)('playback positions, on %s', (stack) => {
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

  const sync = (more?: Record<string, unknown>) =>
    device.call('/playback/sync', { method: 'POST', body: report(more) });

  it('creates on the first report and updates on later ones', async () => {
    const first = await sync();
    expect(first.status).toBe(200);
    expect(first.json).toMatchObject(report());
    const second = await sync({ progress: 0.5, is_playing: false, is_paused: true });
    expect(second.json).toMatchObject({
      id: first.json.id,
      created_at: first.json.created_at,
      progress: 0.5,
      is_playing: false,
      is_paused: true,
    });
    expect((await device.call('/playback/state/doc-1')).json).toEqual(second.json);
  });

  it('lists the most recently heard first', async () => {
    await sync({ document_id: 'doc-2' });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await sync({ document_id: 'doc-1' });
    const { json } = await device.call('/playback/states');
    expect(json.map((state: { document_id: string }) => state.document_id)).toEqual(['doc-1', 'doc-2']);
  });

  it('answers the JSON literal null for a document that was never heard', async () => {
    const answer = await device.call('/playback/state/unheard');
    expect([answer.status, answer.text]).toEqual([200, 'null']);
    expect(answer.headers.get('content-type')).toContain('application/json');
  });

  it('deletes, also what is not there', async () => {
    for (const documentId of ['doc-2', 'doc-2', 'never']) {
      const answer = await device.call(`/playback/state/${documentId}`, { method: 'DELETE' });
      expect([answer.status, answer.json]).toEqual([200, { deleted: true }]);
    }
    expect((await device.call('/playback/state/doc-2')).text).toBe('null');
  });

  it('accepts empty titles and texts and a missing language', async () => {
    const { json, status } = await sync({ title: '', text_content: '', language_code: undefined });
    expect(status).toBe(200);
    expect(json).toMatchObject({ title: '', text_content: '', language_code: null });
  });

  it('drops a write that is older than what is stored, and lets no fast clock lock others out', async () => {
    await sync({ document_id: 'race', progress: 0.9 });
    const stale = await sync({ document_id: 'race', progress: 0.1, updated_at: '2020-01-01T00:00:00Z' });
    expect(stale.json.progress).toBe(0.9);
    await sync({ document_id: 'race', progress: 0.4, updated_at: '2099-01-01T00:00:00Z' });
    expect((await sync({ document_id: 'race', progress: 0.6 })).json.progress).toBe(0.6);
  });

  it('keeps documents apart by user', async () => {
    await sync({ document_id: 'shared-name', progress: 0.7 });
    const stranger = await signIn(server.url);
    expect((await stranger.call('/playback/state/shared-name')).text).toBe('null');
    await stranger.call('/playback/state/shared-name', { method: 'DELETE' });
    expect((await device.call('/playback/state/shared-name')).json.progress).toBe(0.7);
  });

  it('takes a burst of reports from one player without refusing any', async () => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, n) => sync({ document_id: 'burst', progress: n / 200 })),
    );
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });

  it.each([
    [{ progress: 1.5 }, 'body/progress must be <= 1'],
    [{ progress: '0.5' }, 'body/progress must be number'],
    [{ is_playing: 'yes' }, 'body/is_playing must be boolean'],
    [{ document_id: '' }, 'body/document_id must NOT have fewer than 1 characters'],
    [{ resume_key: undefined }, "body must have required property 'resume_key'"],
    [{ title: 'a\u0000b' }, 'body/title must not contain NUL characters'],
  ])('refuses %j', async (more, message) => {
    const answer = await sync(more);
    expect([answer.status, answer.json.message]).toEqual([400, message]);
  });
});
