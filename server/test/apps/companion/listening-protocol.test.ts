import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createListeningStore } from '../../../src/apps/companion/listening/store.js';
import { type CompanionApp, type CompanionUser, startCompanionApp } from '../../support/companion-app.js';
import { type Listener, listen, ready } from '../../support/companion-listener.js';
import { eventually, stacks } from '../../support/servers.js';

/** A clock that a test moves on. */
const clock = {
  ahead: 0,
  now: () => Date.now() + clock.ahead,
};

const words = (text: string, more: Readonly<Record<string, unknown>> = {}) => ({
  type: 'transcript_segment',
  text,
  ...more,
});
const until = <T>(read: () => T, isGood: (value: T) => boolean) =>
  eventually(async () => read(), isGood, 30_000);
const photo = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(20_000, 7)]);

describe.each(stacks)('v4/listen on %s', { timeout: 60_000 }, (stack) => {
  let app: CompanionApp;
  let abandoned: { readonly user: CompanionUser; readonly id: string };
  beforeAll(async () => {
    app = await startCompanionApp(stack, { clock });
    const user = await app.signUp();
    const id = await app.talking(user, ['Nobody comes back to this conversation about the garden fence.']);
    abandoned = { user, id };
  });
  afterAll(() => app.stop());

  const open = async (
    user: CompanionUser,
    query: Readonly<Record<string, string>> = {},
  ): Promise<Listener> => {
    const listener = await listen(app.url, user.token, { codec: 'pcm16', sample_rate: '16000', ...query });
    await ready(listener);
    return listener;
  };
  const inProgress = async (user: CompanionUser) =>
    (await user.get('v1/conversations?statuses=in_progress&limit=1')).json;

  describe('opening (§4.1, §4.4)', () => {
    it('says what it does in order: ping, initiating, the last conversation, the one in progress, ready', async () => {
      const user = await app.signUp();
      const last = await app.recorded(user, ['We talked about the harbour and about the boats in it.']);
      const listener = await open(user);
      expect(listener.messages[0]).toBe('ping');
      expect(listener.messages.slice(1, 6)).toMatchObject([
        { type: 'service_status', status: 'initiating' },
        { type: 'last_memory', memory_id: last },
        { type: 'service_status', status: 'in_progress_conversations_processing' },
        { type: 'service_status', status: 'stt_initiating' },
        { type: 'service_status', status: 'ready' },
      ]);
      await listener.stop();
    });

    it('makes an empty conversation in progress in the language asked for', async () => {
      const user = await app.signUp();
      const listener = await open(user, { language: 'de' });
      expect(await inProgress(user)).toMatchObject([
        { status: 'in_progress', source: 'omi', language: 'de', transcript_segments: [] },
      ]);
      await listener.stop();
    });

    it('refuses the upgrade without a valid token, whatever uid says, and takes the token from the query', async () => {
      const user = await app.signUp();
      await expect(listen(app.url, null, { uid: user.userId })).rejects.toThrow('refused with 401');
      await expect(listen(app.url, 'nonsense', { uid: user.userId })).rejects.toThrow('refused with 401');
      const listener = await listen(app.url, null, { token: user.token, uid: 'somebody-else' });
      await ready(listener);
      expect(await inProgress(user)).toHaveLength(1);
      await listener.stop();
    });

    it('collapses repeated slashes and tells plain requests to upgrade', async () => {
      const user = await app.signUp();
      const listener = await listen(`${app.url}//`, user.token);
      await ready(listener);
      await listener.stop();
      const plain = await fetch(`${app.url}/v4/listen`);
      expect(plain.status).toBe(426);
    });

    it.each([
      ['a language that is none', { language: 'klingon!' }],
      ['a codec that nobody decodes', { codec: 'lc3' }],
      ['another codec that nobody decodes', { codec: 'aac' }],
      ['a rate that is none', { sample_rate: 'fast' }],
    ])('closes with 1008 for %s', async (_, query) => {
      const user = await app.signUp();
      const listener = await listen(app.url, user.token, query);
      const { code, reason } = await listener.closed;
      expect(code).toBe(1008);
      expect(reason).not.toBe('');
      expect(await inProgress(user)).toHaveLength(0);
    });

    it('takes every stt_service, multi and auto, and a timeout of -1', async () => {
      const user = await app.signUp();
      const listener = await open(user, {
        language: 'multi',
        stt_service: 'soniox',
        conversation_timeout: '-1',
        include_speech_profile: 'true',
        channels: '1',
      });
      await listener.stop();
    });
  });

  describe('keeping alive (§4.5)', () => {
    it('pings as text every 10 s and answers protocol pings', async () => {
      const user = await app.signUp();
      const listener = await open(user);
      const pong = new Promise((resolve) => listener.socket.once('pong', resolve));
      listener.socket.ping();
      await pong;
      clock.ahead += 10_000;
      await until(
        () => listener.messages.filter((message) => message === 'ping').length,
        (count) => count >= 2,
      );
      await listener.stop();
    });

    it('closes with 1001 who sends nothing for 30 s, and keeps who only answers 8A 00', async () => {
      const user = await app.signUp();
      const silent = await listen(app.url, user.token, {}, false);
      await ready(silent);
      const alive = await open(await app.signUp());
      for (let n = 0; n < 4; n += 1) {
        clock.ahead += 9_000;
        const pings = alive.messages.filter((message) => message === 'ping').length;
        await until(
          () => alive.messages.filter((message) => message === 'ping').length,
          (count) => count > pings || n === 0,
        );
        alive.socket.send(Uint8Array.of(0x8a, 0x00));
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      expect((await silent.closed).code).toBe(1001);
      expect(alive.socket.readyState).toBe(alive.socket.OPEN);
      await alive.stop();
    });

    it('closes with 1008 when the account is removed', async () => {
      const user = await app.signUp();
      const listener = await open(user);
      await user.delete('v1/users/delete-account');
      expect((await listener.closed).code).toBe(1008);
    });
  });

  describe('words that the device recognised (§4.3)', () => {
    it('stores them before it sends them, under ids that stay while they grow', async () => {
      const user = await app.signUp();
      const listener = await open(user);
      listener.send(
        words('  Hello from the phone. ', {
          end: clock.now() / 1_000,
          start: 0,
          asr_provider: 'apple_speech',
        }),
      );
      await until(
        () => listener.text(),
        (text) => text === 'Hello from the phone.',
      );
      listener.send(words('And more.', { end: clock.now() / 1_000, start: 0.0 }));
      await until(
        () => listener.text(),
        (text) => text === 'Hello from the phone. And more.',
      );
      expect(listener.segments.size).toBe(1);
      const [conversation] = await inProgress(user);
      const [segment] = conversation.transcript_segments;
      expect(segment).toMatchObject({
        id: [...listener.segments.keys()][0],
        text: 'Hello from the phone. And more.',
        is_user: false,
        source: 'edge_asr',
        speaker: 'SPEAKER_00',
      });
      expect(segment.end).toBeLessThan(60);
      expect(segment.start).toBeGreaterThanOrEqual(0);
      await listener.stop();
    });

    it('keeps speakers apart and mends what would break the parser', async () => {
      const user = await app.signUp();
      const listener = await open(user);
      for (const message of [words('One.', { speaker: 'SPEAKER_1' }), words('Two.', { speaker: 'bob' })])
        listener.send(message);
      await until(
        () => listener.segments.size,
        (size) => size === 2,
      );
      expect([...listener.segments.values()].map(({ speaker }) => speaker)).toEqual([
        'SPEAKER_1',
        'SPEAKER_00',
      ]);
      await listener.stop();
    });

    it('ignores empty texts, unknown types, objects without a type, and what is no JSON', async () => {
      const user = await app.signUp();
      const listener = await open(user);
      for (const message of [
        '',
        'nonsense',
        '[]',
        'null',
        '{}',
        '{"type":7}',
        '{"type":"later"}',
        '{"type":"ping"}',
      ])
        listener.send(message);
      listener.send(words('   '));
      listener.send({ type: 'transcript_segment' });
      listener.send(words('Still here.'));
      await until(
        () => listener.text(),
        (text) => text === 'Still here.',
      );
      await listener.stop();
    });

    it('suggests a name to who says theirs, with the person when the user knows one', async () => {
      const user = await app.signUp();
      const listener = await open(user);
      listener.send(words('Good morning, my name is Frida.'));
      const [unknown] = await until(
        () => listener.ofType('speaker_label_suggestion'),
        (all) => all.length === 1,
      );
      expect(unknown).toMatchObject({ speaker_id: 0, person_id: '', person_name: 'Frida' });
      const person = (await user.post('v1/users/people', { name: 'Ada' })).json;
      listener.send(words('And my name is ada.', { speaker: 'SPEAKER_01' }));
      const [, known] = await until(
        () => listener.ofType('speaker_label_suggestion'),
        (all) => all.length === 2,
      );
      expect(known).toMatchObject({ speaker_id: 1, person_id: person.id, person_name: 'Ada' });
      await listener.stop();
    });

    it('marks the segments of a speaker who is assigned, of this session only', async () => {
      const user = await app.signUp();
      const listener = await open(user);
      listener.send(words('This was me.'));
      await until(
        () => listener.segments.size,
        (size) => size === 1,
      );
      const [id] = [...listener.segments.keys()];
      const assigned = { type: 'speaker_assigned', speaker_id: 0, person_id: 'user', person_name: 'Me' };
      listener.send({ ...assigned, segment_ids: [randomUUID()] });
      listener.send({ ...assigned, segment_ids: [id] });
      await eventually(
        async () => (await inProgress(user))[0].transcript_segments[0].is_user,
        (isUser) => isUser === true,
        30_000,
      );
      await listener.stop();
    });
  });

  describe('photos (§4.3)', () => {
    const pieces = (id: string) => {
      const text = photo.toString('base64');
      const total = Math.ceil(text.length / 8_192);
      return Array.from({ length: total }, (_, index) => ({
        type: 'image_chunk',
        id,
        index,
        total,
        data: text.slice(index * 8_192, (index + 1) * 8_192),
      }));
    };

    it('puts pieces together in any order, keeps the photo and turns the source into openglass', async () => {
      const user = await app.signUp();
      const listener = await open(user);
      for (const piece of pieces('temp-1').reverse()) listener.send(piece);
      const [{ photo_id }] = await until(
        () => listener.ofType('photo_processing'),
        (all) => all.length === 1,
      );
      expect(listener.ofType('photo_processing')[0].temp_id).toBe('temp-1');
      const [conversation] = await inProgress(user);
      expect(conversation.source).toBe('openglass');
      const photos = (await user.get(`v1/conversations/${conversation.id}/photos`)).json;
      expect(photos).toMatchObject([{ id: photo_id, base64: photo.toString('base64') }]);
      await listener.stop();
    });

    it('leaves out what is no photo', async () => {
      const user = await app.signUp();
      const listener = await open(user);
      listener.send({
        type: 'image_chunk',
        id: 'a',
        index: 0,
        total: 1,
        data: Buffer.from('text').toString('base64'),
      });
      listener.send({ type: 'image_chunk', id: 'b', index: 5, total: 2, data: 'AAAA' });
      listener.send({ type: 'image_chunk', id: 'c', index: 0, total: 1e9, data: 'AAAA' });
      listener.send({ type: 'image_chunk', id: 'd', index: -1, total: 1, data: 'AAAA' });
      listener.send(words('Here.'));
      await until(
        () => listener.text(),
        (text) => text === 'Here.',
      );
      expect(listener.ofType('photo_processing')).toEqual([]);
      await listener.stop();
    });
  });

  describe('the life of a conversation (§4.7)', () => {
    it('goes on with the same one after a reconnect, one per user, also over two sockets at once', async () => {
      const user = await app.signUp();
      const first = await open(user);
      first.send(words('Before.'));
      await until(
        () => first.segments.size,
        (size) => size === 1,
      );
      const [before] = await inProgress(user);
      const second = await open(user);
      second.send(words('After.', { speaker: 'SPEAKER_01' }));
      await until(
        () => second.segments.size,
        (size) => size === 1,
      );
      // The other socket hears of it as well.
      await until(
        () => first.text(),
        (text) => text === 'Before. After.',
      );
      await first.stop();
      const third = await open(user);
      const [after] = await inProgress(user);
      expect(after.id).toBe(before.id);
      expect(after.transcript_segments.map(({ text }: { text: string }) => text)).toEqual([
        'Before.',
        'After.',
      ]);
      expect(Date.parse(after.started_at)).toBeLessThanOrEqual(Date.parse(after.finished_at));
      await Promise.all([second.stop(), third.stop()]);
    });

    it('is finished at once by POST v1/conversations, never discarded, and the next one begins', async () => {
      const user = await app.signUp();
      const listener = await open(user);
      listener.send(words('Short.'));
      await until(
        () => listener.segments.size,
        (size) => size === 1,
      );
      const [live] = await inProgress(user);
      const answer = await user.post('v1/conversations', {});
      expect(answer.json.memory.id).toBe(live.id);
      expect(answer.json.conversation).toEqual(answer.json.memory);
      const [created] = await until(
        () => listener.ofType('memory_created'),
        (all) => all.length > 0,
      );
      expect(created.memory).toMatchObject({ id: live.id, status: 'completed', discarded: false });
      const types = listener.messages.map((message) => (message as { type?: string }).type);
      expect(types.indexOf('memory_processing_started')).toBeLessThan(types.indexOf('memory_created'));
      listener.send(words('Next one.'));
      await until(
        () => listener.text(),
        (text) => text === 'Next one.',
      );
      expect((await inProgress(user))[0].id).not.toBe(live.id);
      await listener.stop();
    });

    it('ends in silence while the socket is open, and an empty one leaves nothing behind', async () => {
      const user = await app.signUp();
      const listener = await open(user);
      const [empty] = await inProgress(user);
      clock.ahead += 121_000;
      listener.socket.send(Uint8Array.of(0x8a, 0x00));
      await eventually(
        async () => {
          listener.socket.send(Uint8Array.of(0x8a, 0x00));
          return (await inProgress(user))[0]?.id;
        },
        (id) => id !== undefined && id !== empty.id,
        30_000,
      );
      expect((await user.get(`v1/conversations/${empty.id}`)).status).toBe(404);
      expect(listener.ofType('memory_processing_started')).toEqual([]);
      listener.send(words('We meet at the river at noon tomorrow.'));
      await until(
        () => listener.segments.size,
        (size) => size === 1,
      );
      const [spoken] = await inProgress(user);
      clock.ahead += 121_000;
      const [created] = await eventually(
        async () => {
          listener.socket.send(Uint8Array.of(0x8a, 0x00));
          return listener.ofType('memory_created');
        },
        (all) => all.length > 0,
        30_000,
      );
      expect(created.memory.id).toBe(spoken.id);
      await listener.stop();
    });

    it('is ended at the next connect when its silence is over, and a new one begins', async () => {
      const user = await app.signUp();
      const id = await app.talking(user, ['Remember the milk when you go to the shop today, please.']);
      clock.ahead += 130_000;
      const listener = await open(user);
      const [next] = await inProgress(user);
      expect(next.id).not.toBe(id);
      await eventually(
        async () => (await user.get(`v1/conversations/${id}`)).json.status,
        (status) => status === 'completed',
        30_000,
      );
      await listener.stop();
    });

    it('goes on after a longer silence when audio of it still waits to be heard', async () => {
      const user = await app.signUp();
      const id = await app.talking(user, ['The power went out while I talked about the long way home.']);
      const store = createListeningStore(app.platform.database);
      const unheard = randomUUID();
      await app.platform.database.transaction((tx) =>
        store.insertUnheard(tx, {
          id: unheard,
          user_id: user.userId,
          conversation_id: id,
          media_key: 'unheard.wav',
          language: null,
          clock: '[]',
          seconds: 3,
          created_at: clock.now(),
        }),
      );
      clock.ahead += 130_000;
      const listener = await open(user);
      expect((await inProgress(user))[0].id).toBe(id);
      await listener.stop();
      await app.platform.database.transaction((tx) => store.removeUnheard(tx, unheard));
    });

    it('is ended by the sweeper when nobody comes back', async () => {
      clock.ahead += 130_000;
      await eventually(
        async () => (await abandoned.user.get(`v1/conversations/${abandoned.id}`)).json.status,
        (status) => status === 'completed',
        60_000,
      );
    }, 70_000);
  });
});
