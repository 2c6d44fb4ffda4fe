import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPocketSphinx } from '../../../src/platform/ai/builtin/pocketsphinx.js';
import { ask, chatAnswerOf } from '../../support/chat-stream.js';
import { type CompanionApp, type CompanionUser, startCompanionApp } from '../../support/companion-app.js';
import { listen, opusPackets, ready, speech } from '../../support/companion-listener.js';
import { eventually } from '../../support/servers.js';

const isHere = findPocketSphinx() !== undefined;
const aloud = isHere ? '' : ' (SKIPPED: pocketsphinx is not on the PATH)';

/** What a phone stores: contract §7.2. */
const binOf = (packets: readonly Uint8Array[]): Buffer =>
  Buffer.concat(
    packets.flatMap((packet) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(packet.length);
      return [length, packet];
    }),
  );

describe.skipIf(!isHere)(`spoken words, and all that comes of them, without any key${aloud}`, () => {
  let app: CompanionApp;
  let user: CompanionUser;

  beforeAll(async () => {
    app = await startCompanionApp('SQLite and files');
    user = await app.signUp();
  }, 60_000);
  afterAll(() => app.stop());

  it('issue 5: speech becomes a conversation with a title, an overview, the action item and a memory, and the chat answers from it', async () => {
    const listener = await listen(app.url, user.token, {
      codec: 'opus_fs320',
      sample_rate: '16000',
      language: 'en',
    });
    await ready(listener);
    for (const sentence of [
      'Remind me to call the doctor tomorrow.',
      'I live in the city near the river.',
      'The money for the house is in the kitchen.',
    ]) {
      await listener.stream(opusPackets(await speech(sentence), 20));
    }
    await eventually(
      async () => listener.text().toLowerCase(),
      (text) => text.includes('kitchen') || text.includes('money'),
      60_000,
    );
    const { json } = await user.post('v1/conversations', {});
    const { id } = json.memory;
    await eventually(
      async () => listener.ofType('memory_created'),
      (events) => events.some((event) => event.memory.id === id),
      30_000,
    );
    await listener.stop();

    const { structured, discarded } = (await user.get(`v1/conversations/${id}`)).json;
    expect(discarded).toBe(false);
    expect(structured.title).not.toBe('');
    expect(structured.overview).not.toBe('');
    const { action_items } = (await user.get('v1/action-items')).json;
    expect(action_items[0]).toMatchObject({ conversation_id: id, due_at: expect.any(String) });
    expect(action_items[0].description).toMatch(/call .*doctor/i);
    const memories = (await user.get('v3/memories')).json;
    expect(memories[0]).toMatchObject({ conversation_id: id });
    expect(memories[0].content).toMatch(/^The user lives in .*city/i);

    const { done } = await ask(user, 'Where do I live?');
    expect(done.text).toMatch(/city/i);
    expect(done.memories).toEqual([expect.objectContaining({ id })]);
  }, 120_000);

  it('§5.4: a voice message comes back as words first, then its answer', async () => {
    const spoken = binOf(opusPackets(await speech('What do I have to do tomorrow?'), 20));
    const answer = chatAnswerOf(
      await user.upload('v2/voice-messages', [
        { field: 'files', name: 'audio_fs320_1731686236.bin', bytes: spoken },
      ]),
    );
    expect(answer.message).toMatchObject({ sender: 'human', type: 'text' });
    expect(answer.message.text.toLowerCase()).toContain('do');
    expect(answer.done).toMatchObject({ sender: 'ai' });
    const [newest, before] = (await user.get('v2/messages')).json;
    expect([newest.id, before.id]).toEqual([answer.done.id, answer.message.id]);
  }, 60_000);

  it('§5.4: a voice message without words is answered honestly, and the chat goes on', async () => {
    const silence = binOf(opusPackets(new Int16Array(16_000), 10));
    const { done, message } = chatAnswerOf(
      await user.upload('v2/voice-messages', [
        { field: 'files', name: 'audio_fs160_1731686236.bin', bytes: silence },
      ]),
    );
    expect(message).toBeUndefined();
    expect(done.text).toContain('no words');
  }, 60_000);
});
