import type { Clock } from '../../clock.js';
import { errors } from '../../http/errors.js';
import type { TextGenerator, TextResult } from '../text-generator.js';

const model = 'earshot-rules';

/** Answers by rules, offline. */
export function createBuiltinTextGenerator(_options: { readonly clock: Clock }): TextGenerator {
  const answer = async (): Promise<TextResult> => ({
    text: 'I am the built-in engine without a language model.',
    toolCalls: [],
    finishReason: 'stop',
    usage: null,
    model,
  });
  return {
    engine: 'builtin',
    model,
    text: answer,
    json: async () => {
      throw errors.noLanguageModel('This needs a language model, and the built-in engine is none.');
    },
    async *stream() {
      const { text, finishReason, usage } = await answer();
      yield { type: 'text', text };
      yield { type: 'end', finishReason, usage, model };
    },
  };
}
