import type { Message } from '../shapes.ts';

/** One frame of the chat's stream (contract §5.5). */
export type Frame =
  | { readonly kind: 'think'; readonly text: string }
  | { readonly kind: 'data'; readonly text: string }
  | { readonly kind: 'done'; readonly message: Message };

/** Cuts what arrives into frames; a frame may arrive in pieces, and several at once. */
export function createFrameReader(): (piece: string) => Frame[] {
  let rest = '';
  return (piece) => {
    const parts = (rest + piece).split('\n\n');
    rest = parts.pop() ?? '';
    return parts.flatMap((part) => frameOf(part) ?? []);
  };
}

function frameOf(part: string): Frame | null {
  const found = /^(think|data|done): ([\s\S]*)$/.exec(part);
  if (!found) return null;
  const [, kind, payload = ''] = found;
  if (kind === 'done') return { kind, message: messageOf(payload) };
  const text = payload.replaceAll('__CRLF__', '\n');
  return kind === 'think' ? { kind, text } : { kind: 'data', text };
}

function messageOf(base64: string): Message {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes)) as Message;
}
