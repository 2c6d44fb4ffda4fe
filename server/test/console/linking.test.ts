import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownedMedia as companionMedia } from '../../src/apps/companion/media/keys.js';
import { createRooms } from '../../src/apps/companion/rooms.js';
import { ownedMedia as storiesMedia } from '../../src/apps/stories/files/media-keys.js';
import { storedBytesJob } from '../../src/platform/media/stored-bytes.js';
import { bearer, call, signUp } from '../support/accounts.js';
import { said } from '../support/companion-app.js';
import { listen, pcmMessages, ready, share, speech } from '../support/companion-listener.js';
import {
  firebaseClaims,
  type KeyServer,
  PROJECT,
  providerKey,
  rs256,
  startKeyServer,
} from '../support/identity-providers.js';
import { coloredPng } from '../support/png.js';
import {
  eventually,
  type Ground,
  layGround,
  stacks,
  startServer,
  type TestServer,
} from '../support/servers.js';
import { type SpeechDevice, signIn } from '../support/speech-client.js';

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape
type Json = any;

const running = { id: 'now', payload: null, attempt: 1, signal: new AbortController().signal };
const google = providerKey('google-linking');
const SPOKEN = { voice: 'alloy', model: 'tts-1', format: 'wav', speed: 1 };
const HERO = { age: 6, traits: ['brave'] };

