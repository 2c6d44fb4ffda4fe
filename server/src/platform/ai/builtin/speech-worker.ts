import { encodeSpeech } from '../../audio/encode.js';
import { pcmSampleRate } from '../../audio/pcm.js';
import { resample } from '../../audio/resample.js';
import type { SpeechFormat } from '../speech-synthesizer.js';
import { flite } from './flite.js';
import { utterances } from './utterances.js';
import { durationStretch, fliteVoice } from './voices.js';

export interface SpeechTask {
  readonly text: string;
  readonly voice: string;
  readonly format: SpeechFormat;
  readonly speed: number;
}

/** Seconds of silence for a text of punctuation only. */
const pauseSeconds = 0.5;

/** The work of a speech thread: the text spoken sentence by sentence, as one file. */
export default async function run({ text, voice, format, speed }: SpeechTask): Promise<Uint8Array> {
  const { speaker, pitch, rate, melody } = fliteVoice(voice);
  const spoken: Int16Array[] = [];
  for (const utterance of utterances(text)) {
    // Playing the samples faster raises the pitch and shortens the sound; Flite's stretching makes up for the latter.
    const stretch = durationStretch(speaker, (speed * rate) / pitch);
    const { samples, sampleRate } = await flite({ speaker, stretch, melody, text: utterance });
    spoken.push(resample(samples, sampleRate * pitch, pcmSampleRate));
  }
  if (spoken.length === 0) spoken.push(new Int16Array((pauseSeconds * pcmSampleRate) / speed));
  return await encodeSpeech(concatenate(spoken), format);
}

function concatenate(parts: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
