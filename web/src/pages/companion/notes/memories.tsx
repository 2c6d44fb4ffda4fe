import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useDeferredValue, useRef, useState } from 'react';
import { Button, IconButton } from '../../../design/button.tsx';
import { EmptyState } from '../../../design/empty-state.tsx';
import { Field } from '../../../design/field.tsx';
import { notify } from '../../../design/toast.tsx';
import { sentence } from '../../../server/request.ts';
import { memories, send } from '../server.ts';
import { dayWords } from '../words.ts';
import { Failed, Waiting } from './standing.tsx';

/** What is known about the user. */
export function Memories() {
  const queries = useQueryClient();
  const asked = useQuery(memories);
  const [query, setQuery] = useState('');
  const wanted = useDeferredValue(query.trim().toLowerCase());
  const form = useRef<HTMLFormElement>(null);
  const change = async (work: () => Promise<unknown>) => {
    try {
      await work();
      await queries.invalidateQueries({ queryKey: memories.queryKey });
    } catch (error) {
      notify(sentence(error), 'danger');
    }
  };
  const add = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const content = String(new FormData(event.currentTarget).get('content') ?? '').trim();
    if (!content) return;
    form.current?.reset();
    void change(() => send('POST', '/v3/memories', { content, visibility: 'private' }));
  };
  const shown = asked.data?.filter(({ content }) => content.toLowerCase().includes(wanted)) ?? [];
  return (
    <section aria-label="Memories" className="flex max-w-2xl flex-col gap-5">
      <h1 className="text-2xl font-semibold tracking-tight">Memories</h1>
      <p className="text-muted">
        What it has learned about you. The chat answers from it; remove what is wrong.
      </p>
      <form ref={form} onSubmit={add} className="flex items-end gap-3">
        <div className="flex-1">
          <Field label="Add one" name="content" maxLength={500} autoComplete="off" />
        </div>
        <Button type="submit" icon="plus">
          Add
        </Button>
      </form>
      {asked.error ? (
        <Failed error={asked.error} retry={() => void asked.refetch()} />
      ) : !asked.data ? (
        <Waiting words="Fetching …" />
      ) : asked.data.length === 0 ? (
        <EmptyState title="No memories yet">
          Tell it about yourself while it listens: where you live, what you like, who matters to you.
        </EmptyState>
      ) : (
        <>
          {asked.data.length > 8 ? (
            <Field
              label="Search memories"
              type="search"
              icon="search"
              value={query}
              onChange={(event) => setQuery(event.currentTarget.value)}
            />
          ) : null}
          <ul className="flex flex-col divide-y divide-line">
            {shown.map(({ id, content, created_at }) => (
              <li key={id} className="flex min-h-14 items-center gap-3 py-1">
                <span className="min-w-0 flex-1">
                  {content}
                  <span className="block text-sm text-muted">{dayWords(created_at)}</span>
                </span>
                <IconButton
                  label={`Forget: ${content}`}
                  icon="trash"
                  onClick={() => void change(() => send('DELETE', `/v3/memories/${id}`))}
                />
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