describe.each(stacks)('an account takes in what is linked to it, on %s', (stack) => {
  let ground: Ground;
  let keys: KeyServer;
  let server: TestServer;
  let number = 0;

  beforeAll(async () => {
    ground = await layGround(stack);
    keys = await startKeyServer({ [google.kid]: google.publicPem });
    server = await startServer(ground, { FIREBASE_PROJECT_ID: PROJECT, FIREBASE_KEYS_URL: keys.url });
  });
  afterAll(async () => {
    await server.stop();
    await keys.stop();
    await ground.remove();
  });

  const newAccount = () => signUp(server, `linking-${++number}@example.com`);
  const firebaseToken = (uid: string) =>
    rs256(google, firebaseClaims(Date.now(), { sub: uid, user_id: uid, email: `${uid}@example.com` }));
  const link = (token: string, proof: string) =>
    call(server, 'POST', '/api/account/identities', { headers: bearer(token), body: { token: proof } });
  /** A request of somebody's that must succeed. */
  const ask = async (token: string, method: string, path: string, body?: unknown): Promise<Json> => {
    const answer = await call(server, method, path, { headers: bearer(token), body });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const userIdOf = async (token: string): Promise<string> => (await ask(token, 'GET', '/api/account')).id;
  const place = (document: string, progress: number) => ({
    document_id: document,
    title: document,
    text_content: 'Words.',
    resume_key: 'key',
    progress,
    is_playing: false,
    is_paused: true,
    is_loading: false,
    current_title: 'One',
  });

  /** Somebody's use of all apps; every text begins with the mark. */
  const use = async (token: string, mark: string) => {
    const userId = await userIdOf(token);
    const { platform } = server.built;
    const rooms = createRooms(platform);
    const conversation = await platform.database.transaction((tx) =>
      rooms.conversations.createFromRecording(tx, userId, {
        startedAt: platform.clock.now() - 60_000,
        language: 'en',
        source: 'omi',
        segments: [
          `${mark} garden needs water this week, because the tomatoes and the beans are dry.`,
          `We should buy a new hose on Saturday and mend the fence behind the house.`,
          `Then the neighbours can come for dinner, and the children play outside.`,
        ].map(said),
      }),
    );
    await platform.database.transaction((tx) =>
      rooms.stores.profiles.addUsage(tx, userId, '2026-11-01', { words_transcribed: 10 }),
    );
    await eventually(
      () => ask(token, 'GET', `/v1/conversations/${conversation}`),
      ({ status }) => status === 'completed',
      60_000,
    );
    await ask(token, 'POST', '/v3/memories', { content: `${mark} remembers` });
    await ask(token, 'POST', '/v1/action-items', { description: `${mark} task` });
    await ask(token, 'POST', '/v1/users/people', { name: `${mark} person` });
    await ask(token, 'POST', '/v2/messages', { text: `${mark} question?`, file_ids: null }).catch(() => {}); // an event stream
    await ask(token, 'POST', '/v1/users/developer/webhook/day_summary', {
      url: `https://example.com/${mark}`,
    });
    const hero = (await ask(token, 'POST', '/api/heroes', { ...HERO, name: `${mark} hero` })).data;
    await ask(token, 'PATCH', '/api/user/preferences', { preferredLanguage: 'fr' }).catch(() => {});
    const picture = coloredPng(mark);
    const { uploadUrl, storageKey } = await ask(token, 'POST', '/api/files/upload', {
      fileName: 'face.png',
      mimeType: 'image/png',
      fileSize: picture.length,
      category: 'avatar',
    });
    const put = await fetch(uploadUrl, {
      method: 'PUT',
      headers: { 'content-type': 'image/png' },
      body: new Uint8Array(picture),
    });
    await put.arrayBuffer();
    await ask(token, 'POST', '/api/files/confirm', { storageKey, heroId: hero.id });
    await ask(token, 'POST', '/tts/generate', { ...SPOKEN, text: `${mark} speech.` });
    await ask(token, 'POST', '/playback/sync', place(`${mark} document`, 0.25));
    const { key } = await ask(token, 'POST', '/api/voice/keys', { name: `${mark} key` });
    return { userId, conversation, hero: hero.id as string, key: key as string };
  };

  /** What somebody sees, of each mark. */
  const seen = async (token: string) => {
    const search = { query: 'garden', page: 1, per_page: 10, include_discarded: true };
    const texts = {
      found: (await ask(token, 'POST', '/v1/conversations/search', search)).items.map(({ id }: Json) => id),
      conversations: (await ask(token, 'GET', '/v1/conversations')).map(({ id }: Json) => id),
      memories: (await ask(token, 'GET', '/v3/memories')).map(({ content }: Json) => content),
      items: (await ask(token, 'GET', '/v1/action-items')).action_items.map(
        ({ description }: Json) => description,
      ),
      people: (await ask(token, 'GET', '/v1/users/people')).map(({ name }: Json) => name),
      heroes: (await ask(token, 'GET', '/api/heroes?limit=50')).data.heroes.map(({ name }: Json) => name),
      files: (await ask(token, 'GET', '/tts/files')).map(({ text_content }: Json) => text_content),
      keys: (await ask(token, 'GET', '/api/account/keys')).keys.map(({ name }: Json) => name),
    };
    return Object.fromEntries(Object.entries(texts).map(([kind, found]) => [kind, found.sort()]));
  };

  it('brings everything of a Firebase user of all apps along, once, readable by both', async () => {
    const { token, userId } = await newAccount();
    const proof = await firebaseToken(`everything-${number}`);
    const own = await use(token, 'Own');
    const theirs = await use(proof, 'Their');
    const count = async () => {
      for (const media of [storiesMedia, companionMedia])
        await storedBytesJob(server.built.platform, media).run(running);
    };
    const storedBy = async (who: string) => {
      const { apps } = await ask(who, 'GET', '/api/account/usage');
      return apps.find(({ app }: Json) => app === 'stories').stored_bytes;
    };
    await count();
    const stored = [await storedBy(token), await storedBy(proof)];
    expect(stored).toEqual(['Own', 'Their'].map((mark) => coloredPng(mark).length));
    const [before, there] = [await seen(token), await seen(proof)];
    for (const each of [before, there])
      for (const [kind, mine] of Object.entries(each)) expect(mine, kind).not.toEqual([]);
    const cursor = (await ask(token, 'GET', '/api/sync/changes')).data;

    const linked = await link(token, proof);
    expect(linked.body).toMatchObject({ identities: [{ kind: 'email' }, { kind: 'firebase' }] });
    const after = await seen(token);
    for (const [kind, mine] of Object.entries(before)) {
      expect(after[kind], kind).toEqual([...(mine as string[]), ...(there[kind] as string[])].sort());
    }
    expect(await seen(proof)).toEqual(after);
    expect(await userIdOf(proof)).toBe(userId);

    expect(await storedBy(token)).toBe(stored[0] + stored[1]);
    await count();
    expect(await storedBy(token)).toBe(stored[0] + stored[1]);

    // The account's devices hear of the heroes behind what they had seen.
    const news = (await ask(token, 'GET', `/api/sync/changes?since=${cursor.next}`)).data;
    expect(news.epoch).toBe(cursor.epoch);
    expect(news.changes).toMatchObject([{ type: 'hero', id: theirs.hero, deleted: false }]);
    expect(news.changes[0].seq).toBeGreaterThan(cursor.latest);

    // Pictures keep their names; the address that a client holds can be told again, and goes with its hero.
    const { avatarUrl, version } = (await ask(proof, 'GET', `/api/heroes/${theirs.hero}`)).data;
    const picture = await fetch(avatarUrl.startsWith('/') ? server.url + avatarUrl : avatarUrl);
    expect([picture.status, (await picture.arrayBuffer()).byteLength > 0]).toEqual([200, true]);
    await ask(token, 'PATCH', `/api/heroes/${theirs.hero}`, { avatarUrl });
    const changed = (await ask(token, 'GET', `/api/heroes/${theirs.hero}`)).data;
    expect(new URL(changed.avatarUrl, server.url).pathname).toBe(new URL(avatarUrl, server.url).pathname);
    expect(version === undefined || changed.version > version).toBe(true);

    // The account's own settings stay; what both used adds up.
    const hook = await ask(token, 'GET', '/v1/users/developer/webhook/day_summary');
    expect(hook.url).toBe('https://example.com/Own');
    const { read } = server.built.platform.database;
    const used = await sql<{ words: number }>`select words_transcribed as words from companion_usage
      where day = '2026-11-01' and user_id = ${userId}`.execute(read);
    expect(used.rows.map(({ words }) => Number(words))).toEqual([20]);
    const { apps } = await ask(token, 'GET', '/api/account/usage');
    const speech = apps.find(({ app }: Json) => app === 'speech');
    expect(speech.series[0].total).toBe('Own speech.'.length + 'Their speech.'.length);
    // Keys go on.
    for (const { key } of [own, theirs])
      expect((await call(server, 'GET', '/v1/models', { headers: bearer(key) })).status).toBe(200);

    // Once more changes nothing, and nobody else can have it.
    expect((await link(token, proof)).status).toBe(200);
    expect(await seen(token)).toEqual(after);
    const stranger = await newAccount();
    const refused = await link(stranger.token, proof);
    expect(refused.status).toBe(409);
    expect((refused.body as Json).message).toMatch(/another e-mail account/);
    expect(await seen(token)).toEqual(after);

    // Taken off again, what came with it stays, and the sign-in begins anew.
    const { identities } = await ask(token, 'GET', '/api/account/identities');
    await ask(token, 'DELETE', `/api/account/identities/${identities[1].id}`);
    expect(await seen(token)).toEqual(after);
    const anew = await seen(proof);
    expect(Object.values(anew).flat()).toEqual([]);

    // And all of it goes with the account, its media included.
    await server.built.platform.users.remove(userId);
    const left = async () => {
      const found: string[] = [];
      for await (const { key } of server.built.platform.media.list('')) found.push(key);
      return found.filter((key) => key.includes(userId) || key.includes(theirs.userId));
    };
    expect(await eventually(left, (found) => found.length === 0)).toEqual([]);
  });

  it('keeps one of the same audio, and the place that was heard last', async () => {
    const { token } = await newAccount();
    const device = await signIn(server.url);
    const ready = async (who: string) =>
      eventually(
        () => ask(who, 'GET', '/tts/files'),
        (files: Json[]) => files.every(({ status }) => status === 'ready'),
        60_000,
      );
    for (const text of ['Both have this.', 'Only they have this.'])
      await ask(device.token, 'POST', '/tts/generate', { ...SPOKEN, text });
    for (const text of ['Both have this.', 'Only we have this.'])
      await ask(token, 'POST', '/tts/generate', { ...SPOKEN, text });
    const [mine] = [await ready(token), await ready(device.token)];
    await ask(token, 'POST', '/playback/sync', place('shared', 0.1));
    await ask(device.token, 'POST', '/playback/sync', place('shared', 0.9));
    await ask(device.token, 'POST', '/playback/sync', place('theirs', 0.5));

    expect((await link(token, device.token)).status).toBe(200);
    const again: SpeechDevice = await signIn(server.url, device.key);
    for (const who of [token, again.token]) {
      const files: Json[] = await ask(who, 'GET', '/tts/files');
      expect(files.map(({ text_content }) => text_content).sort()).toEqual([
        'Both have this.',
        'Only they have this.',
        'Only we have this.',
      ]);
      const kept = mine.find(({ text_content }: Json) => text_content === 'Both have this.');
      expect(files.find(({ text_content }) => text_content === 'Both have this.').id).toBe(kept.id);
      for (const { id } of files) {
        const audio = await fetch(`${server.url}/files/${id}`, { headers: bearer(who) });
        expect([audio.status, (await audio.arrayBuffer()).byteLength > 1_000]).toEqual([200, true]);
      }
      const states: Json[] = await ask(who, 'GET', '/playback/states');
      expect(states.map(({ document_id, progress }) => [document_id, progress]).sort()).toEqual([
        ['shared', 0.9],
        ['theirs', 0.5],
      ]);
    }
  });

  it('loses nothing and doubles nothing that is written while it links', async () => {
    const { token } = await newAccount();
    const proof = await firebaseToken(`racing-${number}`);
    await userIdOf(proof);
    const write = async (index: number) => {
      const mark = `race ${index}`;
      const all = [
        ['heroes', '/api/heroes', { ...HERO, name: mark }],
        ['memories', '/v3/memories', { content: mark }],
        ['items', '/v1/action-items', { description: mark }],
        ['files', '/tts/generate', { ...SPOKEN, text: mark }],
      ] as const;
      return Promise.all(
        all.map(async ([kind, path, body]) => {
          const { status } = await call(server, 'POST', path, { headers: bearer(proof), body });
          return { kind, mark, status };
        }),
      );
    };
    const writes = Array.from({ length: 6 }, (_, index) => write(index));
    const linking = link(token, proof);
    const later = Array.from({ length: 6 }, (_, index) => write(6 + index));
    expect((await linking).status).toBe(200);
    const written = (await Promise.all([...writes, ...later])).flat();
    const found: Json = await seen(proof);
    for (const kind of ['heroes', 'memories', 'items', 'files']) {
      const marks = written.filter((one) => one.kind === kind && one.status < 300).map(({ mark }) => mark);
      const texts: string[] = found[kind];
      expect(new Set(texts).size, kind).toBe(texts.length);
      expect(texts, kind).toEqual(expect.arrayContaining(marks));
    }
    expect(await seen(token)).toEqual(found);
  });

  it('goes on with what is being made and heard', async () => {
    const { token, userId } = await newAccount();
    const proof = await firebaseToken(`going-on-${number}`);
    const hero = (await ask(proof, 'POST', '/api/heroes', { ...HERO, name: 'Nia' })).data.id;
    const [theirs, { platform }] = [await userIdOf(proof), server.built];
    const { conversations } = createRooms(platform);
    const words = Array.from({ length: 30 }, (_, index) => `word${index}`).join(' ');
    for (const who of [theirs, userId]) {
      const live = await conversations.openLive(who, { language: 'en', timeoutSeconds: 120 });
      await conversations.addSegments(who, live.conversation.id, Date.now(), [`${who} ${words}`].map(said));
    }
    const ordered = await call(server, 'POST', '/api/stories', {
      headers: { ...bearer(proof), prefer: 'respond-async' },
      body: { heroId: hero, language: 'English' },
    });
    expect((await link(token, proof)).status).toBe(200);

    const order = `/api/generations/${(ordered.body as Json).data.id}`;
    const told = await eventually(
      () => ask(token, 'GET', order),
      ({ data }) => data.status !== 'processing',
      60_000,
    );
    expect(told.data.status).toBe('completed');
    expect((await ask(token, 'GET', `/api/stories/${told.data.result.storyId}`)).data.heroId).toBe(hero);
    // One conversation goes on; the other one has ended, and is summarised.
    const heard: Json[] = await eventually(
      () => ask(token, 'GET', '/v1/conversations?include_discarded=true&statuses=in_progress,completed'),
      (found: Json[]) => found.length === 2,
      60_000,
    );
    expect(heard.map(({ status }) => status).sort()).toEqual(['completed', 'in_progress']);
  });

  it('keeps what a device was saying while its sign-in was linked', async () => {
    const { token } = await newAccount();
    const proof = await firebaseToken(`speaking-${number}`);
    const sentence = 'The red kite flies over the quiet river this morning.';
    const device = await listen(server.url, proof, { codec: 'pcm16', sample_rate: '16000', language: 'en' });
    await ready(device);
    await device.stream(pcmMessages(await speech(sentence)));
    const { read } = server.built.platform.database;
    await eventually(
      async () => (await sql`select id from companion_streams`.execute(read)).rows,
      (rows) => rows.length > 0,
    );
    expect((await link(token, proof)).status).toBe(200);
    expect((await device.closed).code).toBe(1008);
    const heard = async (): Promise<string> => {
      const found: Json[] = await ask(
        token,
        'GET',
        '/v1/conversations?include_discarded=true&statuses=in_progress,processing,completed',
      );
      return found
        .flatMap((one) => one.transcript_segments)
        .map(({ text }: Json) => text)
        .join(' ');
    };
    expect(
      share(await eventually(heard, (text) => share(text, sentence) > 0.5, 60_000), sentence),
    ).toBeGreaterThan(0.5);
  });

  it('ends session tokens of the account when a key is taken off, and issues new ones at once', async () => {
    const { token } = await newAccount();
    const device = await signIn(server.url);
    await link(token, device.token);
    const linked = await signIn(server.url, device.key);
    expect((await linked.call('/tts/files')).status).toBe(200);
    const { identities } = await ask(token, 'GET', '/api/account/identities');
    await ask(token, 'DELETE', `/api/account/identities/${identities[1].id}`);
    expect((await linked.call('/tts/files')).status).toBe(401);
    const { session_token } = await ask(token, 'POST', '/auth/refresh');
    expect((await call(server, 'GET', '/tts/files', { headers: bearer(session_token) })).status).toBe(200);
  });
});
