import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import type { TextEvent } from '../text-generator.js';
import { collectAnswer } from './chat-answer.js';
import { incomplete, inOurWords, type Provider, tooSlow } from './failures.js';

export const textProvider: Provider = {
  name: 'language model',
  rejects: 'the conversation may be too long, or the model may not take what is asked of it',
};

export interface ChatStreamOptions {
  /** The model asked for. */
  readonly model: string;
  /** How long the upstream may be silent: to the first piece and between two. */
  readonly silenceMilliseconds: number;
  /** How long everything may take. */
  readonly deadlineMilliseconds: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * The answer of one call as events. The upstream is stopped when the signal is aborted, when it takes too long, and when
 * the iteration is left.
 *
 * @param open makes the call; its signal ends it at any time
 */
export async function* streamChat(
  open: (signal: AbortSignal) => Promise<AsyncIterable<ChatCompletionChunk>>,
  { model, silenceMilliseconds, deadlineMilliseconds, signal }: ChatStreamOptions,
): AsyncGenerator<TextEvent> {
  signal?.throwIfAborted();
  const stop = new AbortController();
  let isComplete = false;
  const giveUp = () => stop.abort(tooSlow(textProvider));
  const passOn = () => stop.abort(signal?.reason);
  signal?.addEventListener('abort', passOn, { once: true });
  const deadline = setTimeout(giveUp, deadlineMilliseconds);
  let silence = setTimeout(giveUp, silenceMilliseconds);
  // The SDK does not look at the signal while it waits for the next attempt.
  const stopped = new Promise<never>((_, reject) => {
    stop.signal.addEventListener('abort', () => reject(stop.signal.reason), { once: true });
  });
  try {
    const answer = collectAnswer(model);
    for await (const chunk of await Promise.race([open(stop.signal), stopped])) {
      clearTimeout(silence);
      yield* answer.take(chunk);
      silence = setTimeout(giveUp, silenceMilliseconds);
    }
    // The SDK ends an aborted stream as if it were complete.
    stop.signal.throwIfAborted();
    const last = answer.end();
    if (!last) throw incomplete(textProvider);
    isComplete = true;
    yield* last;
  } catch (error) {
    stop.signal.throwIfAborted();
    throw await inOurWords(error, textProvider);
  } finally {
    clearTimeout(silence);
    clearTimeout(deadline);
    signal?.removeEventListener('abort', passOn);
    // Each abort makes errors in the SDK and in fetch: a sixth of the time of a short answer.
    if (!isComplete) stop.abort();
  }
}
