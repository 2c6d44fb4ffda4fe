// @ts-check
/**
 * What the server promises on two cores with the load generator on the same two (docs/architecture, "Speed"). A rate is
 * what it must reach flat out with 100 connections; a latency is what it must hold while called exactly that often. The
 * promise is for the embedded scale: on the scaled one the services' own appetite decides.
 *
 * @typedef {object} Budget
 * @property {number} [perSecond] at least so many requests a second
 * @property {number} [p95] milliseconds at that rate, at most
 * @property {number} [atMost] for single figures, in the figure's own unit
 */

/** @type {Readonly<Record<string, Budget>>} */
export const budgets = {
  'read-status': { perSecond: 3_000, p95: 20 },
  'generate-cached': { perSecond: 3_000, p95: 20 },
  'download-cached': { perSecond: 2_000, p95: 15 },
  'playback-write': { perSecond: 2_500, p95: 40 },
  'start-up': { atMost: 1_000 },
  'memory-idle': { atMost: 150 },
};

/**
 * @param {import('./report.js').Run} run
 * @param {import('./report.js').Result} result
 * @returns {boolean | null} null where nothing was promised or nothing was measured
 */
export function isWithinBudget({ scale }, result) {
  const budget = budgets[result.id];
  if (!budget || scale === 'scaled') return null;
  if (budget.atMost !== undefined) return (result.value ?? Number.POSITIVE_INFINITY) < budget.atMost;
  if (!result.flatOut) return null;
  return (
    result.flatOut.perSecond >= (budget.perSecond ?? 0) &&
    (result.steady?.p95 ?? 0) < (budget.p95 ?? Number.POSITIVE_INFINITY)
  );
}
