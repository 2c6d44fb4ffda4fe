import { describe, expect, it } from 'vitest';
import {
  createVoiceActivityDetector,
  type VoiceActivityChange,
  type VoiceActivitySettings,
} from '../../../src/platform/audio/voice-activity.js';
import { babble, hiss, joined, sine } from '../../support/sound.js';

const sampleRate = 16_000;

/** Feeds the sound in pieces of 20 ms, as it comes over a socket. Positions in seconds. */
function detect(sound: Int16Array, settings: Partial<VoiceActivitySettings> = {}) {
  const detector = createVoiceActivityDetector({ sampleRate, ...settings });
  const changes: VoiceActivityChange[] = [];
  for (let at = 0; at < sound.length; at += 320)
    changes.push(...detector.write(sound.subarray(at, at + 320)));
  changes.push(...detector.end());
  return changes.map(({ kind, position }) => ({ kind, at: position / sampleRate }));
}

const added = (sound: Int16Array, noise: Int16Array) =>
  sound.map((sample, index) => sample + (noise[index] ?? 0));
const silence = (seconds: number) => new Int16Array(seconds * sampleRate);

describe('voice activity', () => {
  it('tells where speech begins and ends, with the padding before it', () => {
    const [started, stopped, ...more] = detect(joined(silence(2), babble(3, sampleRate), silence(2)));
    expect(more).toEqual([]);
    expect(started?.kind).toBe('started');
    expect(started?.at).toBeGreaterThan(1.65);
    expect(started?.at).toBeLessThan(1.8);
    expect(stopped?.kind).toBe('stopped');
    expect(stopped?.at).toBeGreaterThan(4.9);
    expect(stopped?.at).toBeLessThan(5.25);
  });

  it('hears speech that begins with the first sample', () => {
    const [started] = detect(joined(babble(2, sampleRate), silence(1)));
    expect(started?.at).toBe(0);
  });

  it('ends speech that is going on when the stream ends', () => {
    const changes = detect(joined(silence(1), babble(1, sampleRate)));
    expect(changes.map(({ kind }) => kind)).toEqual(['started', 'stopped']);
    expect(changes[1]?.at).toBeLessThanOrEqual(2);
  });

  it('keeps two sentences apart at a pause of the given length, and together at a shorter one', () => {
    const sound = joined(
      silence(1),
      babble(1.5, sampleRate),
      silence(0.7),
      babble(1.5, sampleRate),
      silence(2),
    );
    expect(detect(sound).filter(({ kind }) => kind === 'started')).toHaveLength(2);
    expect(detect(sound, { silenceDurationMs: 900 }).filter(({ kind }) => kind === 'started')).toHaveLength(
      1,
    );
  });

  it('never tells an end before its beginning, nor a beginning before the last end', () => {
    const sound = joined(...Array.from({ length: 6 }, () => joined(babble(0.7, sampleRate), silence(0.6))));
    const positions = detect(sound).map(({ at }) => at);
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
  });

  it('gets used to a fan, and still hears somebody speak over it', () => {
    const noise = hiss(14, sampleRate, 700);
    const sound = added(joined(silence(8), babble(3, sampleRate), silence(3)), noise);
    const late = detect(sound).filter(({ at }) => at > 5);
    expect(late.map(({ kind }) => kind)).toEqual(['started', 'stopped']);
    expect(late[0]?.at).toBeGreaterThan(7.5);
    expect(late[0]?.at).toBeLessThan(8.2);
    expect(late[1]?.at).toBeGreaterThan(10.8);
    expect(late[1]?.at).toBeLessThan(11.5);
  });

  it('is not fooled by silence, hum below the voice, a constant offset, or a click', () => {
    expect(detect(silence(5))).toEqual([]);
    expect(detect(hiss(5, sampleRate, 20))).toEqual([]);
    expect(detect(sine(20, 5, sampleRate, 400))).toEqual([]);
    expect(detect(new Int16Array(5 * sampleRate).fill(6_000)).filter(({ at }) => at > 0.2)).toEqual([]);
    const click = silence(3);
    click.fill(20_000, sampleRate, sampleRate + 40);
    expect(detect(click)).toEqual([]);
  });

  it('hears a whisper with a low threshold only', () => {
    const sound = joined(silence(1), babble(2, sampleRate, 120), silence(1));
    expect(detect(sound, { threshold: 0.1 })).not.toEqual([]);
    expect(detect(sound, { threshold: 1 })).toEqual([]);
  });

  it('cuts speech that does not end', () => {
    const changes = detect(sine(220, 10, sampleRate), { longestSpeechMs: 3_000 });
    const lengths = changes.flatMap(({ kind, at }, index) =>
      kind === 'stopped' ? [at - (changes[index - 1]?.at ?? 0)] : [],
    );
    expect(Math.max(...lengths)).toBeLessThanOrEqual(3.05);
  });

  it('gives the same answer however the sound is cut, at any rate', () => {
    for (const rate of [8_000, 24_000, 44_100]) {
      const sound = joined(new Int16Array(rate), babble(1, rate), new Int16Array(rate));
      const whole = createVoiceActivityDetector({ sampleRate: rate });
      const pieces = createVoiceActivityDetector({ sampleRate: rate });
      const expected = [...whole.write(sound), ...whole.end()];
      const found: VoiceActivityChange[] = [];
      for (let at = 0; at < sound.length; at += 777)
        found.push(...pieces.write(sound.subarray(at, at + 777)));
      expect([...found, ...pieces.end()]).toEqual(expected);
      expect(expected).toHaveLength(2);
    }
  });
});
