import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../clock.js';
import { errors } from '../../http/errors.js';
import type { TextGenerator, TextMessage, TextOptions, TextResult, ToolCall } from '../text-generator.js';
import { answerByRules } from './answers.js';

const model = 'earshot-rules';

/**
 * Answers by rules, offline, and says so where they do not reach. `temperature` and `model` have no meaning here; a token of
 * `maxTokens` is a word. A tool is called only when it needs no arguments and the message names it, or when it is forced.
 */
export function createBuiltinTextGenerator({ clock }: { readonly clock: Clock }): TextGenerator {
  const answer = (messages: readonly TextMessage[], options: TextOptions = {}): TextResult => {
    options.signal?.throwIfAborted();
    const toolCalls = callsFor(messages, options);
    if (toolCalls.length > 0) return { text: '', toolCalls, finishReason: 'tool_calls', usage: null, model };
    const now = new Date(clock.now());
    const words =
      answerByRules(messages, { now, timeZone: knownTimeZone(options.timeZone) }).match(/\s*\S+/g) ?? [];
    const most = options.maxTokens ?? words.length;
    return {
      text: words.slice(0, most).join(''),
      toolCalls,
      finishReason: words.length > most ? 'length' : 'stop',
      usage: null,
      model,
    };
  };
  return {
    engine: 'builtin',
    model,
    text: async (messages, options) => answer(messages, options),
    json: async () => {
      throw errors.noLanguageModel(
        'This needs a language model, and this server has none: its operator can set OPENAI_API_KEY or OPENAI_BASE_URL.',
      );
    },
    async *stream(messages, options = {}) {
      const { text, toolCalls, finishReason, usage } = answer(messages, options);
      for (const word of text.match(/\s*\S+/g) ?? []) {
        yield { type: 'text', text: word };
        await nextTurn();
        options.signal?.throwIfAborted();
      }
      for (const [index, call] of toolCalls.entries()) {
        yield { type: 'tool-call-delta', index, ...call };
        yield { type: 'tool-call', index, call };
      }
      yield { type: 'end', finishReason, usage, model };
    },
  };
}

function callsFor(
  messages: readonly TextMessage[],
  { tools = [], toolChoice = 'auto' }: TextOptions,
): ToolCall[] {
  const last = messages.at(-1);
  if (toolChoice === 'none' || last?.role !== 'user') return [];
  const wanted = tools.find(({ name, parameters }) =>
    typeof toolChoice === 'object'
      ? name === toolChoice.name
      : new RegExp(`\\b${literally(name)}\\b`, 'i').test(last.content) && needsNothing(parameters),
  );
  return wanted ? [{ id: 'call_1', name: wanted.name, arguments: '{}' }] : [];
}

const literally = (text: string): string => text.replace(/[^\w]/g, '\\$&');

const needsNothing = ({ required }: Readonly<Record<string, unknown>>): boolean =>
  !Array.isArray(required) || required.length === 0;

/** A zone that this system does not know is told in UTC. */
function knownTimeZone(name = 'UTC'): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}
