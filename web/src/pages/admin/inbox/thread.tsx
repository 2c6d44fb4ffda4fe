import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import type { ChatMessage } from '../../../chat/messages.ts';
import { Button, Spinner } from '../../../design/button.tsx';
import { EmptyState } from '../../../design/empty-state.tsx';
import type { Teammate, WireConversation } from '../api.ts';
import { useInbox } from './context.ts';
import { titleOf } from './conversations.ts';
import { Message } from './message.tsx';
import type { Thread as ThreadState } from './thread.ts';
import { useNow } from './use-now.ts';
import { dayWords, shortName } from './words.ts';

/** Two messages of one author belong together when they are closer than this. */
const togetherMs = 5 * 60_000;
const nearEndPx = 80;
const nearTopPx = 200;

interface ThreadProps {
  readonly conversation: WireConversation;
  readonly thread: ThreadState;
  readonly isWriting: boolean;
  readonly team: readonly Teammate[];
}

/** The messages of a conversation: stays at the end while the reader is there, and in its place when older ones come. */
export function Thread({ conversation, thread, isWriting, team }: ThreadProps) {
  const inbox = useInbox();
  const id = conversation.conversation_id;
  const scroller = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const before = useRef<{ first: string | undefined; height: number; last: string | undefined }>({
    first: undefined,
    height: 0,
    last: undefined,
  });
  const first = thread.messages[0]?.localId;
  const last = thread.messages.at(-1);

  // biome-ignore lint/correctness/useExhaustiveDependencies: every change of what is shown may change the height
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const isMine = last?.localId !== before.current.last && last?.id === null;
    const cameAbove = before.current.first !== undefined && before.current.first !== first;
    // Asked of the place itself, because the event of a scroll comes later than the scroll.
    const { height } = before.current;
    isAtEnd.current = isMine || height === 0 || height - element.scrollTop - element.clientHeight < nearEndPx;
    if (isAtEnd.current) element.scrollTop = element.scrollHeight;
    else if (cameAbove) element.scrollTop += element.scrollHeight - height;
    before.current = { first, last: last?.localId, height: element.scrollHeight };
  }, [thread, isWriting, first, last]);

  useEffect(() => {
    const look = () => {
      if (document.visibilityState === 'visible' && document.hasFocus() && isAtEnd.current)
        inbox.markRead(id);
    };
    look();
    addEventListener('focus', look);
    document.addEventListener('visibilitychange', look);
    return () => {
      removeEventListener('focus', look);
      document.removeEventListener('visibilitychange', look);
    };
  });

  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    isAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < nearEndPx;
    if (isAtEnd.current && document.hasFocus()) inbox.markRead(id);
    if (element.scrollTop < nearTopPx && thread.older) inbox.loadOlder(id);
  };

  if (thread.phase === 'failed') {
    return (
      <div className="grid flex-1 place-items-center">
        <EmptyState
          title="The messages could not be loaded"
          action={
            <Button icon="retry" onClick={() => inbox.reload(id)}>
              Try again
            </Button>
          }
        >
          The conversation may have been deleted, or the server does not answer.
        </EmptyState>
      </div>
    );
  }
  return (
    <div
      ref={scroller}
      onScroll={onScroll}
      role="log"
      aria-label={`Messages with ${titleOf(conversation)}`}
      aria-busy={thread.phase === 'loading'}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      className="relative flex min-h-0 flex-1 flex-col overflow-y-auto overscroll-contain [overflow-anchor:none] px-4 py-4 -outline-offset-2 sm:px-6"
    >
      <div className="mt-auto">
        {thread.phase === 'loading' || thread.isLoadingOlder ? (
          <p className="flex justify-center gap-2 py-4 text-sm text-muted">
            <Spinner />
            {thread.phase === 'loading' ? 'Loading the messages' : 'Loading older messages'}
          </p>
        ) : thread.older ? (
          <p className="text-center">
            <Button tone="plain" onClick={() => inbox.loadOlder(id)}>
              Load older messages
            </Button>
          </p>
        ) : (
          <p className="py-4 text-center text-sm text-muted">
            {thread.messages.length === 0
              ? 'No message yet. Your first one opens the conversation.'
              : 'The beginning of the conversation'}
          </p>
        )}
        <Messages conversation={conversation} thread={thread} team={team} />
        {isWriting ? <Writing name={titleOf(conversation)} /> : null}
      </div>
    </div>
  );
}

function Messages({ conversation, thread, team }: Omit<ThreadProps, 'isWriting'>) {
  const inbox = useInbox();
  const now = useNow();
  const names = new Map(team.map(({ id, email }) => [id, shortName(email)]));
  const visitor = titleOf(conversation);
  const isTogether = (one: ChatMessage | undefined, next: ChatMessage | undefined): boolean =>
    one !== undefined &&
    next !== undefined &&
    one.sender === next.sender &&
    one.operatorId === next.operatorId &&
    next.at - one.at < togetherMs &&
    dayWords(one.at, now) === dayWords(next.at, now);
  const nodes: ReactNode[] = [];
  thread.messages.forEach((message, place) => {
    const previous = thread.messages[place - 1];
    const next = thread.messages[place + 1];
    const words = dayWords(message.at, now);
    if (!previous || dayWords(previous.at, now) !== words) {
      nodes.push(
        <h3 key={`day ${words}`} className="mt-5 mb-1 text-center text-xs font-medium text-muted">
          {words}
        </h3>,
      );
    }
    nodes.push(
      <Message
        key={message.localId}
        message={message}
        author={message.sender === 'user' ? visitor : (names.get(message.operatorId ?? '') ?? 'Team')}
        isContinued={isTogether(previous, message)}
        goesOn={isTogether(message, next) && message.status === next?.status}
        failure={thread.failures.get(message.localId)}
        onRetry={() => inbox.resend(conversation.conversation_id, message.localId)}
      />,
    );
  });
  return nodes;
}

function Writing({ name }: { name: string }) {
  return (
    <p className="mt-3 flex items-center gap-2 text-sm text-muted">
      <span aria-hidden="true" className="flex gap-1 rounded-2xl rounded-bl-md bg-sunken px-3.5 py-3">
        <span className="size-2 animate-breathe rounded-full bg-muted" />
        <span className="size-2 animate-breathe rounded-full bg-muted [animation-delay:300ms]" />
        <span className="size-2 animate-breathe rounded-full bg-muted [animation-delay:600ms]" />
      </span>
      <span className="sr-only">{name} is writing</span>
    </p>
  );
}
