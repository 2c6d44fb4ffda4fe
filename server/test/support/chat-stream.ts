import { type ChatFrame, readChatStream } from '../apps/companion/strict-model.js';
import type { Answer } from './speech-client.js';

/** What the app shows of a chat stream: contract §5.5. */
export interface ChatAnswer {
  readonly frames: readonly ChatFrame[];
  readonly thoughts: readonly string[];
  /** The pieces joined, newlines put back. */
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into messages of every shape
  readonly message: any;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into messages of every shape
  readonly done: any;
}

/** Reads the stream that a chat route answered with. */
export function chatAnswerOf({ status, text }: Pick<Answer, 'status' | 'text'>): ChatAnswer {
  if (status !== 200) throw new Error(`the chat answered ${status}: ${text}`);
  const frames = readChatStream(text);
  const payloads = (tag: ChatFrame['tag']) =>
    frames.filter((frame) => frame.tag === tag).map(({ payload }) => payload);
  const decoded = (tag: 'message' | 'done') =>
    payloads(tag).map((payload) => JSON.parse(Buffer.from(payload, 'base64').toString('utf8')))[0];
  return {
    frames,
    thoughts: payloads('think'),
    text: payloads('data').join('').replaceAll('__CRLF__', '\n'),
    message: decoded('message'),
    done: decoded('done'),
  };
}

/** Asks as the app does. */
export const ask = async (
  user: { post(path: string, body?: unknown): Promise<Answer> },
  text: string,
  more: { readonly fileIds?: readonly string[]; readonly appId?: string } = {},
): Promise<ChatAnswer> =>
  chatAnswerOf(
    await user.post(`v2/messages?app_id=${more.appId ?? 'no_selected'}`, {
      text,
      file_ids: more.fileIds ?? null,
    }),
  );
