import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../support/speech-client.js';
import { startVoiceApp, type VoiceApp } from '../../support/voice-app.js';

const PATH = '/api/voice/keys';

describe('keys of this server for the voice app', () => {
  let app: VoiceApp;
  beforeAll(async () => {
    app = await startVoiceApp({ environment: { REQUIRE_USER_KEY: 'true' } });
  });
  afterAll(() => app.stop());

  const signedIn = async () => {
    const { token } = await app.signUp();
    return { authorization: `Bearer ${token}` };
  };
  const models = (key: string) => app.get('/v1/models', { authorization: `Bearer ${key}` });

  it('are made by an account, shown once, and open the OpenAI-compatible routes until they are revoked', async () => {
    const owner = await signedIn();
    const made = await app.post(PATH, { name: 'my laptop' }, owner);
    expect(made.status).toBe(201);
    expect(made.json.key).toMatch(/^earshot_sk_[\w-]{40,}$/);
    const { keys } = (await app.get(PATH, owner)).json;
    expect(keys[0]).toMatchObject({ id: made.json.id, name: 'my laptop', last_used_at: null });
    expect(JSON.stringify(keys)).not.toContain(made.json.key);
    expect((await models(made.json.key)).status).toBe(200);
    const revoked = await call(`${app.url}${PATH}/${made.json.id}`, { method: 'DELETE', headers: owner });
    expect(revoked.status).toBe(204);
    expect((await models(made.json.key)).status).toBe(401);
    expect(app.logged.join('')).not.toContain(made.json.key);
  });

  it('are nobody else’s', async () => {
    const [owner, stranger] = [await signedIn(), await signedIn()];
    const { json } = await app.post(PATH, {}, owner);
    const refused = await call(`${app.url}${PATH}/${json.id}`, { method: 'DELETE', headers: stranger });
    expect(refused.status).toBe(404);
    expect(refused.json.error.code).toBe('not_found');
    expect((await app.get(PATH, stranger)).json.keys).not.toContainEqual(
      expect.objectContaining({ id: json.id }),
    );
    expect((await models(json.key)).status).toBe(200);
  });

  it('do not make others, and nobody makes any', async () => {
    const { json } = await app.post(PATH, {}, await signedIn());
    for (const headers of [{ authorization: `Bearer ${json.key}` }, {}]) {
      const { status } = await app.post(PATH, {}, headers as Record<string, string>);
      expect(status).toBe(401);
    }
  });
});
