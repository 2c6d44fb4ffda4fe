import type { SpeechFormat } from '../ai/speech-synthesizer.js';
import { adtsDuration, joinAdts } from './adts.js';
import type { ByteSink } from './byte-sink.js';
import type { ByteSource } from './byte-source.js';
import { flacDuration, joinFlac } from './flac.js';
import { joinMp3, mp3Duration } from './mp3.js';
import { joinOggOpus, oggOpusDuration } from './ogg-opus.js';
import { joinPcm, pcmDuration } from './pcm.js';
import { joinWav, wavDuration } from './wav.js';

interface Container {
  /** Writes the sound of all the sources as one file; each source is read once, in order. */
  readonly join: (sources: Iterable<ByteSource>, sink: ByteSink) => void;
  /** Seconds. */
  readonly duration: (source: ByteSource) => number;
}

/** How each format is put together and measured. All of it is synchronous: for worker threads, or small files. */
export const containers: Readonly<Record<SpeechFormat, Container>> = {
  mp3: { join: joinMp3, duration: mp3Duration },
  opus: { join: joinOggOpus, duration: oggOpusDuration },
  aac: { join: joinAdts, duration: adtsDuration },
  flac: { join: joinFlac, duration: flacDuration },
  wav: { join: joinWav, duration: wavDuration },
  pcm: { join: joinPcm, duration: pcmDuration },
};
