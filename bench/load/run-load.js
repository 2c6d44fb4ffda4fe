// @ts-check
import { fileURLToPath } from 'node:url';
import { forkOwned } from '../processes.js';

/**
 * Puts load on a server from a process of its own, so that the generator shares no event loop with anything.
 *
 * @param {import('./plan.js').Plan} plan
 * @returns {Promise<import('./plan.js').Load>}
 */
export function runLoad(plan) {
  const file = plan.rate === undefined ? './flat-out.js' : './steady.js';
  const generator = forkOwned(fileURLToPath(new URL(file, import.meta.url)));
  return new Promise((resolve, reject) => {
    generator.once('error', reject);
    generator.once('exit', (code) =>
      reject(new Error(`The load generator ended with ${code} and no result.`)),
    );
    generator.once('message', (load) => resolve(/** @type {import('./plan.js').Load} */ (load)));
    generator.send(plan);
  });
}
