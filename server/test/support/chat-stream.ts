/** What the app makes of a chat stream: contract §5.5. */
export interface ChatAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Every frame as it was written, without the empty line. */
  readonly frames: readonly string[];
  readonly thoughts: readonly string[];
  /** The pieces joined, newlines put back. */
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into messages of every shape
  readonly message: any;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into messages of every shape
  readonly done: any;
}

const FRAME = /^(think|data|message|done): /;

/** Reads a chat stream as strictly as the app does: unknown tags, long frames and anything after `done:` are refused. */
export async function readChat(response: Response): Promise<ChatAnswer> {
  const whole = await response.text();
  const frames = whole.split('\n\n').filter(Boolean);
  const payloads = (tag: string) =>
    frames.filter((frame) => frame.startsWith(`${tag}: `)).map((frame) => frame.slice(tag.length + 2));
  if (response.status === 200) {
    for (const [index, frame] of frames.entries()) {
      if (!FRAME.test(frame)) throw new Error(`no frame of the app's: ${frame.slice(0, 80)}`);
      const isLast = index === frames.length - 1;
      if (frame.startsWith('done: ') !== isLast) throw new Error(`done: must be the last frame, and once`);
      if (!isLast && frame.length + 2 >= 1_024) throw new Error(`a frame of ${frame.length} characters`);
    }
  }
  const decoded = (tag: string) => {
    const [payload] = payloads(tag);
    return payload === undefined ? undefined : JSON.parse(Buffer.from(payload, 'base64').toString('utf8'));
  };
  return {
    status: response.status,
    headers: response.headers,
    frames,
    thoughts: payloads('think'),
    text: payloads('data').join('').replaceAll('__CRLF__', '\n'),
    message: decoded('message'),
    done: decoded('done'),
  };
}

/** Asks as the app does. */
export const ask = async (
  user: { readonly headers: Readonly<Record<string, string>> },
  url: string,
  text: string,
  more: { readonly fileIds?: readonly string[]; readonly appId?: string } = {},
): Promise<ChatAnswer> =>
  readChat(
    await fetch(`${url}/v2/messages?app_id=${more.appId ?? 'no_selected'}`, {
      method: 'POST',
      headers: user.headers,
      body: JSON.stringify({ text, file_ids: more.fileIds ?? null }),
    }),
  );
