// @ts-check
import { createHash, randomUUID } from 'node:crypto';
import { newFamily } from '../stories-devices.js';
import { ask, times } from './asking.js';
import { appGrowth } from './kinds.js';
import { insert } from './tables.js';

const DAY_MS = 24 * 3_600_000;
const TEXT = 'The harbour was quiet that morning, and nobody saw the little boat come in.';

/** @param {string | number} n */
const report = (n) => ({
  document_id: `document-${n}`,
  title: 'The harbour',
  text_content: TEXT,
  language_code: 'en',
  resume_key: `resume-${n}`,
  progress: 0.25,
  is_playing: true,
  is_paused: false,
  is_loading: false,
  current_title: 'The harbour',
});
/** @param {number} n */
const order = (n) => ({ text: `Note ${n}. ${TEXT}`, voice: 'nova', model: 'tts-1', format: 'mp3', speed: 1 });

export const speech = appGrowth({
  app: 'speech',
  rows: 'as many playback states (through the API) and finished files (rows)',
  settle: async (port, size) => {
    const { authorization } = await newFamily(port);
    const headers = { authorization };
    await times(size, (n) => ask(port, { method: 'POST', path: '/playback/sync', headers, body: report(n) }));
    const { json } = await ask(port, { method: 'POST', path: '/tts/generate', headers, body: order(0) });
    return { headers, firstFile: json.file_id, tag: '', hash: '' };
  },
  fill: async (database, owner, size) => {
    const first = await database.read
      .selectFrom('audio_files')
      .selectAll()
      .where('id', '=', owner.firstFile)
      .executeTakeFirstOrThrow();
    owner.hash = first.content_hash;
    const now = Date.now();
    const rows = Array.from({ length: size - 1 }, (_, index) => ({
      ...first,
      id: randomUUID(),
      content_hash: createHash('sha256').update(`${first.user_id} ${index}`).digest('hex'),
      text_content: order(index + 1).text,
      status: 'ready',
      file_name: `${index}.mp3`,
      file_size: 40_000,
      file_sha256: first.content_hash,
      duration_ms: 5_000,
      created_at: now - index * 1_000,
      updated_at: now - index * 1_000,
      expires_at: now + 20 * DAY_MS,
    }));
    await insert(database, 'audio_files', rows);
  },
  operations: [
    {
      what: 'Playback write: `POST /playback/sync`, a new document',
      kind: 'one',
      ask: ({ headers }, n) => ({
        method: 'POST',
        path: '/playback/sync',
        headers,
        body: report(`new-${n}`),
      }),
    },
    {
      what: 'Playback write, the same document again',
      kind: 'one',
      ask: ({ headers }) => ({ method: 'POST', path: '/playback/sync', headers, body: report(7) }),
    },
    {
      what: 'One state: `GET /playback/state/{document}`',
      kind: 'one',
      ask: ({ headers }) => ({ path: '/playback/state/document-42', headers }),
    },
    {
      what: 'Order of a text that is spoken already: `POST /tts/generate`',
      kind: 'one',
      ask: ({ headers }) => ({ method: 'POST', path: '/tts/generate', headers, body: order(0) }),
    },
    {
      what: 'Status of a text: `GET /tts/status/{hash}`',
      kind: 'one',
      ask: ({ headers, hash }) => ({ path: `/tts/status/${hash}`, headers }),
    },
    {
      what: 'Files, a page of 50: `GET /tts/files?limit=50`',
      kind: 'page',
      ask: ({ headers }) => ({ path: '/tts/files?limit=50', headers }),
    },
    {
      what: 'Files since an instant, none: `GET /tts/files/since/{instant}`',
      kind: 'page',
      ask: ({ headers }) => ({ path: `/tts/files/since/${Date.now() + DAY_MS}`, headers }),
    },
    {
      what: 'All files: `GET /tts/files`',
      kind: 'all',
      ask: ({ headers }) => ({ path: '/tts/files', headers }),
      heard: (owner, { headers }) => {
        owner.tag = headers.get('etag') ?? '';
      },
    },
    {
      what: 'All files, unchanged: 304',
      kind: 'one',
      because: 'the tag counts all files, in an index',
      ask: ({ headers, tag }) => ({
        path: '/tts/files',
        headers: { ...headers, 'if-none-match': tag },
        expect: 304,
      }),
    },
    {
      what: 'All states: `GET /playback/states`',
      kind: 'all',
      ask: ({ headers }) => ({ path: '/playback/states', headers }),
    },
  ],
});
