import { NoAnswer, request, ServerRefusal } from '../../server/request.ts';
import { beginSession, currentSession, endSession, type Session } from './session.ts';

export type FileStatus = 'generating' | 'ready' | 'failed';

/** One element of GET /tts/files. */
export interface SpeechFile {
  readonly id: string;
  readonly content_hash: string;
  readonly text_content: string;
  readonly title?: string | null;
  readonly voice: string;
  readonly model: string;
  readonly format: string;
  readonly speed: number;
  readonly file_size?: number | null;
  readonly duration_seconds?: number | null;
  readonly status: FileStatus;
  /** Why it failed. */
  readonly error?: string;
  readonly created_at: string;
  readonly expires_at: string;
}

/** GET /tts/status/:contentHash. */
export interface GenerationStatus {
  readonly status: FileStatus | 'not_found';
  readonly file_id?: string;
  /** 0..1 */
  readonly progress?: number;
  readonly chunks_done?: number;
  readonly chunks_total?: number;
}

export interface GenerateRequest {
  readonly text: string;
  readonly title?: string;
  readonly voice: string;
  readonly model: string;
  readonly format: string;
  readonly speed: number;
}

export interface Generated {
  readonly file_id: string;
  readonly content_hash: string;
  readonly status: FileStatus;
}

/** One row of GET /playback/states. */
export interface PlaybackState {
  readonly document_id: string;
  /** 0..1 */
  readonly progress: number;
  readonly is_playing: boolean;
  readonly updated_at: string;
}

export interface PlaybackUpdate {
  readonly document_id: string;
  readonly title: string;
  readonly text_content: string;
  readonly language_code: null;
  readonly resume_key: string;
  readonly progress: number;
  readonly is_playing: boolean;
  readonly is_paused: boolean;
  readonly is_loading: boolean;
  readonly current_title: string;
  /** Given when the update is sent late, so that it cannot undo a newer one. */
  readonly updated_at?: string;
}

/** GET /user/usage. */
export interface Usage {
  readonly files_count: number;
  readonly storage_used_mb: number;
  readonly generated_today: number;
}

function json(body: unknown): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** Exchanges an API key for a session. Throws ServerRefusal (401 for a wrong key, 429, 503) or NoAnswer. */
export async function verify(key: string, origin: Session['origin']): Promise<Session> {
  const response = await request('/auth/verify', json({ openai_token: key }));
  const body = (await response.json()) as { user_id: string; session_token: string };
  return { key, origin, token: body.session_token, userId: body.user_id };
}

let renewal: Promise<Session> | null = null;

/** Asks once for a new token with the kept key, however many requests were refused at the same time. */
function renew(refused: Session): Promise<Session> {
  if (refused.origin === 'account') {
    const message = 'your account was signed out.';
    endSession(message);
    return Promise.reject(new ServerRefusal(message, 401, 'signed_out', null));
  }
  const current = currentSession();
  if (current && current.token !== refused.token) return Promise.resolve(current);
  renewal ??= verify(refused.key, refused.origin)
    .then((session) => {
      beginSession(session);
      return session;
    })
    .catch((error: unknown) => {
      if (error instanceof ServerRefusal && error.status === 401) endSession(error.message);
      throw error;
    })
    .finally(() => {
      renewal = null;
    });
  return renewal;
}

function withToken(session: Session, init: RequestInit): RequestInit {
  if (session.origin === 'account') return { ...init, credentials: 'same-origin' };
  const headers = new Headers(init.headers);
  headers.set('authorization', `Bearer ${session.token}`);
  return { ...init, headers };
}

/** A request in the reader's name; an expired token is renewed once, a refused key ends the session. */
async function authorized(path: string, init: RequestInit = {}): Promise<Response> {
  const session = currentSession();
  if (!session) throw new ServerRefusal('You are signed out.', 401, 'signed_out', null);
  try {
    return await request(path, withToken(session, init));
  } catch (error) {
    if (!(error instanceof ServerRefusal) || error.status !== 401) throw error;
  }
  const renewed = await renew(session);
  try {
    return await request(path, withToken(renewed, init));
  } catch (error) {
    if (error instanceof ServerRefusal && error.status === 401) endSession(error.message);
    throw error;
  }
}

let lastList: {
  readonly userId: string;
  readonly etag: string;
  readonly files: readonly SpeechFile[];
} | null = null;

/** The caller's files, newest first. Unchanged lists cost a 304. */
export async function listFiles(signal: AbortSignal): Promise<readonly SpeechFile[]> {
  const userId = currentSession()?.userId ?? '';
  const known = lastList?.userId === userId ? lastList : null;
  const response = await authorized('/tts/files', {
    signal,
    cache: 'no-store',
    headers: known ? { 'if-none-match': known.etag } : {},
  });
  if (response.status === 304 && known) return known.files;
  const files = (await response.json()) as readonly SpeechFile[];
  const etag = response.headers.get('etag');
  lastList = etag ? { userId, etag, files } : null;
  return files;
}

/** Asks for audio. The kept key travels along, as the server may have forgotten it since the sign-in. */
export async function generate(wish: GenerateRequest): Promise<Generated> {
  const key = currentSession()?.key;
  return (await (
    await authorized('/tts/generate', json(key ? { ...wish, openai_token: key } : wish))
  ).json()) as Generated;
}

export async function generationStatus(contentHash: string, signal: AbortSignal): Promise<GenerationStatus> {
  return (await (
    await authorized(`/tts/status/${contentHash}`, { signal, cache: 'no-store' })
  ).json()) as GenerationStatus;
}

export async function deleteFile(fileId: string): Promise<void> {
  await authorized(`/tts/delete/${fileId}`, { method: 'DELETE' });
}

/** The whole audio file. `onProgress` gets received and total bytes; total is null when the server does not say. */
export async function downloadFile(
  fileId: string,
  signal: AbortSignal,
  onProgress: (received: number, total: number | null) => void,
): Promise<Blob> {
  const response = await authorized(`/files/${fileId}`, { signal });
  const length = Number(response.headers.get('content-length'));
  const total = length > 0 ? length : null;
  const type = response.headers.get('content-type') ?? '';
  if (!response.body) return response.blob();
  const reader = response.body.getReader();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let received = 0;
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      pieces.push(piece.value);
      received += piece.value.byteLength;
      onProgress(received, total);
    }
  } catch (error) {
    if (signal.aborted) throw error;
    throw new NoAnswer();
  }
  return new Blob(pieces, { type });
}

export async function listPlaybackStates(signal: AbortSignal): Promise<readonly PlaybackState[]> {
  return (await (
    await authorized('/playback/states', { signal, cache: 'no-store' })
  ).json()) as readonly PlaybackState[];
}

/** Stores a position; `keepalive` lets the request outlive the page. */
export async function syncPlayback(update: PlaybackUpdate, keepalive: boolean): Promise<PlaybackState> {
  return (await (await authorized('/playback/sync', { ...json(update), keepalive })).json()) as PlaybackState;
}

export async function usage(signal: AbortSignal): Promise<Usage> {
  return (await (await authorized('/user/usage', { signal, cache: 'no-store' })).json()) as Usage;
}
