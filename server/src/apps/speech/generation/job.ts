import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpeechFormat } from '../../../platform/ai/speech-synthesizer.js';
import { splitText } from '../../../platform/ai/split-text.js';
import { audioDuration } from '../../../platform/audio/duration.js';
import { joinAudioFiles } from '../../../platform/audio/join.js';
import { AppError, errors } from '../../../platform/http/errors.js';
import type { JobDefinition, RunningJob } from '../../../platform/jobs/jobs.js';
import type { Platform } from '../../../platform/platform.js';
import type { AudioFile, FileStore } from '../files/store.js';
import { mediaKeyOf } from '../media-keys.js';
import { GENERATE_JOB, type GenerationPayload } from './payload.js';

/** What a user is told when we, not the provider, were at fault. */
const OUR_FAULT = 'The server could not finish this audio. Please try again.';
const INTERRUPTED = 'The server was interrupted while it made this audio. Please try again.';
/** Files at a time: the builtin voice fills the cores by itself, an upstream mostly waits. */
const CONCURRENCY = { builtin: 2, openai: 8 } as const;
const PER_USER = { builtin: 2, openai: 4 } as const;
/** Attempts count crashes and full disks only; the provider's failures end the job (the adapter has retried already). */
const ATTEMPTS = 8;
/** The longest wait between two of them: together they outlast an outage of the media store of about three minutes. */
const LONGEST_WAIT_MS = 60_000;

/**
 * Turns one text into one audio file: piece by piece, each kept on disk as soon as it is there, so that a restart goes
 * on where it was; joined into one valid file; handed to the media store; and only then called ready.
 */
export function generationJob(platform: Platform, store: FileStore): JobDefinition<GenerationPayload> {
  const { clock, config, database, log, media, metrics, scratchDirectory, secrets, speech } = platform;
  const { synthesizer } = speech;
  const { engine } = synthesizer;

  const fail = async (fileId: string, reason: string) => {
    await database.transaction((tx) => store.becomeFailed(tx, fileId, reason, clock.now()));
    metrics.speechFiles.inc({ engine, outcome: 'failed' });
  };

  /** The user's key, or null when the engine needs none; never the operator's in place of one that cannot be read. */
  const payingKey = ({ sealedKey }: GenerationPayload): string | null => {
    if (sealedKey === null) return null;
    const key = secrets.unseal(sealedKey);
    if (!key)
      throw errors.unauthorized('The server cannot read your key any more. Please log in and try again.');
    return key;
  };

  const speak = async (file: AudioFile, folder: string, job: RunningJob<GenerationPayload>) => {
    const apiKey = payingKey(job.payload);
    const format = file.format as SpeechFormat;
    const texts = splitText(file.text_content, synthesizer.charactersPerCall);
    const pieces: string[] = [];
    for (const [index, text] of texts.entries()) {
      const piece = join(folder, `${index}.${format}`);
      pieces.push(piece);
      if (await exists(piece)) continue;
      const audio = await synthesizer.synthesize(
        {
          text,
          voice: file.voice,
          model: file.model,
          format,
          speed: file.speed,
          ...(file.instructions ? { instructions: file.instructions } : {}),
        },
        { signal: job.signal, ...(apiKey ? { apiKey } : {}) },
      );
      await writeFile(`${piece}.part`, audio);
      await rename(`${piece}.part`, piece);
      metrics.speechCharacters.inc({ engine }, text.length);
      if (texts.length > 1) {
        await database.transaction((tx) => store.noteProgress(tx, file.id, index + 1, texts.length));
      }
    }
    return pieces;
  };

  const finish = async (file: AudioFile, folder: string, pieces: readonly string[]) => {
    const format = file.format as SpeechFormat;
    const whole = join(folder, `whole.${format}`);
    await joinAudioFiles(format, pieces, whole);
    const seconds = await audioDuration(whole, format).catch((error: unknown) => {
      // The audio is the provider's word; that we cannot measure it must not keep the user from hearing it.
      log.warn({ err: error, fileId: file.id }, 'the length of an audio file could not be read');
      return null;
    });
    const key = mediaKeyOf(file.id, format);
    const stored = await media.put(key, { file: whole });
    const isWanted = await database.transaction((tx) =>
      store.becomeReady(
        tx,
        file.id,
        {
          fileName: `${file.id}.${format}`,
          size: stored.size,
          sha256: stored.sha256,
          durationMs: seconds === null ? null : Math.round(seconds * 1_000),
        },
        clock.now(),
      ),
    );
    if (!isWanted) await media.delete(key); // deleted by its owner while it was made
    metrics.speechFiles.inc({ engine, outcome: isWanted ? 'ready' : 'deleted' });
  };

  return {
    name: GENERATE_JOB,
    concurrency: config.SPEECH_CONCURRENCY ?? CONCURRENCY[engine],
    perOwner: PER_USER[engine],
    maxAttempts: ATTEMPTS,
    backoffMs: (attempt) => Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** (attempt - 1)),
    run: async (job) => {
      const file = await store.byId(job.payload.fileId);
      if (file?.status !== 'generating') return;
      const folder = join(scratchDirectory, `speech-${file.id}`);
      await mkdir(folder, { recursive: true });
      try {
        await finish(file, folder, await speak(file, folder, job));
      } catch (error) {
        if (job.signal.aborted) throw error; // handed back or deleted; what is made so far is kept for the next run
        if (!isProvidersWord(error)) throw error;
        log.warn({ code: error.code, fileId: file.id }, 'speech could not be generated');
        await fail(file.id, error.message);
      }
      await rm(folder, { recursive: true, force: true });
    },
    exhausted: async ({ fileId }, reason) => {
      log.error({ err: reason, fileId }, 'speech generation was given up');
      await rm(join(scratchDirectory, `speech-${fileId}`), { recursive: true, force: true });
      await fail(fileId, reason instanceof AppError ? reason.message : OUR_FAULT);
    },
  };
}

/** Fails files that say `generating` although no job is left for them, so that their owner can try again at once. */
export async function failAbandoned(platform: Platform, store: FileStore, keyOfJob: (id: string) => string) {
  const { clock, database, jobs, log } = platform;
  for (const id of await store.generatingIds()) {
    if (await jobs.has(keyOfJob(id))) continue;
    await database.transaction((tx) => store.becomeFailed(tx, id, INTERRUPTED, clock.now()));
    log.warn({ fileId: id }, 'a file without a job was marked as failed');
  }
}

/** Failures that the catalogue explains came from the provider or from the text; trying again by ourselves cannot help. */
const isProvidersWord = (error: unknown): error is AppError =>
  error instanceof AppError && error.statusCode !== 507 && error.code !== 'UNAVAILABLE';

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
