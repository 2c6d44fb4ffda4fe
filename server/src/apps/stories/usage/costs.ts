/** What one call is noted to cost, in US dollars (contract §6); the built-in engines cost nothing. */
const COSTS = { story: 0.03, audio: 0.015, image: 0.011, hdImage: 0.167 } as const;

export const costOf = (what: keyof typeof COSTS, engine: 'builtin' | 'openai'): number =>
  engine === 'openai' ? COSTS[what] : 0;
