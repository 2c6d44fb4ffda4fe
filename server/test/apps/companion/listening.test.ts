import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPocketSphinx } from '../../../src/platform/ai/builtin/pocketsphinx.js';
import { type CompanionApp, startCompanionApp } from '../../support/companion-app.js';
import { listen, opusPackets, pcmMessages, ready, share, speech } from '../../support/companion-listener.js';
import { eventually } from '../../support/servers.js';

const isHere = findPocketSphinx() !== undefined;
const aloud = isHere ? '' : ' (SKIPPED: pocketsphinx is not on the PATH)';
const sentence = 'The weather in the city is very good today, and we will meet our friends at the river.';

describe.skipIf(!isHere)(`real speech over v4/listen${aloud}`, { timeout: 60_000 }, () => {
  let app: CompanionApp;
  let sound: Int16Array;
  beforeAll(async () => {
    app = await startCompanionApp('SQLite and files');
    sound = await speech(sentence);
  });
  afterAll(() => app.stop());

  it.each([
    ['pcm16', { codec: 'pcm16', sample_rate: '16000' }, () => pcmMessages(sound)],
    ['opus (10 ms)', { codec: 'opus', sample_rate: '16000' }, () => opusPackets(sound, 10)],
    ['opus_fs320 (20 ms)', { codec: 'opus_fs320', sample_rate: '16000' }, () => opusPackets(sound, 20)],
  ] as const)('gives the words back from %s, and the conversation is kept', async (_, query, messages) => {
    const user = await app.signUp();
    const listener = await listen(app.url, user.token, { ...query, language: 'en' });
    await ready(listener);
    await listener.stream(messages());
    await eventually(
      async () => share(listener.text(), sentence),
      (part) => part > 0.6,
      30_000,
    );
    const [live] = (await user.get('v1/conversations?statuses=in_progress&limit=1')).json;
    expect(live.status).toBe('in_progress');
    expect(live.transcript_segments.map(({ id }: { id: string }) => id)).toEqual([
      ...listener.segments.keys(),
    ]);
    const finished = await user.post('v1/conversations', {});
    expect(finished.json.memory.id).toBe(live.id);
    const [created] = await eventually(
      async () => listener.ofType('memory_created'),
      (events) => events.length > 0,
      30_000,
    );
    expect(created.memory.id).toBe(live.id);
    expect(listener.ofType('memory_processing_started')).toHaveLength(1);
    await listener.stop();
  });

  it('counts words that were said right before the end', async () => {
    const user = await app.signUp();
    const listener = await listen(app.url, user.token, { codec: 'opus_fs320', language: 'en' });
    await ready(listener);
    await listener.stream(opusPackets(sound, 20));
    await listener.stop();
    const { memory } = (await user.post('v1/conversations', {})).json;
    // On a busy machine the words come a little later, to the same conversation.
    await eventually(
      async () => (await user.get(`v1/conversations/${memory.id}`)).json.transcript_segments[0]?.text ?? '',
      (text) => share(text, sentence) > 0.6,
      40_000,
    );
  });
});
