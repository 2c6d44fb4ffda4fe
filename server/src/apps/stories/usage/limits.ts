import type { Config } from '../../../config.js';
import type { LimitedOperation } from '../services.js';

/** The rolling window of all limits (contract §6). */
export const WINDOW_MS = 3_600_000;

/** Uses per user and rolling hour, unless the operator says otherwise (contract §6). */
const DEFAULTS: Readonly<Record<LimitedOperation, number>> = {
  story_generation: 5,
  audio_generation: 10,
  avatar_generation: 3,
  illustration_generation: 20,
  ai_assistant: 30,
};

const VARIABLES = {
  story_generation: 'RATE_LIMIT_STORY_GENERATION',
  audio_generation: 'RATE_LIMIT_AUDIO_GENERATION',
  avatar_generation: 'RATE_LIMIT_AVATAR_GENERATION',
  illustration_generation: 'RATE_LIMIT_ILLUSTRATION_GENERATION',
  ai_assistant: 'RATE_LIMIT_AI_ASSISTANT',
} as const satisfies Record<LimitedOperation, keyof Config>;

export const limitedOperations = Object.keys(DEFAULTS) as LimitedOperation[];

/** The limits that hold; what is no positive whole number falls back silently, as the contract demands. */
export function limitsOf(config: Config): Readonly<Record<LimitedOperation, number>> {
  const limits = { ...DEFAULTS };
  for (const operation of limitedOperations) {
    const given = config[VARIABLES[operation]];
    if (given !== undefined && /^[1-9]\d{0,8}$/.test(given)) limits[operation] = Number(given);
  }
  return limits;
}
