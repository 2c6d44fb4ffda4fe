import type { ChatMessageRow } from '../tables.js';
import type { Knowledge } from './knowledge.js';

/** A file that came with a question. */
export interface AttachedFile {
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
}

/** The words of a file that has some. */
export const textOf = ({ mimeType, bytes }: AttachedFile): string | null =>
  /^text\/|\/(?:json|xml)$/.test(mimeType) ? Buffer.from(bytes).toString('utf8') : null;

/** A question and everything that may help to answer it. */
export interface ChatQuestion {
  readonly text: string;
  /** What was said before, oldest first. */
  readonly history: readonly Pick<ChatMessageRow, 'sender' | 'text'>[];
  readonly knowledge: Knowledge;
  readonly files: readonly AttachedFile[];
  /** What the app is set to; null when nobody said. */
  readonly language: string | null;
  /** IANA name. */
  readonly timeZone: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** A piece of an answer, without citation marks. */
export interface AnswerPiece {
  readonly text: string;
}

/**
 * Writes answers piece by piece; what is returned are the ids of the conversations that it rests on, the most important one
 * first. Throws AppError; leaving the iteration stops the upstream.
 */
export interface Answerer {
  answer(question: ChatQuestion, signal: AbortSignal): AsyncGenerator<AnswerPiece, readonly string[]>;
}
