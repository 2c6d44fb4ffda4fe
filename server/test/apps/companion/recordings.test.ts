import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPocketSphinx } from '../../../src/platform/ai/builtin/pocketsphinx.js';
import { wavFile } from '../../../src/platform/audio/wav.js';
import { type CompanionApp, startCompanionApp } from '../../support/companion-app.js';
import { opusPackets, share, silence, soundRate, speech } from '../../support/companion-listener.js';
import { eventually, stacks } from '../../support/servers.js';
import { joined } from '../../support/sound.js';

const isHere = findPocketSphinx() !== undefined;
const aloud = isHere ? '' : ' (SKIPPED: pocketsphinx is not on the PATH)';
const sentence = 'The weather in the city is very good today, and we will meet our friends at the river.';

/** A file as the app keeps it while there is no network (§7.2). */
const packed = (packets: readonly Uint8Array[]): Buffer =>
  Buffer.concat(
    packets.flatMap((packet) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(packet.length);
      return [length, packet];
    }),
  );
const nameAt = (instant: number, codec = 'opus_fs320_16000_1_fs320') =>
  `audio_phone_${codec}_${Math.floor(instant / 1_000)}.bin`;

let sound: Int16Array;
beforeAll(async () => {
  sound = await speech(sentence);
});

describe.skipIf(!isHere).each(stacks)(`offline audio on %s${aloud}`, { timeout: 90_000 }, (stack) => {
  let app: CompanionApp;
  const file = () => packed(opusPackets(sound, 20));
  const sync = async (
    user: Awaited<ReturnType<CompanionApp['signUp']>>,
    ...files: readonly { readonly name: string; readonly bytes: Uint8Array }[]
  ) =>
    user.upload(
      'v1/sync-local-files',
      files.map((one) => ({ field: 'files', ...one })),
    );
  beforeAll(async () => {
    app = await startCompanionApp(stack);
  });
  afterAll(() => app.stop());

  it('becomes a completed conversation at the time of the recording; the same file again changes nothing', async () => {
    const user = await app.signUp();
    const began = Date.now() - 3_600_000;
    const upload = { name: nameAt(began), bytes: file() };
    const first = await sync(user, upload);
    expect(first.status).toBe(200);
    expect(first.json.updated_memories).toEqual([]);
    const [id] = first.json.new_memories;
    const conversation = (await user.get(`v1/conversations/${id}`)).json;
    expect(conversation.status).toBe('completed');
    expect(Math.abs(Date.parse(conversation.started_at) - began)).toBeLessThan(3_000);
    const [segment] = conversation.transcript_segments;
    expect(share(segment.text, sentence)).toBeGreaterThan(0.6);

    const [again, atOnce] = await Promise.all([sync(user, upload), sync(user, upload, upload)]);
    expect(again.json).toEqual(first.json);
    expect(atOnce.json).toEqual(first.json);
    expect((await user.get(`v1/conversations/${id}`)).json.transcript_segments).toEqual(
      conversation.transcript_segments,
    );
    expect((await user.get('v1/conversations')).json).toHaveLength(1);

    const neighbour = await sync(user, {
      name: nameAt(began + 60_000, 'opus_16000_1_fs160'),
      bytes: packed(opusPackets(sound, 10)),
    });
    expect(neighbour.json).toEqual({ new_memories: [], updated_memories: [id] });
    const longer = (await user.get(`v1/conversations/${id}`)).json;
    expect(longer.transcript_segments).toHaveLength(2);
    expect(longer.transcript_segments[1].start).toBeGreaterThan(55);
  });

  it('keeps what was decoded of a file that breaks off, and takes garbage without a word', async () => {
    const user = await app.signUp();
    const whole = file();
    const broken = { name: nameAt(Date.now() - 7_200_000), bytes: whole.subarray(0, whole.length - 30) };
    expect((await sync(user, broken)).json.new_memories).toHaveLength(1);
    const garbage = [Buffer.alloc(0), Buffer.from('not a recording'), Buffer.alloc(5_000, 0xff)];
    for (const [index, bytes] of garbage.entries()) {
      const answer = await sync(user, { name: nameAt(Date.now() - 600_000 * (index + 1)), bytes });
      expect(answer.status).toBe(200);
      expect(answer.json).toEqual({ new_memories: [], updated_memories: [] });
    }
  });

  it('refuses names that do not say when it was recorded', async () => {
    const user = await app.signUp();
    const bytes = file();
    for (const name of [
      'audio.bin',
      'audio_phone.wav',
      nameAt(Date.UTC(2023, 11, 31)),
      nameAt(Date.now() + 86_400_000),
    ]) {
      expect((await sync(user, { name, bytes })).status).toBe(400);
    }
    expect((await sync(user, { name: `audio_x_${Date.now() - 60_000}.bin`, bytes })).status).toBe(200);
  });
});

describe.skipIf(!isHere)(`single recordings${aloud}`, { timeout: 60_000 }, () => {
  let app: CompanionApp;
  beforeAll(async () => {
    app = await startCompanionApp('SQLite and files');
  });
  afterAll(() => app.stop());

  it.each(['file', 'files', 'audio'])('POST v1/transcriptions takes them in the field %s', async (field) => {
    const user = await app.signUp();
    const answer = await user.upload('v1/transcriptions', [
      { field, name: 'speech.wav', bytes: wavFile(sound, soundRate) },
    ]);
    expect(answer.status).toBe(201);
    // What takes long on a busy machine is asked for by its id.
    const done = await eventually(
      async () => (await user.get(`v1/transcriptions/${answer.json.id}`)).json,
      ({ status }) => status === 'completed',
      40_000,
    );
    expect(share(done.text, sentence)).toBeGreaterThan(0.6);
    expect(done.transcript).toBe(done.text);
    expect(done.segments[0].end).toBeGreaterThan(1);
    const other = await app.signUp();
    expect((await other.get(`v1/transcriptions/${answer.json.id}`)).status).toBe(404);
  });

  it('says what is no recording', async () => {
    const user = await app.signUp();
    const answer = await user.upload('v1/transcriptions', [
      { field: 'file', name: 'a.wav', bytes: Buffer.from('nonsense') },
    ]);
    expect(answer.status).toBe(400);
    expect(answer.json.code).toBe('UNSUPPORTED_FORMAT');
    expect((await user.post('v1/transcriptions', {})).status).toBe(400);
  });

  it('v2/voice-message/transcribe hears WAV files and packets, and answers 400 to silence', async () => {
    const user = await app.signUp();
    const seconds = Math.floor(Date.now() / 1_000);
    for (const file of [
      { name: 'voice.wav', bytes: wavFile(sound, soundRate) },
      { name: `audio_fs160_${seconds}.bin`, bytes: packed(opusPackets(sound, 10)) },
      { name: `audio_fs320_${seconds}.bin`, bytes: packed(opusPackets(sound, 20)) },
    ]) {
      const answer = await user.upload('v2/voice-message/transcribe', [{ field: 'files', ...file }]);
      expect(answer.status).toBe(200);
      expect(share(answer.json.transcript, sentence)).toBeGreaterThan(0.6);
    }
    const nothing = wavFile(joined(silence(2)), soundRate);
    const silent = await user.upload('v2/voice-message/transcribe', [
      { field: 'files', name: 'silence.wav', bytes: nothing },
    ]);
    expect(silent.status).toBe(400);
  });
});
