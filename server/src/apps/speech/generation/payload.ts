/** The job that turns a text into audio. */
export const GENERATE_JOB = 'speech.generate';

export interface GenerationPayload {
  readonly fileId: string;
  /** The user's key, sealed under the server's secret and erased with the job; null when none is needed. */
  readonly sealedKey: string | null;
}

/** One job per file, by which it is cancelled. */
export const generationKey = (fileId: string): string => `${GENERATE_JOB}:${fileId}`;
