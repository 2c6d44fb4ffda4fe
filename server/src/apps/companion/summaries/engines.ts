import type { TextGenerator } from '../../../platform/ai/text-generator.js';
import { createPromptedSummarizer } from './prompted-summarizer.js';
import { createRulesSummarizer } from './rules-summarizer.js';
import type { Summarizer } from './summarizer.js';

/** Who summarises on this server, and who does when that one stays away. */
export function summarizersOf(text: TextGenerator): {
  readonly summarizer: Summarizer;
  readonly fallback: Summarizer;
} {
  const fallback = createRulesSummarizer();
  return { summarizer: text.engine === 'builtin' ? fallback : createPromptedSummarizer(text), fallback };
}
