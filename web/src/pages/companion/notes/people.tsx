import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useMemo, useRef } from 'react';
import { Button, IconButton } from '../../../design/button.tsx';
import { EmptyState } from '../../../design/empty-state.tsx';
import { Field } from '../../../design/field.tsx';
import { Icon } from '../../../design/icon.tsx';
import { notify } from '../../../design/toast.tsx';
import { sentence } from '../../../server/request.ts';
import { people, send } from '../server.ts';
import { Failed, Waiting } from './standing.tsx';

/** Names of people by their ids. */
export function useNames(): ReadonlyMap<string, string> {
  const { data } = useQuery(people);
  return useMemo(() => new Map(data?.map(({ id, name }) => [id, name])), [data]);
}

/** The people that the user talks with. */
export function People() {
  const queries = useQueryClient();
  const asked = useQuery(people);
  const form = useRef<HTMLFormElement>(null);
  const change = async (work: () => Promise<unknown>) => {
    try {
      await work();
      await queries.invalidateQueries({ queryKey: people.queryKey });
    } catch (error) {
      notify(sentence(error), 'danger');
    }
  };
  const add = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name') ?? '').trim();
    if (name.length < 2) return notify('A name has 2 to 40 characters.', 'danger');
    void change(() => send('POST', '/v1/users/people', { name })).then(() => form.current?.reset());
  };
  return (
    <section aria-label="People" className="flex max-w-2xl flex-col gap-5">
      <h1 className="text-2xl font-semibold tracking-tight">People</h1>
      <p className="text-muted">
        Name the voices in a conversation by pressing on them; the names are kept here.
      </p>
      <form ref={form} onSubmit={add} className="flex items-end gap-3">
        <div className="flex-1">
          <Field label="Add somebody" name="name" minLength={2} maxLength={40} autoComplete="off" />
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
        <EmptyState title="Nobody yet">Add the people you talk with.</EmptyState>
      ) : (
        <ul className="flex flex-col divide-y divide-line">
          {[...asked.data]
            .sort((one, other) => one.name.localeCompare(other.name))
            .map(({ id, name }) => (
              <li key={id} className="flex min-h-14 items-center gap-3">
                <Icon name="person" className="text-muted" />
                <span className="min-w-0 flex-1 truncate">{name}</span>
                <IconButton
                  label={`Remove ${name}`}
                  icon="trash"
                  onClick={() => void change(() => send('DELETE', `/v1/users/people/${id}`))}
                />
              </li>
            ))}
        </ul>
      )}
    </section>
  );
}
