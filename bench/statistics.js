// @ts-check
/**
 * The value below which `share` of the values lie (nearest rank).
 *
 * @param {readonly number[]} values
 * @param {number} share 0 to 1
 */
export function percentile(values, share) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN;
}

/** @param {readonly number[]} values */
export const median = (values) => percentile(values, 0.5);

/**
 * @typedef {object} Latencies
 * @property {number} p50 milliseconds
 * @property {number} p95 milliseconds
 * @property {number} p99 milliseconds
 * @property {number} slowest milliseconds
 */

/**
 * @param {readonly number[]} milliseconds
 * @returns {Latencies}
 */
export const latencies = (milliseconds) => ({
  p50: rounded(percentile(milliseconds, 0.5), 2),
  p95: rounded(percentile(milliseconds, 0.95), 2),
  p99: rounded(percentile(milliseconds, 0.99), 2),
  slowest: rounded(percentile(milliseconds, 1), 2),
});

/**
 * @param {number} value
 * @param {number} [digits]
 */
export const rounded = (value, digits = 0) => Math.round(value * 10 ** digits) / 10 ** digits;

/**
 * The item whose figure is the median of all: one that was really measured, all its other figures with it.
 *
 * @template T
 * @param {readonly T[]} items
 * @param {(item: T) => number} figureOf
 * @returns {T | undefined}
 */
export const middleOf = (items, figureOf) =>
  [...items].sort((a, b) => figureOf(a) - figureOf(b))[Math.floor(items.length / 2)];
