// @ts-check
/**
 * What an answer holds: one thing, a page of a fixed size, or everything that there is, perhaps up to a bound. The first
 * two are to cost the same however much their owner has.
 *
 * @typedef {'one' | 'page' | 'all'} Kind
 */

/**
 * @template Owner
 * @typedef {object} Operation
 * @property {string} what
 * @property {Kind} kind
 * @property {string} [because] why it grows all the same
 * @property {(owner: Owner, n: number) => import('./asking.js').Question} ask for the n-th time
 * @property {(owner: Owner, answer: import('./asking.js').Answer) => void} [heard] keeps what a later operation needs of the answer
 */

/**
 * How one app is measured.
 *
 * @template Owner
 * @typedef {object} AppGrowth
 * @property {string} app
 * @property {string} rows what an owner of so many has, and how it came there
 * @property {(port: number, size: number) => Promise<Owner>} settle makes an owner through the server's doors, and rows where those are quick
 * @property {(database: import('./tables.js').Database, owner: Owner, size: number) => Promise<void>} [fill] the other rows, while the server stands still
 * @property {readonly Operation<Owner>[]} operations
 */

/**
 * Infers the owner.
 *
 * @template Owner
 * @param {AppGrowth<Owner>} growth
 * @returns {AppGrowth<any>}
 */
export const appGrowth = (growth) => growth;
