import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { splitText } from '../../../platform/ai/split-text.js';
import { audioDuration } from '../../../platform/audio/duration.js';
import { joinAudioFiles } from '../../../platform/audio/join.js';
import type { Platform } from '../../../platform/platform.js';
import { fromEngine } from '../generation/engine-failures.js';
import type { LanguageCode } from '../language.js';
import { estimatedSeconds } from '../scenes/narration-time.js';
import { narrationInstructions } from './voices.js';

/** The model and the pace of narrations (contract §5). */
export const NARRATION_MODEL = 'gpt-4o-mini-tts';
const PACE = 0.9;
/** The most that an upstream reads at once (contract §5); an engine may ask for less. */
const LONGEST_CALL = 4_096;

export interface Narration {
  readonly audio: Uint8Array;
  /** Seconds. */
  readonly duration: number;
}

/**
 * Reads a text aloud into one valid MP3: long ones in pieces that end with sentences, each kept on disk until the whole is
 * there, so that a restart does not pay for them again.
 *
 * @param name of the folder for the pieces
 */
export async function narrate(
  { log, scratchDirectory, speech }: Pick<Platform, 'log' | 'scratchDirectory' | 'speech'>,
  {
    text,
    voice,
    language,
  }: { readonly text: string; readonly voice: string; readonly language: LanguageCode },
  name: string,
  signal?: AbortSignal,
): Promise<Narration> {
  const { synthesizer } = speech;
  const folder = join(scratchDirectory, `stories-${name}`);
  await mkdir(folder, { recursive: true });
  const texts = splitText(text, Math.min(LONGEST_CALL, synthesizer.charactersPerCall));
  const pieces: string[] = [];
  for (const [index, part] of texts.entries()) {
    const piece = join(folder, `${index}.mp3`);
    pieces.push(piece);
    if (await stat(piece).catch(() => null)) continue;
    const audio = await fromEngine(() =>
      synthesizer.synthesize(
        {
          text: part,
          voice,
          model: NARRATION_MODEL,
          format: 'mp3',
          speed: PACE,
          instructions: narrationInstructions(voice, language),
        },
        signal ? { signal } : {},
      ),
    );
    await writeFile(`${piece}.part`, audio);
    await rename(`${piece}.part`, piece);
  }
  const whole = join(folder, 'whole.mp3');
  try {
    await fromEngine(() => joinAudioFiles('mp3', pieces, whole));
    const duration = await audioDuration(whole, 'mp3').catch((error: unknown) => {
      log.warn({ err: error }, 'the length of a narration could not be read');
      return estimatedSeconds(text.length);
    });
    return { audio: await readFile(whole), duration };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
