import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useRef } from 'react';
import { Button, IconButton } from '../../../design/button.tsx';
import { EmptyState } from '../../../design/empty-state.tsx';
import { Field } from '../../../design/field.tsx';
import { notify } from '../../../design/toast.tsx';
import { sentence } from '../../../server/request.ts';
import { actionItems, send } from '../server.ts';
import type { ActionItem } from '../shapes.ts';
import { dayWords, timeWords } from '../words.ts';
import { Failed, Waiting } from './standing.tsx';

/** What the user meant to do: heard in conversations, or written here. */
export function Todos() {
  const queries = useQueryClient();
  const asked = useQuery(actionItems);
  const form = useRef<HTMLFormElement>(null);
  const change = async (
    work: () => Promise<unknown>,
    before?: (items: readonly ActionItem[]) => readonly ActionItem[],
  ) => {
    if (before) queries.setQueryData(actionItems.queryKey, (items) => items && [...before(items)]);
    try {
      await work();
    } catch (error) {
      notify(sentence(error), 'danger');
    }
    await queries.invalidateQueries({ queryKey: actionItems.queryKey });
  };
  const add = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const description = String(new FormData(event.currentTarget).get('description') ?? '').trim();
    if (!description) return;
    form.current?.reset();
    void change(() => send('POST', '/v1/action-items', { description, completed: false }));
  };
  const open = asked.data?.filter(({ completed }) => !completed) ?? [];
  const done = asked.data?.filter(({ completed }) => completed) ?? [];
  const list = (items: readonly ActionItem[]) => (
    <ul className="flex flex-col divide-y divide-line">
      {items.map((item) => (
        <li key={item.id} className="flex min-h-14 items-center gap-3 py-1">
          <label className="flex min-h-11 min-w-0 flex-1 cursor-pointer items-center gap-3">
            <input
              type="checkbox"
              checked={item.completed}
              className="size-5 shrink-0 accent-accent"
              onChange={({ currentTarget: { checked } }) =>
                void change(
                  () => send('PATCH', `/v1/action-items/${item.id}/completed?completed=${checked}`),
                  (all) => all.map((one) => (one.id === item.id ? { ...one, completed: checked } : one)),
                )
              }
            />
            <span className={`min-w-0 ${item.completed ? 'text-muted line-through' : ''}`}>
              {item.description}
              {item.due_at ? (
                <span className="block text-sm text-muted no-underline">
                  {dayWords(item.due_at)}, {timeWords(item.due_at)}
                </span>
              ) : null}
            </span>
          </label>
          {item.conversation_id ? (
            <Link
              to="/companion"
              search={{ id: item.conversation_id }}
              className="min-h-11 content-center px-2 text-sm underline underline-offset-4 max-sm:hidden"
            >
              Where it was said
            </Link>
          ) : null}
          <IconButton
            label={`Remove ${item.description}`}
            icon="trash"
            onClick={() =>
              void change(
                () => send('DELETE', `/v1/action-items/${item.id}`),
                (all) => all.filter(({ id }) => id !== item.id),
              )
            }
          />
        </li>
      ))}
    </ul>
  );
  return (
    <section aria-label="To do" className="flex max-w-2xl flex-col gap-5">
      <h1 className="text-2xl font-semibold tracking-tight">To do</h1>
      <form ref={form} onSubmit={add} className="flex items-end gap-3">
        <div className="flex-1">
          <Field label="Add something" name="description" maxLength={500} autoComplete="off" />
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
        <EmptyState title="Nothing to do">
          Say “remind me to …” while it listens, and it appears here.
        </EmptyState>
      ) : (
        <>
          {open.length > 0 ? list(open) : <p className="text-muted">All done.</p>}
          {done.length > 0 ? (
            <details>
              <summary className="min-h-11 content-center font-medium">Done ({done.length})</summary>
              {list(done)}
            </details>
          ) : null}
        </>
      )}
    </section>
  );
}
