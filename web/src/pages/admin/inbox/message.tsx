import type { ReactNode } from 'react';
import type { ChatMessage } from '../../../chat/messages.ts';
import { Icon } from '../../../design/icon.tsx';
import { clockWords, fullWords } from './words.ts';

const address = /(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]])/;

/** A text with its web addresses as links. */
function Linked({ text }: { text: string }) {
  const nodes: ReactNode[] = [];
  let at = 0;
  for (const part of text.split(address)) {
    const isAddress = nodes.length % 2 === 1;
    nodes.push(
      isAddress ? (
        <a
          key={at}
          href={part}
          target="_blank"
          rel="noopener noreferrer"
          className="underline underline-offset-2"
        >
          {part}
        </a>
      ) : (
        part
      ),
    );
    at += part.length;
  }
  return nodes;
}

const ticks = {
  QUEUED: { icon: 'clock', words: 'Being sent' },
  SENDING: { icon: 'clock', words: 'Being sent' },
  SENT: { icon: 'check', words: 'Sent' },
  DELIVERED: { icon: 'delivered', words: 'Delivered' },
  READ: { icon: 'delivered', words: 'Read' },
  FAILED: { icon: 'warning', words: 'Not sent' },
} as const;

interface MessageProps {
  readonly message: ChatMessage;
  /** Whoever wrote it, as the team calls them. */
  readonly author: string;
  /** The one before is by the same author and not long ago. */
  readonly isContinued: boolean;
  /** The one after it does so. */
  readonly goesOn: boolean;
  readonly failure: string | undefined;
  readonly onRetry: () => void;
}

export function Message({ message, author, isContinued, goesOn, failure, onRetry }: MessageProps) {
  if (message.sender === 'system') {
    return (
      <p className="my-2 text-center text-sm text-muted [overflow-wrap:anywhere]">
        <Linked text={message.body} />
      </p>
    );
  }
  const isTeam = message.sender === 'agent';
  const tick = ticks[message.status];
  return (
    <div
      data-message={message.localId}
      className={`flex flex-col ${isTeam ? 'items-end' : 'items-start'} ${isContinued ? 'mt-1' : 'mt-3'}`}
    >
      {isContinued ? (
        <span className="sr-only">{author}: </span>
      ) : (
        <span className="mx-1 mb-0.5 text-xs text-muted">{author}</span>
      )}
      <div
        className={`max-w-[min(85%,38rem)] rounded-2xl px-3.5 py-2 whitespace-pre-wrap [overflow-wrap:anywhere] ${
          isTeam ? 'rounded-br-md bg-accent text-on-accent' : 'rounded-bl-md bg-sunken'
        } ${message.id === null && !failure ? 'opacity-70' : ''}`}
      >
        <Linked text={message.body} />
      </div>
      {failure ? (
        <p
          role="alert"
          className="mx-1 mt-1 flex flex-wrap items-center justify-end gap-x-2 text-sm text-danger"
        >
          <span>Not sent: {failure}</span>
          <button
            type="button"
            onClick={onRetry}
            className="min-h-8 font-medium underline underline-offset-2"
          >
            Try again
          </button>
        </p>
      ) : goesOn ? (
        <span className="sr-only">{clockWords(message.at)}</span>
      ) : (
        <p className="mx-1 mt-0.5 flex items-center gap-1 text-xs text-muted">
          <time dateTime={new Date(message.at).toISOString()} title={fullWords(message.at)}>
            {clockWords(message.at)}
          </time>
          {isTeam ? (
            <span title={tick.words} className={message.status === 'READ' ? 'text-accent' : ''}>
              <Icon name={tick.icon} className="size-4" />
              <span className="sr-only">{tick.words}</span>
            </span>
          ) : null}
        </p>
      )}
    </div>
  );
}
