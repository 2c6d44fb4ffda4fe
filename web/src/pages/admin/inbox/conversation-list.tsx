import { Link } from '@tanstack/react-router';
import { type RefObject, useEffect, useMemo } from 'react';
import { Button, IconButton, Spinner } from '../../../design/button.tsx';
import { EmptyState } from '../../../design/empty-state.tsx';
import { Icon } from '../../../design/icon.tsx';
import type { WireConversation } from '../api.ts';
import { usePlace } from '../place.ts';
import type { Operator } from '../session.ts';
import { Avatar } from './avatar.tsx';
import { useInbox, useInboxState } from './context.ts';
import { type Filter, filters, inOrder, listed, titleOf } from './conversations.ts';
import type { InboxState } from './store.ts';
import { useNow } from './use-now.ts';
import { useSearchResult } from './use-search.ts';
import { fullWords, shortAge } from './words.ts';

const lists = (state: InboxState) => state.lists;
const conversationsOf = (state: InboxState) => state.conversations;
const writingOf = (state: InboxState) => state.writing;

/** What the list shows for a filter or, while there are words, for a search. */
export function useRows(operator: Operator, filter: Filter, words: string) {
  const conversations = useInboxState(conversationsOf);
  const { floor } = useInboxState(lists)[filter];
  const found = useSearchResult(words);
  const rows = useMemo(() => {
    if (!words) return listed(conversations, filter, operator.id, floor);
    return inOrder(found.ids.flatMap((id) => conversations.get(id) ?? []));
  }, [conversations, filter, operator.id, floor, words, found.ids]);
  return { rows, found };
}

interface ConversationListProps {
  readonly operator: Operator;
  readonly words: string;
  readonly onWords: (words: string) => void;
  readonly searchField: RefObject<HTMLInputElement | null>;
}

export function ConversationList({ operator, words, onWords, searchField }: ConversationListProps) {
  const inbox = useInbox();
  const { place } = usePlace();
  const filter = place.filter ?? 'open';
  const list = useInboxState(lists)[filter];
  const { rows, found } = useRows(operator, filter, words);

  useEffect(() => {
    inbox.loadList(filter);
  }, [inbox, filter]);

  return (
    <section aria-labelledby="list-title" className="flex h-full min-h-0 flex-col bg-surface">
      <div className="flex flex-col gap-3 px-4 pt-4 pb-3">
        <h1 id="list-title" className="text-xl font-semibold tracking-tight">
          Inbox
        </h1>
        <div className="relative">
          <Icon name="search" className="pointer-events-none absolute top-3 left-3 size-5 text-muted" />
          <input
            ref={searchField}
            type="search"
            aria-label="Search conversations"
            placeholder="Search"
            value={words}
            onChange={(event) => onWords(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Escape') return;
              onWords('');
              event.currentTarget.blur();
            }}
            title="Names, e-mail addresses, ids and last messages"
            className="min-h-11 w-full rounded-control border border-edge bg-surface pr-10 pl-10 [&::-webkit-search-cancel-button]:hidden"
          />
          {words ? (
            <IconButton
              label="Clear the search"
              icon="close"
              onClick={() => {
                onWords('');
                searchField.current?.focus();
              }}
              className="absolute top-0 right-0"
            />
          ) : null}
        </div>
        {words ? (
          <p role="status" className="flex min-h-11 items-center text-sm text-muted">
            {found.isPending
              ? 'Searching…'
              : `${rows.length}${found.hasMore ? '+' : ''} ${rows.length === 1 ? 'conversation' : 'conversations'} found`}
          </p>
        ) : (
          <nav aria-label="Filter" className="flex gap-1 rounded-control bg-sunken p-1">
            {filters.map((one) => (
              <Link
                key={one.filter}
                to="/admin"
                search={{ ...place, view: 'inbox', filter: one.filter }}
                activeOptions={{ exact: true, includeSearch: true }}
                aria-current={one.filter === filter ? 'true' : undefined}
                className={`flex min-h-9 flex-1 items-center justify-center rounded-lg text-sm font-medium ${
                  one.filter === filter ? 'bg-surface text-ink shadow-raised' : 'text-muted hover:text-ink'
                }`}
              >
                {one.label}
              </Link>
            ))}
          </nav>
        )}
      </div>
      <div className="relative min-h-0 flex-1 overflow-y-auto overscroll-contain">
        <Rows rows={rows} isSearch={words !== ''} />
        {words ? (
          <SearchEnd found={found} count={rows.length} />
        ) : list.phase === 'loading' ? (
          <ListLoading />
        ) : list.phase === 'failed' ? (
          <EmptyState
            title="The list could not be loaded"
            action={
              <Button icon="retry" onClick={() => inbox.loadList(filter)}>
                Try again
              </Button>
            }
          >
            {list.failure}
          </EmptyState>
        ) : rows.length === 0 ? (
          <NothingHere filter={filter} />
        ) : null}
        {!words && list.more ? (
          <div className="p-4 text-center">
            <Button onClick={() => inbox.loadMore(filter)}>Load older conversations</Button>
          </div>
        ) : null}
      </div>
    </section>
  );
}

