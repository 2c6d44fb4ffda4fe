import type { PushNotice } from '../../../platform/push/push.js';
import type { MessageSender } from '../tables.js';

export interface PushedMessage {
  readonly id: string;
  readonly conversationId: string;
  readonly sender: MessageSender;
  readonly body: string;
}

/** Both stand in a push up to three times, and all of it together must stay below 4096 bytes. */
const MAX_BODY_BYTES = 1_000;
const MAX_TITLE_BYTES = 150;

/**
 * The notification of a message (contract §9). What the SDK reads is in `data`, in both of its spellings and with the
 * text, so that it finds its way with or without a notification of the system's.
 *
 * @param appName who writes, as the visitor knows them
 */
export function noticeOf(message: PushedMessage, appName: string): PushNotice {
  const title = shortened(appName, MAX_TITLE_BYTES);
  const body = shortened(message.body, MAX_BODY_BYTES);
  return {
    title,
    body,
    data: {
      title,
      body,
      conversation_id: message.conversationId,
      conversationId: message.conversationId,
      message_id: message.id,
      messageId: message.id,
      sender_type: message.sender,
      senderType: message.sender,
    },
    collapseKey: message.conversationId.startsWith('conv_')
      ? message.conversationId
      : `conv_${message.conversationId}`,
  };
}

const bytesOf = (text: string): number => Buffer.byteLength(JSON.stringify(text)) - 2;

/** Cut between characters so that it takes at most so many bytes of JSON. */
function shortened(text: string, maxBytes: number): string {
  if (bytesOf(text) <= maxBytes) return text;
  let bytes = bytesOf('…');
  let end = 0;
  for (const character of text) {
    bytes += bytesOf(character);
    if (bytes > maxBytes) break;
    end += character.length;
  }
  return `${text.slice(0, end)}…`;
}
