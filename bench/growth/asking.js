// @ts-check
/**
 * One request as the measurements send it.
 *
 * @typedef {object} Question
 * @property {'GET' | 'POST' | 'PATCH'} [method] GET unless told
 * @property {string} path
 * @property {Readonly<Record<string, string>>} headers
 * @property {unknown} [body] sent as JSON
 * @property {number} [expect] the status that counts as an answer; 200 unless told
 *
 * @typedef {object} Answer
 * @property {number} ms from the request to the answer's last byte
 * @property {number} bytes of its body
 * @property {any} json in whatever shape; null when it is none
 * @property {Headers} headers
 */

const AT_ONCE = 16;

/** @param {number} port @param {Question} question @returns {Promise<Answer>} */
export async function ask(port, { method = 'GET', path, headers, body, expect = 200 }) {
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const began = performance.now();
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { ...headers, ...type },
    ...content,
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const ms = performance.now() - began;
  if (answer.status !== expect)
    throw new Error(`${method} ${path} answered ${answer.status}: ${bytes.toString().slice(0, 500)}`);
  const isJson = answer.headers.get('content-type')?.includes('json') && bytes.length > 0;
  return {
    ms,
    bytes: bytes.length,
    json: isJson ? JSON.parse(bytes.toString()) : null,
    headers: answer.headers,
  };
}

/**
 * Calls `work` for 0 up to `count`, some at a time.
 *
 * @param {number} count
 * @param {(n: number) => Promise<unknown>} work
 */
export async function times(count, work) {
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const n = next;
      next += 1;
      await work(n);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
