import type { Usage, UsagePeriod } from './service.js';
import type { UsageAmounts } from './store.js';

/** The app's integers must not show fractions (contract §1.4). */
const whole = (amounts: UsageAmounts): UsageAmounts => ({
  transcription_seconds: Math.round(amounts.transcription_seconds),
  words_transcribed: Math.round(amounts.words_transcribed),
  insights_gained: Math.round(amounts.insights_gained),
  memories_created: Math.round(amounts.memories_created),
});

/** What was used, under the period's own name, as contract §5.6 writes it. */
export const presentUsage = (period: UsagePeriod, usage: Usage): Record<string, unknown> => ({
  [period]: whole(usage.total),
  history: usage.history.map(({ date, ...amounts }) => ({ date, ...whole(amounts) })),
});

/** A server of one's own has no plans and no limits: all keys as contract §5.6 wants them. */
export function presentSubscription(used: UsageAmounts): Record<string, unknown> {
  const amounts = whole(used);
  return {
    subscription: {
      plan: 'unlimited',
      status: 'active',
      current_period_end: null,
      stripe_subscription_id: null,
      features: [],
      cancel_at_period_end: false,
      limits: {
        transcription_seconds: null,
        words_transcribed: null,
        insights_gained: null,
        memories_created: null,
      },
    },
    transcription_seconds_used: amounts.transcription_seconds,
    transcription_seconds_limit: 0,
    words_transcribed_used: amounts.words_transcribed,
    words_transcribed_limit: 0,
    insights_gained_used: amounts.insights_gained,
    insights_gained_limit: 0,
    memories_created_used: amounts.memories_created,
    memories_created_limit: 0,
    available_plans: [],
    show_subscription_ui: false,
  };
}
