// @ts-check
import { signIn } from './speech-client.js';

export const USERS = 100;
export const FILES_LISTED = 100;

/** About five seconds of speech, 40 kB of MP3. */
const SENTENCE =
  'The harbour was quiet that morning, and nobody saw the little boat come in until it reached the pier.';
/** About a minute of speech. */
export const MINUTE = `${SENTENCE} `.repeat(10).trim();

/**
 * @typedef {object} Data
 * @property {readonly (import('./speech-client.js').User & { file: { id: string, hash: string } })[]} users
 * @property {import('./speech-client.js').User} collector has exactly `FILES_LISTED` files
 * @property {string} text that every user already had spoken
 * @property {number} fileBytes of that
 */

/**
 * Makes what the measurements read, through the server's own doors.
 *
 * @param {number} port
 * @returns {Promise<Data>}
 */
export async function makeData(port) {
  const users = [];
  for (let n = 0; n < USERS; n += 1) users.push(await signIn(port, `sk-key-of-the-benchmark-user-${n}`));
  const spoken = await Promise.all(
    users.map(async (user) => ({ ...user, file: await user.speak(SENTENCE) })),
  );
  const collector = await signIn(port, 'sk-key-of-the-benchmark-collector');
  await Promise.all(Array.from({ length: FILES_LISTED }, (_, n) => collector.speak(`Note ${n + 1}.`)));
  const [file] = (await users[0]?.list()) ?? [];
  return { users: spoken, collector, text: SENTENCE, fileBytes: file?.file_size ?? 0 };
}
