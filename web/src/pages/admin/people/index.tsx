import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Button, Spinner } from '../../../design/button.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { EmptyState } from '../../../design/empty-state.tsx';
import { Field } from '../../../design/field.tsx';
import { sentence } from '../../../server/request.ts';
import { api, type Person } from '../api.ts';
import { Avatar } from '../inbox/avatar.tsx';
import { titleOf } from '../inbox/conversations.ts';
import { useNow } from '../inbox/use-now.ts';
import { contextRows, fullWords, shortAge } from '../inbox/words.ts';
import { usePlace } from '../place.ts';

const pauseMs = 250;

/** Everybody who has written or been identified, last seen first. */
export default function People() {
  const { place, go } = usePlace();
  const [words, setWords] = useState('');
  const [settled, setSettled] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSettled(words.trim()), pauseMs);
    return () => clearTimeout(timer);
  }, [words]);
  const people = useInfiniteQuery({
    queryKey: ['support', 'people', settled],
    queryFn: ({ pageParam, signal }) =>
      api.people({ search: settled, ...(pageParam ? { cursor: pageParam } : {}) }, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });
  const rows = people.data?.pages.flatMap((page) => page.users) ?? [];

  return (
    <div className="mx-auto flex w-full max-w-4xl flex-col gap-5 px-4 py-6 sm:px-8 sm:py-10">
      <h1 className="text-2xl font-semibold tracking-tight">People</h1>
      <Field
        label="Search"
        icon="search"
        type="search"
        placeholder="Name, e-mail or id"
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      {people.isPending ? (
        <p role="status" className="flex justify-center gap-3 py-16 text-muted">
          <Spinner />
          Loading the people
        </p>
      ) : people.isError ? (
        <EmptyState
          title="The list could not be loaded"
          action={
            <Button icon="retry" onClick={() => void people.refetch()}>
              Try again
            </Button>
          }
        >
          {sentence(people.error)}
        </EmptyState>
      ) : rows.length === 0 ? (
        <EmptyState title={settled ? 'Nobody found' : 'Nobody has written yet'}>
          {settled
            ? 'The search looks at names, e-mail addresses and ids.'
            : 'Everybody who opens a conversation is listed here, with their name where the app says it.'}
        </EmptyState>
      ) : (
        <>
          <ul aria-label="People" className="overflow-hidden rounded-card border border-line bg-surface">
            {rows.map((person) => (
              <li key={person.user_key} className="border-b border-line last:border-0">
                <PersonRow person={person} />
              </li>
            ))}
          </ul>
          {people.hasNextPage ? (
            <Button
              busy={people.isFetchingNextPage}
              onClick={() => void people.fetchNextPage()}
              className="self-center"
            >
              Load more
            </Button>
          ) : null}
        </>
      )}
      <Dialog
        open={place.person !== undefined}
        title="About this person"
        onClose={() => go({ view: 'people' })}
      >
        {place.person ? <Detail userKey={place.person} /> : null}
      </Dialog>
    </div>
  );
}

function PersonRow({ person }: { person: Person }) {
  const now = useNow();
  const title = titleOf(person);
  const under = [person.email && person.email !== title ? person.email : '', person.last_message ?? '']
    .filter(Boolean)
    .join(' · ');
  return (
    <Link
      to="/admin"
      search={{ view: 'people', person: person.user_key }}
      className="flex min-h-16 items-center gap-3 px-4 py-2.5 -outline-offset-2 hover:bg-hover"
    >
      <Avatar name={title} isOnline={person.is_online} />
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">{title}</span>
        <span className="block truncate text-sm text-muted">{under || 'No message yet'}</span>
      </span>
      <span className="shrink-0 text-right text-xs text-muted">
        {person.conversation_count} {person.conversation_count === 1 ? 'conversation' : 'conversations'}
        {person.last_seen_at ? (
          <time dateTime={person.last_seen_at} title={fullWords(person.last_seen_at)} className="block">
            {person.is_online ? 'online' : shortAge(Date.parse(person.last_seen_at), now)}
          </time>
        ) : null}
      </span>
    </Link>
  );
}

function Detail({ userKey }: { userKey: string }) {
  const now = useNow();
  const person = useQuery({
    queryKey: ['support', 'person', userKey],
    queryFn: ({ signal }) => api.person(userKey, signal),
  });
  if (person.isPending) {
    return (
      <p role="status" className="flex gap-3 text-muted">
        <Spinner />
        Loading
      </p>
    );
  }
  if (person.isError) return <p className="text-danger">{sentence(person.error)}</p>;
  const { user, conversations } = person.data;
  const rows: readonly (readonly [string, string])[] = [
    ...(user.email ? [['E-mail', user.email] as const] : []),
    ...(user.user_id ? [['User id', user.user_id] as const] : []),
    ...(user.created_at ? [['First seen', fullWords(user.created_at)] as const] : []),
    ...(user.last_seen_at ? [['Last seen', fullWords(user.last_seen_at)] as const] : []),
    ...Object.entries(user.attributes ?? {}).map(
      ([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const,
    ),
    ...contextRows(user.device_context),
  ];
  return (
    <>
      <div className="flex items-center gap-3">
        <Avatar name={titleOf(user)} isOnline={user.is_online} className="size-12" />
        <p className="text-lg font-semibold [overflow-wrap:anywhere]">{titleOf(user)}</p>
      </div>
      <dl className="grid grid-cols-[auto_1fr] gap-x-5 gap-y-2 text-sm">
        {rows.map(([name, value]) => (
          <div key={name} className="col-span-2 grid grid-cols-subgrid">
            <dt className="text-muted">{name}</dt>
            <dd className="min-w-0 [overflow-wrap:anywhere]">{value}</dd>
          </div>
        ))}
      </dl>
      <h3 className="font-semibold">Conversations</h3>
      <ul className="-mx-2 max-h-64 overflow-y-auto">
        {conversations.map((conversation) => (
          <li key={conversation.id}>
            <Link
              to="/admin"
              search={{ view: 'inbox', id: conversation.id }}
              className="flex min-h-11 items-center gap-2 rounded-control px-2 text-sm hover:bg-hover"
            >
              <span className="min-w-0 flex-1 truncate">{conversation.last_message ?? 'No message yet'}</span>
              <span className="text-xs text-muted">
                {conversation.status} · {shortAge(Date.parse(conversation.updated_at), now)}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
