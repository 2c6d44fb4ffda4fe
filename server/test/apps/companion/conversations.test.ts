import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mediaKey } from '../../../src/apps/companion/media/keys.js';
import { type CompanionApp, type CompanionUser, startCompanionApp } from '../../support/companion-app.js';
import { coloredPng } from '../../support/png.js';
import { eventually, stacks } from '../../support/servers.js';
import { call } from '../../support/speech-client.js';

const DENTIST = [
  'I have to talk to you about the dentist. I was there on Tuesday because of my tooth.',
  'Remind me to call the dentist tomorrow at nine. My sister lives in Lisbon and she hates dentists.',
];
const BICYCLE = [
  'The bicycle needs new tyres before our journey to the lake. We decided to buy them together.',
];

describe.each(stacks)('§5.1 conversations, on %s', (stack) => {
  let app: CompanionApp;
  beforeAll(async () => {
    app = await startCompanionApp(stack);
  });
  afterAll(() => app.stop());

  const someone = (): Promise<CompanionUser> => app.signUp();
  const read = async (user: CompanionUser, id: string) => (await user.get(`v1/conversations/${id}`)).json;

  it('GET v1/conversations lists finished ones, the newest first, page by page', async () => {
    const user = await someone();
    expect((await user.get('v1/conversations?include_discarded=false&limit=50&offset=0')).json).toEqual([]);
    const first = await app.recorded(user, DENTIST);
    const second = await app.recorded(user, BICYCLE);
    const ids = async (query: string) =>
      (await user.get(`v1/conversations${query}`)).json.map(({ id }: { id: string }) => id);
    expect(await ids('')).toEqual([second, first]);
    expect(await ids('?statuses=&include_discarded=true&limit=50&offset=0')).toEqual([second, first]);
    expect(await ids('?statuses=processing,completed&limit=1&offset=1')).toEqual([first]);
    expect(await ids('?statuses=in_progress&limit=1')).toEqual([]);
    expect(await ids('?statuses=nonsense')).toEqual([]);
    expect(await ids('?limit=none&offset=null')).toEqual([second, first]);
    expect(await ids(`?start_date=2099-01-01T00:00:00Z`)).toEqual([]);
    expect((await user.get('v1/conversations?start_date=yesterday')).status).toBe(400);
  });

  it('GET v1/conversations?statuses=in_progress includes the running transcript', async () => {
    const user = await someone();
    const id = await app.talking(user, DENTIST);
    const { json } = await user.get('v1/conversations?statuses=in_progress&limit=1');
    expect(json).toHaveLength(1);
    expect(json[0]).toMatchObject({
      id,
      status: 'in_progress',
      structured: { title: '', category: 'other' },
    });
    expect(json[0].transcript_segments.map(({ text }: { text: string }) => text)).toEqual(DENTIST);
    expect((await user.get('v1/conversations')).json).toEqual([]);
  });

  it('POST v1/conversations ends the one in progress and names it twice, 404 when there is none', async () => {
    const user = await someone();
    expect((await user.post('v1/conversations', {})).status).toBe(404);
    const id = await app.talking(user, ['Hello there.']);
    const { json } = await user.post('v1/conversations', {});
    expect(json.memory).toMatchObject({ id, status: 'processing' });
    expect(json.conversation).toEqual(json.memory);
    const done = await eventually(
      () => read(user, id),
      ({ status }) => status === 'completed',
      30_000,
    );
    expect(done.discarded, 'what the user ends is never thrown away').toBe(false);
    expect(done.structured.title).not.toBe('');
    expect((await user.post('v1/conversations', '')).status).toBe(404);
  });

  it('answers an empty body that is announced as JSON', async () => {
    const user = await someone();
    await app.talking(user, ['Hello there.']);
    const answer = await call(`${app.url}/v1/conversations`, {
      method: 'POST',
      raw: '',
      headers: { ...user.headers },
    });
    expect(answer.status, answer.text).toBe(200);
  });

  it('GET v1/conversations/{id} tells it whole, with doubles as doubles, 404 otherwise', async () => {
    const user = await someone();
    await user.patch('v1/users/geolocation', { id: 0, latitude: 37, longitude: -8.5, altitude: 100 });
    const id = await app.talking(user, DENTIST);
    const answer = await user.get(`v1/conversations/${id}`);
    expect(answer.text).toContain('"latitude":37.0,"longitude":-8.5,"altitude":100.0,"accuracy":null');
    expect(answer.json).toMatchObject({ id, source: 'omi', language: 'en', geolocation: { latitude: 37 } });
    expect((await user.get('v1/conversations/nothing')).status).toBe(404);
    expect((await (await someone()).get(`v1/conversations/${id}`)).status).toBe(404);
  });

  it('DELETE v1/conversations/{id} answers 204 and keeps memories, to-dos and nothing else', async () => {
    const user = await someone();
    const id = await app.recorded(user, DENTIST);
    const memories = (await user.get('v3/memories')).json;
    await user.post('v1/action-items', {
      description: 'Call the dentist',
      completed: false,
      conversation_id: id,
    });
    expect((await read(user, id)).structured.action_items).not.toEqual([]);
    const key = mediaKey(user.userId, 'photo', 'one.png');
    await app.platform.media.put(key, coloredPng('one'));
    await app.rooms.conversations.addPhoto(user.userId, id, { mediaKey: key, mediaType: 'image/png' });
    expect((await user.delete(`v1/conversations/${id}`)).status).toBe(204);
    expect((await user.delete(`v1/conversations/${id}`)).status).toBe(404);
    expect((await user.get('v1/conversations')).json).toEqual([]);
    expect((await user.post('v1/conversations/search', { query: 'dentist' })).json.items).toEqual([]);
    expect((await user.get('v3/memories')).json).toHaveLength(memories.length);
    expect((await user.get('v1/action-items')).json.action_items).toContainEqual(
      expect.objectContaining({ description: 'Call the dentist', conversation_id: null }),
    );
    await eventually(
      () => app.platform.media.stat(key),
      (entry) => entry === null,
      30_000,
    );
  });

  it('POST v1/conversations/search finds words of title, overview and transcript, newest first', async () => {
    const user = await someone();
    const first = await app.recorded(user, DENTIST);
    const second = await app.recorded(user, [
      'The dentist of my sister is very expensive, so we need to talk.',
    ]);
    await app.recorded(user, BICYCLE);
    const search = async (body: object) =>
      (await user.post('v1/conversations/search', { include_discarded: true, ...body })).json;
    const all = await search({ query: 'dentist', page: 1, per_page: 10 });
    expect(all.items.map(({ id }: { id: string }) => id)).toEqual([second, first]);
    expect(all).toMatchObject({ current_page: 1, total_pages: 1, per_page: 10 });
    const page = await search({ query: 'dentist', page: 2, per_page: 1 });
    expect(page).toMatchObject({ current_page: 2, total_pages: 2, items: [{ id: first }] });
    expect(await search({ query: 'giraffe' })).toMatchObject({ items: [], total_pages: 0 });
    expect((await search({ query: '' })).items).toEqual([]);
    expect((await search({ query: 'dentist', start_date: '2099-01-01T00:00:00Z' })).items).toEqual([]);
    await user.patch(`v1/conversations/${first}/title?title=Giraffes%20at%20noon`);
    expect((await search({ query: 'giraffes' })).items).toMatchObject([{ id: first }]);
  });

  it('POST v1/conversations/{id}/reprocess makes the summary again and never discards', async () => {
    const user = await someone();
    const id = await app.recorded(user, ['Hm.']);
    expect((await read(user, id)).discarded).toBe(true);
    const again = await user.post(`v1/conversations/${id}/reprocess?app_id=null&language_code=en`);
    expect(again.json).toMatchObject({ id, discarded: false, status: 'completed' });
    expect((await user.post('v1/conversations/nothing/reprocess')).status).toBe(404);
  });

  it('PATCH v1/conversations/{id}/title takes texts as they come', async () => {
    const user = await someone();
    const id = await app.recorded(user, BICYCLE);
    for (const [query, title] of [
      ['title=Tyres%20%26%20more', 'Tyres & more'],
      ['title=Tyres+more', 'Tyres more'],
      ['title=Reifen%20f%C3%BCr%20%F0%9F%9A%B2', 'Reifen für 🚲'],
      ['title=Tyres & more', 'Tyres'],
    ] as const) {
      expect((await user.patch(`v1/conversations/${id}/title?${query}`)).status, query).toBe(200);
      expect((await read(user, id)).structured.title).toBe(title);
    }
  });

  it('PATCH v1/conversations/{id}/events marks those that exist', async () => {
    const user = await someone();
    const id = await app.recorded(user, BICYCLE);
    await app.platform.database.transaction((tx) =>
      app.rooms.stores.conversations.change(tx, id, app.platform.clock.now(), {
        events: JSON.stringify([
          { title: 'Lake', start: Date.UTC(2026, 11, 1), duration: 30, description: '', created: false },
          { title: 'Shop', start: Date.UTC(2026, 11, 2), duration: 45.4, description: '', created: false },
        ]),
      }),
    );
    const marked = { events_idx: [1, 7], values: [true, true] };
    expect((await user.patch(`v1/conversations/${id}/events`, marked)).status).toBe(200);
    const { events } = (await read(user, id)).structured;
    expect(events).toMatchObject([
      { title: 'Lake', created: false, start: '2026-12-01T00:00:00.000Z', duration: 30 },
      { title: 'Shop', created: true, duration: 45 },
    ]);
  });

  it('PATCH v1/conversations/{id}/segments/assign-bulk says who spoke, and takes it back', async () => {
    const user = await someone();
    const id = await app.recorded(user, DENTIST);
    const { id: person } = (await user.post('v1/users/people', { name: 'Ada' })).json;
    const [one, two] = (await read(user, id)).transcript_segments;
    const assign = (assign_type: string, value: unknown, segment_ids = [one.id, two.id]) =>
      user.patch(`v1/conversations/${id}/segments/assign-bulk`, { segment_ids, assign_type, value });
    const who = async () =>
      (await read(user, id)).transcript_segments.map((s: typeof one) => [s.is_user, s.person_id]);
    expect((await assign('person_id', person)).json.transcript_segments).toHaveLength(2);
    expect(await who()).toEqual([
      [false, person],
      [false, person],
    ]);
    await assign('is_user', 'true', [one.id]);
    expect(await who()).toEqual([
      [true, null],
      [false, person],
    ]);
    await assign('person_id', 'null');
    expect(await who()).toEqual([
      [false, null],
      [false, null],
    ]);
    await assign('is_user', null, ['not-one-of-them']);
    expect((await assign('colour', 'red')).status).toBe(400);
    expect((await assign('person_id', 'a stranger')).status).toBe(404);
    await assign('person_id', person);
    expect((await user.delete(`v1/users/people/${person}`)).status).toBe(204);
    expect(await who()).toEqual([
      [false, null],
      [false, null],
    ]);
  });

  it('assigns by place and by speaker for older builds', async () => {
    const user = await someone();
    const id = await app.recorded(user, DENTIST);
    const { id: person } = (await user.post('v1/users/people', { name: 'Ada' })).json;
    const byPlace = await user.patch(
      `v1/conversations/${id}/segments/1/assign?assign_type=is_user&value=true&use_for_speech_training=false`,
    );
    expect(byPlace.json.transcript_segments).toMatchObject([{ is_user: false }, { is_user: true }]);
    const bySpeaker = await user.patch(
      `v1/conversations/${id}/assign-speaker/0?assign_type=person_id&value=${person}`,
    );
    expect(bySpeaker.json.transcript_segments).toMatchObject([{ person_id: person }, { person_id: null }]);
  });

  it('PATCH …/visibility and GET …/shared show it to whoever has the link, without its place', async () => {
    const user = await someone();
    await user.patch('v1/users/geolocation', { latitude: 1, longitude: 2 });
    const id = await app.talking(user, DENTIST);
    const shared = () => call(`${app.url}/v1/conversations/${id}/shared`);
    expect((await shared()).status).toBe(404);
    const share = (value: string) =>
      user.patch(`v1/conversations/${id}/visibility?value=${value}&visibility=${value}`);
    expect((await share('shared')).status).toBe(200);
    const { status, json } = await shared();
    expect(status).toBe(200);
    expect(json).toMatchObject({ id, geolocation: null, visibility: 'shared' });
    expect((await user.get(`v1/conversations/${id}/shared`)).json.transcript_segments).toHaveLength(2);
    expect((await share('everybody')).status).toBe(400);
    await share('private');
    expect((await shared()).status).toBe(404);
  });

  it('GET v1/conversations/{id}/photos brings the pictures', async () => {
    const user = await someone();
    const id = await app.talking(user, DENTIST);
    const picture = coloredPng('a lake');
    const key = mediaKey(user.userId, 'photo', 'lake.png');
    await app.platform.media.put(key, picture);
    const photo = await app.rooms.conversations.addPhoto(user.userId, id, {
      mediaKey: key,
      mediaType: 'image/png',
    });
    await app.rooms.conversations.describePhoto(user.userId, photo.id, 'A lake', false);
    const { json } = await user.get(`v1/conversations/${id}/photos`);
    expect(json).toMatchObject([{ id: photo.id, description: 'A lake', base64: picture.toString('base64') }]);
    expect(await read(user, id)).toMatchObject({ source: 'openglass', photos: [{ id: photo.id }] });
  });

  it('answers harmlessly what it keeps nothing of', async () => {
    const user = await someone();
    const id = await app.recorded(user, DENTIST);
    expect((await user.get(`v1/conversations/${id}/transcripts`)).json).toEqual({
      deepgram: [],
      soniox: [],
      whisperx: [],
      speechmatics: [],
    });
    expect((await user.get(`v1/conversations/${id}/recording`)).json).toEqual({ has_recording: false });
    expect((await user.get(`v1/conversations/${id}/suggested-apps`)).json).toEqual({
      suggested_apps: [],
      conversation_id: id,
    });
    const tried = await user.post(`v1/conversations/${id}/test-prompt`, { prompt: 'In one word' });
    expect(tried.json.summary).toBe((await read(user, id)).structured.overview);
  });

  it('§4.7 makes one conversation in progress for any number of devices', async () => {
    const user = await someone();
    const opened = await Promise.all(
      Array.from({ length: 10 }, () =>
        app.rooms.conversations.openLive(user.userId, { language: 'en', timeoutSeconds: 120 }),
      ),
    );
    expect(new Set(opened.map(({ conversation }) => conversation.id)).size).toBe(1);
  });

  it('leaves support’s conversations to those who send X-App-Id', async () => {
    const user = await someone();
    const answer = await call(`${app.url}/v1/conversations`, {
      headers: { ...user.headers, 'x-app-id': 'app_1' },
    });
    expect(answer.status).toBe(404);
  });
});
