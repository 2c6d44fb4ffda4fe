import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useDeferredValue, useState } from 'react';
import { Button } from '../../../design/button.tsx';
import { EmptyState } from '../../../design/empty-state.tsx';
import { Field } from '../../../design/field.tsx';
import { Failed, Waiting } from '../notes/standing.tsx';
import { conversations, found, hasMore } from '../server.ts';
import type { Conversation } from '../shapes.ts';
import { dayWords, lengthWords, timeWords } from '../words.ts';

/** All conversations by day, and a field that searches them. */
export function ConversationList({ openId }: { openId: string | undefined }) {
  const [query, setQuery] = useState('');
  const [pages, setPages] = useState(1);
  const wanted = useDeferredValue(query.trim());
  const all = useQuery(conversations(pages));
  const hits = useQuery(found(wanted));
  const asked = wanted ? hits : all;

  return (
    <section aria-label="Conversations" className="flex flex-col gap-4">
      <Field
        label="Search conversations"
        type="search"
        icon="search"
        value={query}
        onChange={(event) => setQuery(event.currentTarget.value)}
      />
      {asked.error ? (
        <Failed error={asked.error} retry={() => void asked.refetch()} />
      ) : !asked.data ? (
        <Waiting words="Fetching your conversations …" />
      ) : asked.data.length === 0 ? (
        <EmptyState title={wanted ? 'Nothing found' : 'No conversations yet'}>
          {wanted
            ? 'Try other words: they are looked for in titles, overviews and what was said.'
            : 'Press the microphone and say something, or connect your app in the settings.'}
        </EmptyState>
      ) : (
        <Days list={asked.data} openId={openId} />
      )}
      {!wanted && all.data && hasMore(all.data, pages) ? (
        <Button busy={all.isFetching} onClick={() => setPages(pages + 1)} className="self-center">
          Show older ones
        </Button>
      ) : null}
    </section>
  );
}

function Days({ list, openId }: { list: readonly Conversation[]; openId: string | undefined }) {
  const days = new Map<string, Conversation[]>();
  for (const one of list) {
    const day = dayWords(one.started_at ?? one.created_at);
    days.set(day, [...(days.get(day) ?? []), one]);
  }
  return [...days].map(([day, ofDay]) => (
    <div key={day} className="flex flex-col gap-1">
      <h3 className="px-3 text-sm font-medium text-muted">{day}</h3>
      <ul className="flex flex-col">
        {ofDay.map((one) => (
          <li key={one.id}>
            <Row conversation={one} isOpen={one.id === openId} />
          </li>
        ))}
      </ul>
    </div>
  ));
}

function Row({ conversation, isOpen }: { conversation: Conversation; isOpen: boolean }) {
  const { id, status, structured, started_at: startedAt, finished_at: finishedAt, created_at } = conversation;
  const seconds = startedAt && finishedAt ? (Date.parse(finishedAt) - Date.parse(startedAt)) / 1_000 : null;
  const isWorking = status === 'processing' || status === 'in_progress';
  return (
    <Link
      to="/companion"
      search={{ id }}
      aria-current={isOpen ? 'true' : undefined}
      className="flex min-h-14 items-center gap-3 rounded-control px-3 py-2 hover:bg-hover aria-[current]:bg-accent-soft"
    >
      <span
        aria-hidden="true"
        className="grid size-10 shrink-0 place-items-center rounded-control bg-sunken text-xl"
      >
        {structured.emoji || '💬'}
      </span>
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">
          {structured.title || (isWorking ? 'Being written down …' : 'Untitled')}
        </span>
        <span className="block truncate text-sm text-muted">
          {structured.overview || conversation.transcript_segments[0]?.text || ' '}
        </span>
      </span>
      <span className="shrink-0 text-right text-sm text-muted tabular-nums">
        {timeWords(startedAt ?? created_at)}
        <br />
        {seconds === null ? '' : lengthWords(seconds)}
      </span>
    </Link>
  );
}
