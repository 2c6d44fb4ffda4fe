import { randomBytes } from 'node:crypto';
import { eventually } from './servers.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly json: any;
}

/** A key as a provider would hand out, of the caller's own. */
export const someKey = (): string => `sk-${randomBytes(24).toString('hex')}`;

/** Sends one HTTP request and reads the whole answer. */
export async function call(
  url: string,
  options: { method?: string; body?: unknown; headers?: Record<string, string>; raw?: string } = {},
): Promise<Answer> {
  const { method = 'GET', body, headers = {}, raw } = options;
  const content = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const answer = await fetch(url, {
    method,
    headers: { ...(content === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(content === undefined ? {} : { body: content }),
  });
  const text = await answer.text();
  let json: unknown = null;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined; // not JSON: the tests that care look at `text`
  }
  return { status: answer.status, headers: answer.headers, text, json };
}

/** The API as one signed-in device uses it. */
export interface SpeechDevice {
  readonly key: string;
  readonly userId: string;
  readonly token: string;
  call(path: string, options?: Parameters<typeof call>[1]): Promise<Answer>;
  generate(text: string, more?: Record<string, unknown>): Promise<Answer>;
  status(hash: string): Promise<Answer>;
  /** Generates and waits until it is no longer `generating`; the last status and the first answer. */
  speak(text: string, more?: Record<string, unknown>): Promise<{ ordered: Answer; status: Answer }>;
  download(fileId: string, headers?: Record<string, string>): Promise<{ response: Response; bytes: Buffer }>;
}

export async function signIn(url: string, key = someKey()): Promise<SpeechDevice> {
  const answer = await call(`${url}/auth/verify`, { method: 'POST', body: { openai_token: key } });
  if (answer.status !== 200) throw new Error(`sign-in answered ${answer.status}: ${answer.text}`);
  const token: string = answer.json.session_token;
  const authorization = `Bearer ${token}`;
  const device: SpeechDevice = {
    key,
    token,
    userId: answer.json.user_id,
    call: (path, options = {}) =>
      call(`${url}${path}`, { ...options, headers: { authorization, ...options.headers } }),
    generate: (text, more = {}) =>
      device.call('/tts/generate', {
        method: 'POST',
        body: { text, voice: 'nova', model: 'tts-1', openai_token: key, ...more },
      }),
    status: (hash) => device.call(`/tts/status/${hash}`),
    speak: async (text, more) => {
      const ordered = await device.generate(text, more);
      if (ordered.status !== 200) throw new Error(`generate answered ${ordered.status}: ${ordered.text}`);
      const status = await eventually(
        () => device.status(ordered.json.content_hash),
        ({ json }) => json.status !== 'generating',
        60_000,
      );
      return { ordered, status };
    },
    download: async (fileId, headers = {}) => {
      const response = await fetch(`${url}/files/${fileId}`, { headers: { authorization, ...headers } });
      return { response, bytes: Buffer.from(await response.arrayBuffer()) };
    },
  };
  return device;
}
