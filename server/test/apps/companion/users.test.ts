import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CompanionApp, startCompanionApp } from '../../support/companion-app.js';
import { movableClock, stacks } from '../../support/servers.js';
import { call } from '../../support/speech-client.js';

describe.each(stacks)('§5.6 users, settings and people, on %s', (stack) => {
  const clock = movableClock(Date.parse('2026-11-21T10:00:00Z'));
  let app: CompanionApp;
  beforeAll(async () => {
    app = await startCompanionApp(stack, { clock });
  });
  afterAll(() => app.stop());

  it('GET v1/users/profile tells who the user is', async () => {
    const user = await app.signUp();
    expect((await user.get('v1/users/profile')).json).toMatchObject({
      uid: user.userId,
      id: user.userId,
      email: null,
      language: null,
      data_protection_level: 'standard',
      migration_status: null,
    });
  });

  it('GET v1/users/{userId} tells oneself and nobody else', async () => {
    const user = await app.signUp();
    const other = await app.signUp();
    const { json } = await user.get('v1/users/profile');
    expect((await user.get('v1/users/me')).json).toEqual(json);
    expect((await user.get(`v1/users/${user.userId}`)).json).toEqual(json);
    expect((await user.get(`v1/users/${other.userId}`)).status).toBe(403);
    expect((await user.get('v1/users/nobody')).status).toBe(404);
  });

  it('tells the name and address of an account', async () => {
    const email = 'ada@example.com';
    const password = 'a long enough password';
    await call(`${app.url}/v1/signup`, { method: 'POST', body: { email, password, name: 'Ada' } });
    const { json } = await call(`${app.url}/v1/signin`, { method: 'POST', body: { email, password } });
    const profile = await call(`${app.url}/v1/users/profile`, {
      headers: { authorization: `Bearer ${json.token}` },
    });
    expect(profile.json).toMatchObject({ uid: json.uid, email, name: 'Ada' });
  });

  it('GET and PATCH v1/users/language keep what was chosen', async () => {
    const user = await app.signUp();
    expect((await user.get('v1/users/language')).json).toEqual({ language: null });
    expect((await user.patch('v1/users/language', { language: 'pt' })).status).toBe(200);
    expect((await user.get('v1/users/language')).json).toEqual({ language: 'pt' });
    expect((await user.patch('v1/users/language', { language: '' })).status).toBe(400);
    expect((await user.patch('v1/users/language', {})).status).toBe(400);
    expect((await user.get('v1/users/language')).json).toEqual({ language: 'pt' });
  });

  it('keeps permission for recordings, cloud sync and the preferred app', async () => {
    const user = await app.signUp();
    const permission = async () =>
      (await user.get('v1/users/store-recording-permission')).json.store_recording_permission;
    expect(await permission()).toBeNull();
    await user.post('v1/users/store-recording-permission?value=true');
    expect(await permission()).toBe(true);
    await user.delete('v1/users/store-recording-permission');
    expect(await permission()).toBe(false);
    const sync = async () => (await user.get('v1/users/private-cloud-sync')).json.private_cloud_sync_enabled;
    expect(await sync()).toBe(false);
    await user.post('v1/users/private-cloud-sync?value=true');
    expect(await sync()).toBe(true);
    expect((await user.put('v1/users/preferences/app?app_id=some-app')).status).toBe(200);
    expect((await user.put('v1/users/preferences/app?app_id=no_selected')).status).toBe(200);
  });

  it('POST v1/users/fcm-token keeps the zone even without a token, and one token for one user', async () => {
    const [user, other] = [await app.signUp(), await app.signUp()];
    await user.post('v1/users/fcm-token', { fcm_token: 'phone-1', time_zone: 'Asia/Kathmandu' });
    expect((await user.get('v1/users/me')).json.time_zone).toMatch(/^Asia\/Kat/);
    await user.post('v1/users/fcm-token', { fcm_token: null, time_zone: 'Europe/Berlin' });
    expect((await user.get('v1/users/me')).json.time_zone).toBe('Europe/Berlin');
    await user.post('v1/users/fcm-token', { fcm_token: '', time_zone: 'Mars/Olympus' });
    expect((await user.get('v1/users/me')).json.time_zone).toBe('Europe/Berlin');
    await other.post('v1/users/fcm-token', { fcm_token: 'phone-1', time_zone: 'UTC' });
    expect(await app.rooms.stores.profiles.deviceTokens(user.userId)).toEqual([]);
    expect(await app.rooms.stores.profiles.deviceTokens(other.userId)).toEqual(['phone-1']);
  });

  it('PATCH v1/users/geolocation takes the app’s fields and refuses places off this planet', async () => {
    const user = await app.signUp();
    const place = {
      id: 0,
      latitude: 52.52,
      longitude: 13,
      altitude: null,
      accuracy: 5,
      time: '2026-11-21T10:00:00Z',
      googlePlaceId: 'place',
      address: 'A street',
      locationType: 'street',
    };
    expect((await user.patch('v1/users/geolocation', place)).status).toBe(200);
    const id = await app.talking(user, ['Hello']);
    expect((await user.get(`v1/conversations/${id}`)).json.geolocation).toMatchObject({
      latitude: 52.52,
      google_place_id: 'place',
      location_type: 'street',
      address: 'A street',
    });
    expect((await user.patch('v1/users/geolocation', { ...place, latitude: 91 })).status).toBe(400);
    expect((await user.patch('v1/users/geolocation', {})).status).toBe(400);
  });

  it('GET v1/users/me/subscription has all its keys and no limits', async () => {
    const user = await app.signUp();
    expect((await user.get('v1/users/me/subscription')).json).toMatchObject({
      subscription: { plan: 'unlimited', status: 'active' },
      transcription_seconds_used: 0,
      transcription_seconds_limit: 0,
      show_subscription_ui: false,
    });
  });

  it('GET v1/users/me/usage tells each period under its own name', async () => {
    const user = await app.signUp();
    const use = (day: string, transcription_seconds: number) =>
      app.platform.database.transaction((tx) =>
        app.rooms.stores.profiles.addUsage(tx, user.userId, day, { transcription_seconds }),
      );
    await use('2025-03-01', 1_000);
    await use('2026-01-31', 100);
    await use('2026-11-01', 10.4);
    await use('2026-11-21', 1);
    await use('2026-11-21', 1);
    const usage = async (period: string) => (await user.get(`v1/users/me/usage?period=${period}`)).json;
    expect(await usage('today')).toMatchObject({
      today: { transcription_seconds: 2, words_transcribed: 0 },
      history: [{ date: '2026-11-21', transcription_seconds: 2 }],
    });
    expect(await usage('monthly')).toMatchObject({
      monthly: { transcription_seconds: 12 },
      history: [{ date: '2026-11-01' }, { date: '2026-11-21' }],
    });
    expect((await usage('yearly')).yearly.transcription_seconds).toBe(112);
    expect((await usage('all_time')).all_time.transcription_seconds).toBe(1_112);
    expect((await usage('never')).today.transcription_seconds).toBe(2);
  });

  it('keeps people, whose names have 2 to 40 characters', async () => {
    const user = await app.signUp();
    expect((await user.get('v1/users/people?include_speech_samples=true')).json).toEqual([]);
    const ada = (await user.post('v1/users/people', { name: ' Ada ' })).json;
    expect(ada).toMatchObject({ name: 'Ada', speech_samples: [] });
    expect((await user.get('v1/users/people')).json).toEqual([ada]);
    expect((await user.get(`v1/users/people/${ada.id}?include_speech_samples=false`)).json).toEqual(ada);
    expect((await user.patch(`v1/users/people/${ada.id}/name?value=Ada L & co`)).status).toBe(200);
    expect((await user.get(`v1/users/people/${ada.id}`)).json.name).toBe('Ada L');
    for (const name of ['', 'A', 'x'.repeat(41)]) {
      expect((await user.post('v1/users/people', { name })).status).toBe(400);
      expect((await user.patch(`v1/users/people/${ada.id}/name?value=${name}`)).status).toBe(400);
    }
    expect((await user.post('v1/users/people', { name: '🙂'.repeat(40) })).status).toBe(200);
    expect((await user.delete(`v1/users/people/${ada.id}`)).status).toBe(204);
    expect((await user.get(`v1/users/people/${ada.id}`)).status).toBe(404);
    expect((await user.delete(`v1/users/people/${ada.id}`)).status).toBe(404);
  });

  it('keeps a developer’s webhooks, and refuses addresses of this network', async () => {
    const user = await app.signUp();
    const path = (type: string) => `v1/users/developer/webhook/${type}`;
    const url = async (type: string) => (await user.get(path(type))).json.url;
    const status = async () => (await user.get('v1/users/developer/webhooks/status')).json;
    expect(await url('memory_created')).toBeNull();
    const off = {
      audio_bytes: false,
      memory_created: false,
      realtime_transcript: false,
      day_summary: false,
    };
    expect(await status()).toEqual(off);
    expect((await user.post(`${path('memory_created')}/disable`)).status).toBe(204);
    // An address in digits is looked up nowhere.
    const hook = 'https://93.184.216.34/hook';
    await user.post(path('memory_created'), { url: hook });
    await user.post(path('audio_bytes'), { url: `${hook},5` });
    expect(await url('memory_created')).toBe(hook);
    expect(await url('audio_bytes')).toBe(`${hook},5`);
    expect(await status()).toEqual({ ...off, audio_bytes: true, memory_created: true });
    expect((await user.post(`${path('memory_created')}/disable`)).status).toBe(204);
    expect(await status()).toEqual({ ...off, audio_bytes: true });
    expect((await user.post(`${path('memory_created')}/enable`, '')).status).toBe(204);
    expect((await status()).memory_created).toBe(true);
    await user.post(path('audio_bytes'), { url: ',' });
    await user.post(path('memory_created'), { url: '' });
    expect(await status()).toEqual(off);
    for (const wrong of [
      'http://127.0.0.1/x',
      'http://[::1]/x',
      'http://10.0.0.1/',
      'ftp://a.b/',
      'nonsense',
    ]) {
      expect((await user.post(path('day_summary'), { url: wrong })).status, wrong).toBe(400);
    }
    expect((await user.get(path('nothing'))).status).toBe(404);
  });

  it('DELETE v1/users/delete-account ends everything of the user at once', async () => {
    const user = await app.signUp();
    await app.recorded(user, ['The garden needs water, and I like roses most of all.']);
    await user.post('v3/memories', { content: 'I like roses.' });
    expect((await user.delete('v1/users/delete-account')).status).toBe(200);
    expect((await user.get('v1/users/profile')).status).toBe(401);
  });
});
