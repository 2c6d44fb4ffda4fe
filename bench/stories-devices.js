// @ts-check
// Families of the stories app and their devices, as the benchmarks need them.
import { createEarshotClient, createManualNetwork, createMemoryStore } from '@earshot/client';

/** @typedef {import('@earshot/client').EarshotClient} Device */

const PASSWORD = 'a password of the benchmark';
let families = 0;

/**
 * A new e-mail account.
 *
 * @param {number} port
 * @returns {Promise<{ email: string, password: string, authorization: string, device: (options?: DeviceOptions) => Promise<Device> }>}
 *
 * @typedef {object} DeviceOptions
 * @property {import('@earshot/client').LocalStore} [store] in memory unless told
 */
export async function newFamily(port) {
  families += 1;
  const email = `parent-${families}@example.com`;
  const { token } = await post(port, '/api/auth/sign-up/email', {
    email,
    password: PASSWORD,
    name: 'A parent',
  });
  return {
    email,
    password: PASSWORD,
    authorization: `Bearer ${token}`,
    device: async ({ store = createMemoryStore() } = {}) => {
      const client = createEarshotClient({
        baseUrl: `http://127.0.0.1:${port}`,
        store,
        network: createManualNetwork({ connected: true, interface: 'wifi' }),
      });
      await client.auth.signIn({ email, password: PASSWORD });
      return client;
    },
  };
}

/**
 * @param {number} port @param {string} path @param {object} body @param {string} [authorization]
 * @returns {Promise<any>} the answer, in whatever shape
 */
export async function post(port, path, body, authorization) {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`POST ${path} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

export const hero = (/** @type {number} */ n) => ({
  name: `Hero ${n}`,
  age: 6,
  traits: ['Brave', 'Curious'],
  appearance: 'Freckles, a red scarf and boots that are a little too big.',
});

/** About as long as a story is. @param {string} heroId @param {number} n */
export const story = (heroId, n) => ({
  heroId,
  title: `The quiet lighthouse ${n}`,
  content: 'Once upon a time there was a lighthouse that hummed whenever the fog came in. '.repeat(30),
  language: 'English',
});

/**
 * Puts heroes on the server in pushes of 200.
 *
 * @param {number} port @param {string} authorization @param {number} count
 * @returns {Promise<string[]>} their ids
 */
export async function makeHeroes(port, authorization, count) {
  const ids = [];
  for (let from = 0; from < count; from += 200) {
    const mutations = Array.from({ length: Math.min(200, count - from) }, (_, n) => ({
      mutationId: crypto.randomUUID(),
      type: 'hero',
      op: 'create',
      fields: hero(from + n),
    }));
    const { data } = await post(port, '/api/sync/push', { deviceId: 'bench', mutations }, authorization);
    for (const { id } of data.results) ids.push(id);
  }
  return ids;
}

/** A sync that has to reach its end. @param {Device} device @returns {Promise<{ ms: number, pulled: number, pushed: number }>} */
export async function synced(device) {
  const began = performance.now();
  const { outcome, error, pulled, pushed } = await device.sync.sync();
  if (outcome !== 'completed') throw error ?? new Error(`A sync ended ${outcome}.`);
  return { ms: performance.now() - began, pulled, pushed };
}
