import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wavFile } from '../../../src/platform/audio/wav.js';
import { type CompanionApp, type CompanionUser, startCompanionApp } from '../../support/companion-app.js';
import { eventually, stacks } from '../../support/servers.js';
import { call } from '../../support/speech-client.js';

const voice = (seconds: number, rate = 16_000): Uint8Array =>
  wavFile(
    Int16Array.from({ length: seconds * rate }, (_, n) => Math.sin(n / 20) * 8_000),
    rate,
  );

describe.each(stacks)('§5.7 the enrolled voice, on %s', (stack) => {
  let app: CompanionApp;
  beforeAll(async () => {
    app = await startCompanionApp(stack);
  });
  afterAll(() => app.stop());

  const enrol = (user: CompanionUser, bytes: Uint8Array, field = 'file') =>
    user.upload('v3/upload-audio', [{ field, name: 'speaker_profile.wav', bytes }]);

  it('is uploaded once, told and heard', async () => {
    const user = await app.signUp();
    expect((await user.get('v3/speech-profile')).json).toEqual({ has_profile: false });
    expect((await user.get('v4/speech-profile')).json).toEqual({ url: null });
    const file = voice(6);
    const { json } = await enrol(user, file);
    expect((await user.get('v3/speech-profile')).json).toEqual({ has_profile: true });
    for (const url of [json.url, (await user.get('v4/speech-profile')).json.url]) {
      const heard = await fetch(url);
      expect(heard.headers.get('content-type')).toBe('audio/wav');
      expect(Buffer.from(await heard.arrayBuffer()).equals(file)).toBe(true);
      const part = await fetch(url, { headers: { range: 'bytes=0-3' } });
      expect(part.status).toBe(206);
      expect(await part.text()).toBe('RIFF');
      expect((await call(url.replace(/signature=..../, 'signature=AAAA'))).status).toBe(403);
    }
  });

  it('is replaced by the next one, and the old one erased', async () => {
    const user = await app.signUp();
    const first = (await enrol(user, voice(5))).json.url;
    await enrol(user, voice(7));
    await eventually(
      async () => (await call(first)).status,
      (status) => status === 404,
      30_000,
    );
    expect((await call((await user.get('v4/speech-profile')).json.url)).status).toBe(200);
  });

  it('has 16 kHz and lasts 5 to 120 seconds', async () => {
    const user = await app.signUp();
    for (const wrong of [voice(4), voice(121), voice(6, 8_000), new Uint8Array(2_000)]) {
      expect((await enrol(user, wrong)).status).toBe(400);
    }
    expect((await enrol(user, voice(6), 'files')).status).toBe(400);
    expect((await enrol(user, new Uint8Array(6_000_000))).status).toBe(413);
    expect((await user.post('v3/upload-audio', {})).status).toBe(400);
    expect((await user.get('v3/speech-profile')).json).toEqual({ has_profile: false });
  });

  it('is not extended by samples from conversations', async () => {
    const user = await app.signUp();
    expect((await user.get('v3/speech-profile/expand?person_id=null')).json).toEqual([]);
    const query = 'memory_id=x&segment_idx=1&person_id=null';
    expect((await user.delete(`v3/speech-profile/expand?${query}`)).status).toBe(200);
  });
});
