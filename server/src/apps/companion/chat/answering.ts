import { languageOf } from '../../../platform/ai/builtin/answers.js';
import { AppError, errors } from '../../../platform/http/errors.js';
import type { Platform } from '../../../platform/platform.js';
import type { ChatMessageRow } from '../tables.js';
import type { Answerer, ChatQuestion } from './answerer.js';
import { dataFrames, doneFrame, thinkFrame } from './frames.js';
import { answerByKnowledge } from './rules-answerer.js';
import { chatWords } from './words.js';

/** What the answer to one question needs from the room. */
export interface AnswerContext {
  /** Gathers what may help; takes a moment. */
  gather(): Promise<ChatQuestion>;
  /** Stores the answer as a message. */
  keep(text: string, cited: readonly string[]): Promise<ChatMessageRow>;
  present(message: ChatMessageRow): Promise<unknown>;
}

/**
 * The frames of an answer, as it is written. The answer is stored before the last frame leaves, and as far as it came when
 * the client goes away, which also stops the upstream. An engine that fails is made good by rules, and said to have failed.
 */
export async function* answerFrames(
  { log }: Pick<Platform, 'log'>,
  answerer: Answerer,
  context: AnswerContext,
  about: Pick<ChatQuestion, 'text' | 'timeZone'>,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const words = chatWords(languageOf(about.text), about.timeZone);
  let text = '';
  let cited: readonly string[] = [];
  let isSettled = false;
  const keep = async () => {
    isSettled = true;
    return context.keep(text.trim() || words.unknown, cited);
  };
  try {
    yield thinkFrame(words.searching);
    const question = await context.gather();
    signal.throwIfAborted();
    yield thinkFrame(words.thinking);
    try {
      const pieces = answerer.answer(question, signal);
      for (let next = await pieces.next(); ; next = await pieces.next()) {
        if (next.done) {
          cited = next.value;
          break;
        }
        text += next.value.text;
        yield* dataFrames(next.value.text);
      }
    } catch (error) {
      if (signal.aborted) throw error;
      if (!(error instanceof AppError)) log.error({ err: error }, 'a chat answer failed');
      const failure = error instanceof AppError ? error : errors.internal({ cause: error });
      log.warn({ code: failure.code }, 'a chat was answered by rules, because the engine failed');
      const mended =
        text.trim() === '' ? insteadOf(failure, question, words) : { text: `\n\n${words.brokenOff}`, cited };
      text += mended.text;
      cited = mended.cited;
      yield* dataFrames(mended.text);
    }
    yield doneFrame(await context.present(await keep()));
  } finally {
    if (!isSettled && text.trim() !== '') await keep();
  }
}

function insteadOf(error: AppError, question: ChatQuestion, words: ReturnType<typeof chatWords>) {
  const found = answerByKnowledge(question);
  return { ...found, text: `${words.engineFailed(error.message.replace(/\.$/, ''))}\n\n${found.text}` };
}