function Rows({ rows, isSearch }: { rows: readonly WireConversation[]; isSearch: boolean }) {
  const { place } = usePlace();
  const writing = useInboxState(writingOf);
  const now = useNow();
  if (rows.length === 0) return null;
  return (
    <ul aria-label={isSearch ? 'Found conversations' : 'Conversations'}>
      {rows.map((row) => (
        <li key={row.conversation_id}>
          <Row
            row={row}
            isOpen={row.conversation_id === place.id}
            isWriting={writing.has(row.conversation_id)}
            now={now}
          />
        </li>
      ))}
    </ul>
  );
}

interface RowProps {
  readonly row: WireConversation;
  readonly isOpen: boolean;
  readonly isWriting: boolean;
  readonly now: number;
}

function Row({ row, isOpen, isWriting, now }: RowProps) {
  const { place } = usePlace();
  const title = titleOf(row);
  const isUnread = row.unread_count > 0;
  const at = row.last_message_at ?? row.created_at;
  return (
    <Link
      to="/admin"
      search={{ ...place, view: 'inbox', id: row.conversation_id }}
      activeOptions={{ exact: true, includeSearch: true }}
      aria-current={isOpen ? 'true' : undefined}
      data-conversation={row.conversation_id}
      className={`flex items-center gap-3 border-b border-line px-4 py-3 -outline-offset-2 ${
        isOpen ? 'bg-sunken shadow-[inset_3px_0_0_var(--color-accent)]' : 'hover:bg-hover'
      }`}
    >
      <Avatar name={title} isOnline={row.is_online} />
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline gap-2">
          <span className={`min-w-0 flex-1 truncate ${isUnread ? 'font-semibold' : 'font-medium'}`}>
            {title}
          </span>
          <time dateTime={at} title={fullWords(at)} className="shrink-0 text-xs text-muted">
            {shortAge(Date.parse(at), now)}
          </time>
        </span>
        <span className="flex items-center gap-2">
          <span
            className={`min-w-0 flex-1 truncate text-sm ${isWriting ? 'text-accent' : isUnread ? '' : 'text-muted'}`}
          >
            {isWriting
              ? 'is writing…'
              : row.last_message
                ? `${row.last_sender === 'agent' ? 'Team: ' : ''}${row.last_message}`
                : 'No message yet'}
          </span>
          {isUnread ? (
            <span className="min-w-5 shrink-0 rounded-full bg-accent px-1.5 text-center text-xs leading-5 font-semibold text-on-accent">
              {row.unread_count > 99 ? '99+' : row.unread_count}
              <span className="sr-only"> unread</span>
            </span>
          ) : row.status === 'resolved' ? (
            <span className="shrink-0 text-muted">
              <Icon name="check" className="size-4" />
              <span className="sr-only">Resolved</span>
            </span>
          ) : null}
        </span>
      </span>
    </Link>
  );
}

function SearchEnd({ found, count }: { found: ReturnType<typeof useSearchResult>; count: number }) {
  if (found.failure) return <p className="px-4 py-8 text-center text-sm text-danger">{found.failure}</p>;
  if (found.isPending) {
    return (
      <p className="flex justify-center py-8 text-muted">
        <Spinner />
      </p>
    );
  }
  if (count === 0) {
    return (
      <EmptyState title="Nothing found">
        The search looks at names, e-mail addresses, ids and the last message of each conversation.
      </EmptyState>
    );
  }
  return found.hasMore ? (
    <p className="px-4 py-4 text-center text-sm text-muted">There are more. Another word narrows it down.</p>
  ) : null;
}

function NothingHere({ filter }: { filter: Filter }) {
  if (filter === 'mine')
    return (
      <EmptyState title="Nothing is assigned to you">
        Conversations that you or a teammate assign to you stand here.
      </EmptyState>
    );
  if (filter === 'resolved')
    return <EmptyState title="Nothing is resolved yet">What the team has finished is kept here.</EmptyState>;
  return (
    <EmptyState
      title="Nobody is waiting"
      action={
        <a
          href="/support/demo"
          target="_blank"
          rel="noreferrer"
          className="font-medium underline underline-offset-4"
        >
          Try the chat as a customer
        </a>
      }
    >
      New conversations appear here by themselves, as soon as somebody writes.
    </EmptyState>
  );
}

function ListLoading() {
  return (
    <div aria-busy="true">
      <p className="sr-only" role="status">
        Loading the conversations
      </p>
      {[1, 2, 3, 4, 5].map((place) => (
        <div key={place} className="flex animate-pulse items-center gap-3 border-b border-line px-4 py-3">
          <div className="size-11 rounded-full bg-sunken" />
          <div className="flex flex-1 flex-col gap-2">
            <div className="h-4 w-2/5 rounded bg-sunken" />
            <div className="h-3.5 w-4/5 rounded bg-sunken" />
          </div>
        </div>
      ))}
    </div>
  );
}
