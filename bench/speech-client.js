// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * One signed-in user of the speech app.
 *
 * @typedef {Awaited<ReturnType<typeof signIn>>} User
 */

/**
 * What this file reads of answers.
 *
 * @typedef {object} Answer
 * @property {string} session_token
 * @property {string} content_hash
 * @property {string} file_id
 * @property {string} status
 * @property {string} [error]
 *
 * @typedef {object} ListedFile
 * @property {number} file_size bytes
 * @property {number} duration_seconds
 */

/** @param {number} port @param {string} key */
export async function signIn(port, key) {
  const base = `http://127.0.0.1:${port}`;
  /** @type {Record<string, string>} */
  let headers = { 'content-type': 'application/json' };

  /** @param {string} method @param {string} path @param {object} [body] @returns {Promise<unknown>} */
  const fetched = async (method, path, body) => {
    const answer = await fetch(base + path, {
      method,
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  };
  /** @param {string} method @param {string} path @param {object} [body] */
  const call = async (method, path, body) => /** @type {Answer} */ (await fetched(method, path, body));

  const { session_token: token } = await call('POST', '/auth/verify', { openai_token: key });
  const authorization = `Bearer ${token}`;
  headers = { ...headers, authorization };

  /** @param {string} text */
  const order = (text) => call('POST', '/tts/generate', orderOf(text));
  return {
    key,
    authorization,
    order,
    list: async () => /** @type {ListedFile[]} */ (await fetched('GET', '/tts/files')),
    /**
     * Resolves with the file once it can be heard.
     *
     * @param {string} text
     * @param {number} [lookEveryMs] more and more seldom when unset, so that many who wait do not disturb
     */
    speak: async (text, lookEveryMs) => {
      const { content_hash: hash, file_id: id } = await order(text);
      for (let wait = 20; ; wait = Math.min(wait * 1.5, 1_000)) {
        const { status, error } = await call('GET', `/tts/status/${hash}`);
        if (status === 'ready') return { id, hash };
        if (status !== 'generating') throw new Error(`A text became ${status}: ${error}`);
        await sleep(lookEveryMs ?? wait);
      }
    },
  };
}

/** @param {string} text */
export const orderOf = (text) => ({ text, voice: 'nova', model: 'tts-1', format: 'mp3', speed: 1 });
