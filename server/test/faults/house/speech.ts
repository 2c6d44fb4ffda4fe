import { audioDuration } from '../../../src/platform/audio/duration.js';
import { eventually } from '../../support/servers.js';
import { signIn, someKey } from '../../support/speech-client.js';
import { type Asked, answered, ask, notOnce, type Resident } from './resident.js';

interface Memory {
  readonly key: string;
  /** Texts ordered so far. */
  count: number;
  /** By content hash. */
  readonly files: Record<string, { id: string; readonly text: string }>;
  /** By document: the highest progress that was acknowledged. */
  readonly positions: Record<string, number>;
}

interface Listed {
  readonly id: string;
  readonly content_hash: string;
  readonly status: string;
}

const DOCUMENTS = 5;
/** Of the tone that stands in for speech. */
const SECONDS = 0.5;
const SETTLES_WITHIN_MS = 180_000;

/** Of each content the newest, from a list that begins with the newest. */
const newestOf = (all: readonly Listed[]): Listed[] =>
  all.filter(
    ({ content_hash }, index) => index === all.findIndex((other) => other.content_hash === content_hash),
  );

/** Orders texts, asks for their state, and reports where in a document it is. */
export async function speechListener(url: string, remembered?: unknown): Promise<Resident> {
  const memory = (remembered as Memory) ?? { key: someKey(), count: 0, files: {}, positions: {} };
  const { key, files, positions } = memory;
  const { token } = await signIn(url, key);
  const headers = { authorization: `Bearer ${token}` };
  const request = (path: string, asked: Asked = {}) => ask(`${url}${path}`, { ...asked, headers });
  const listed = async (): Promise<Listed[]> => (await answered(`${url}/tts/files`, { headers })).json;

  let wanted: string | null = null;
  let last = '';
  let reports = 0;
  const order = async (text: string): Promise<boolean> => {
    const body = { text, voice: 'nova', model: 'tts-1', openai_token: key };
    const answer = await request('/tts/generate', { body });
    if (answer?.status !== 200) return false;
    last = answer.json.content_hash;
    files[last] = { id: answer.json.file_id, text };
    return true;
  };
  const report = async (): Promise<void> => {
    reports += 1;
    const document_id = `document-${reports % DOCUMENTS}`;
    const progress = 1 - 1 / (2 + memory.count + reports / 1_000);
    const answer = await request('/playback/sync', {
      body: {
        document_id,
        title: 't',
        text_content: '',
        resume_key: 'r',
        progress,
        is_playing: true,
        is_paused: false,
        is_loading: false,
        current_title: 't',
      },
    });
    if (answer?.status === 200) positions[document_id] = progress;
  };

  return {
    app: 'speech',
    get acknowledged() {
      return Object.keys(files).length + Object.keys(positions).length;
    },
    step: async () => {
      if (wanted === null) {
        memory.count += 1;
        wanted = `This is text number ${memory.count}.`;
      }
      if (await order(wanted)) wanted = null;
      await report();
      if (last) await request(`/tts/status/${last}`);
    },
    settle: async () => {
      await eventually(
        async () => {
          if (wanted !== null && (await order(wanted))) wanted = null;
          const newest = newestOf(await listed());
          // A provider that was away fails a file; its owner may try again.
          for (const { content_hash, status } of newest)
            if (status === 'failed') await order(files[content_hash]?.text ?? '');
          return [wanted, ...newest.filter(({ status }) => status !== 'ready').map(({ status }) => status)];
        },
        ([text, ...unready]) => text === null && unready.length === 0,
        SETTLES_WITHIN_MS,
        500,
      );
    },
    judge: async () => {
      // One that failed stays in the list beside the one that was made later.
      const all = (await listed()).filter(({ status }) => status !== 'failed');
      const problems = notOnce(
        'file',
        all.map(({ content_hash, id }) => `${content_hash} ${id}`),
        { acknowledged: Object.entries(files).map(([hash, { id }]) => `${hash} ${id}`) },
      );
      for (const { id } of all) {
        const response = await fetch(`${url}/files/${id}`, { headers });
        const bytes = new Uint8Array(await response.arrayBuffer());
        const seconds = response.status === 200 ? await audioDuration(bytes, 'mp3') : null;
        if (seconds === null || Math.abs(seconds - SECONDS) > 0.2)
          problems.push(`half-written: file ${id} answers ${response.status} with ${seconds} s`);
      }
      const states: { document_id: string; progress: number }[] = (
        await answered(`${url}/playback/states`, { headers })
      ).json;
      problems.push(
        ...notOnce(
          'position of',
          states.map(({ document_id }) => document_id),
          { acknowledged: Object.keys(positions), possible: states.map(({ document_id }) => document_id) },
        ),
      );
      for (const { document_id, progress } of states)
        if (progress < (positions[document_id] ?? 0)) problems.push(`lost: a position of ${document_id}`);
      return problems;
    },
    remember: () => memory,
  };
}
