// @ts-check
// What the load generators send, by measurement.
import { FILES_LISTED } from './data.js';
import { orderOf } from './speech-client.js';

/** @typedef {Omit<import('./load/plan.js').Plan, 'port' | 'warmUpSeconds' | 'seconds'> & { id: string, title: string }} Traffic */

const CONNECTIONS = 100;
const JSON_BODY = { 'content-type': 'application/json' };

/**
 * @param {import('./data.js').Data} data
 * @param {string} listTag the entity tag of the collector's list
 * @returns {Traffic[]}
 */
export function traffic(data, listTag) {
  const { users, collector, text, fileBytes } = data;
  /** @param {(user: import('./data.js').Data['users'][number], n: number) => import('./load/plan.js').PlannedRequest} of */
  const each = (of) => ({ connections: CONNECTIONS, expect: 200, requests: users.map(of) });
  /** @param {string} authorization */
  const signed = (authorization) => ({ authorization });
  /** @type {import('./load/plan.js').PlannedRequest} */
  const list = { method: 'GET', path: '/tts/files', headers: signed(collector.authorization) };
  return [
    {
      id: 'health',
      title: '`GET /health`: the server without auth or database',
      ...each(() => ({ method: 'GET', path: '/health', headers: {} })),
    },
    {
      id: 'read-status',
      title: 'Read through full auth: `GET /tts/status/:hash`',
      ...each(({ authorization, file }) => ({
        method: 'GET',
        path: `/tts/status/${file.hash}`,
        headers: signed(authorization),
      })),
    },
    {
      id: 'generate-cached',
      title: '`POST /tts/generate` of a text that is already spoken',
      ...each(({ authorization }) => ({
        method: 'POST',
        path: '/tts/generate',
        headers: { ...signed(authorization), ...JSON_BODY },
        body: JSON.stringify(orderOf(text)),
      })),
    },
    {
      id: 'list',
      title: `\`GET /tts/files\` of ${FILES_LISTED} files`,
      connections: CONNECTIONS,
      expect: 200,
      requests: [list],
    },
    {
      id: 'list-unchanged',
      title: 'The same list, unchanged: 304',
      connections: CONNECTIONS,
      expect: 304,
      requests: [{ ...list, headers: { ...list.headers, 'if-none-match': listTag } }],
    },
    {
      id: 'download-cached',
      title: `\`GET /files/:id\` of ${Math.round(fileBytes / 1_000)} kB of speech`,
      ...each(({ authorization, file }) => ({
        method: 'GET',
        path: `/files/${file.id}`,
        headers: signed(authorization),
      })),
    },
    {
      id: 'playback-write',
      title: 'Durable write: `POST /playback/sync`, always another document',
      ...each(({ authorization }) => ({
        method: 'POST',
        path: '/playback/sync',
        headers: { ...signed(authorization), ...JSON_BODY },
        body: JSON.stringify({
          document_id: `document-${process.pid}-{{sequence}}`,
          title: 'The harbour',
          text_content: text,
          language_code: 'en',
          resume_key: 'resume-{{sequence}}',
          progress: 0.25,
          is_playing: true,
          is_paused: false,
          is_loading: false,
          current_title: 'The harbour',
        }),
      })),
    },
    {
      id: 'sign-in',
      title: '`POST /auth/verify` of a known key',
      ...each(({ key }) => ({
        method: 'POST',
        path: '/auth/verify',
        headers: JSON_BODY,
        body: JSON.stringify({ openai_token: key }),
      })),
    },
  ];
}
