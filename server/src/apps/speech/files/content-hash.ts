import { createHash } from 'node:crypto';

/** What decides whether two requests ask for the same audio. */
export interface SpeechContent {
  readonly text: string;
  readonly voice: string;
  readonly model: string;
  readonly format: string;
  readonly speed: number;
  readonly instructions?: string | undefined;
}

/**
 * SHA-256 over `text|voice|model|format|speed`, as existing databases hold it; `speed` is written as JavaScript prints
 * numbers, the text is taken as received. Instructions are appended only when there are some, so old hashes stay valid.
 *
 * @returns 64 lower-case hexadecimal digits
 */
export function contentHash(content: SpeechContent): string {
  const parts = [content.text, content.voice, content.model, content.format, String(content.speed)];
  if (content.instructions) parts.push(content.instructions);
  return createHash('sha256').update(parts.join('|'), 'utf8').digest('hex');
}
