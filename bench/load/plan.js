// @ts-check
/**
 * What a load generator is told. It travels between processes, so it is data only.
 *
 * @typedef {object} Plan
 * @property {number} port of the server on the loopback address
 * @property {number} connections
 * @property {number} warmUpSeconds not counted
 * @property {number} seconds
 * @property {number} [rate] requests a second; flat out when unset
 * @property {number} expect the status that every answer must have
 * @property {readonly PlannedRequest[]} requests connection n sends number n, over and over
 *
 * @typedef {object} PlannedRequest
 * @property {'GET' | 'POST' | 'PATCH'} method
 * @property {string} path
 * @property {Record<string, string>} headers
 * @property {string} [body] in which `{{sequence}}` stands for a number that is never sent twice
 *
 * @typedef {{ perSecond: number, requests: number, failures: number, megabytesPerSecond: number }
 *   & import('../statistics.js').Latencies} Load
 */
import { latencies, rounded } from '../statistics.js';

/**
 * @param {{ milliseconds: number[], failures: number, bytes: number, seconds: number }} seen
 * @returns {Load}
 */
export const summary = ({ milliseconds, failures, bytes, seconds }) => ({
  perSecond: rounded(milliseconds.length / seconds),
  requests: milliseconds.length,
  failures,
  megabytesPerSecond: rounded(bytes / seconds / 1e6, 1),
  ...latencies(milliseconds),
});

let sequence = 0;

/** @param {string} body */
export function filled(body) {
  sequence += 1;
  return body.replaceAll('{{sequence}}', String(sequence));
}
