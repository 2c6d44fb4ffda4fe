import type { TextGenerator } from '../../../platform/ai/text-generator.js';
import { createPromptedSummarizer } from './prompted-summarizer.js';
import type { Summarizer } from './summarizer.js';

/** Who summarises on this server, and who does when that one stays away. */
export function summarizersOf(text: TextGenerator): {
  readonly summarizer: Summarizer;
  readonly fallback: Summarizer;
} {
  const fallback = rulesWhenAsked();
  return { summarizer: text.engine === 'builtin' ? fallback : createPromptedSummarizer(text), fallback };
}

/** The rules load two large dictionaries (0.4 s of every start otherwise), so they come with the first conversation. */
function rulesWhenAsked(): Summarizer {
  return {
    summarize: async (...request) => {
      const { createRulesSummarizer } = await import('./rules-summarizer.js');
      return createRulesSummarizer().summarize(...request);
    },
  };
}
