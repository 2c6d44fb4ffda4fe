import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { IconButton } from '../../../design/button.tsx';
import { EmptyState } from '../../../design/empty-state.tsx';
import { Icon } from '../../../design/icon.tsx';
import { people, send } from '../server.ts';
import { AddLine } from './add-line.tsx';
import { Asked } from './standing.tsx';
import { useChange } from './use-change.ts';

/** Names of people by their ids. */
export function useNames(): ReadonlyMap<string, string> {
  const { data } = useQuery(people);
  return useMemo(() => new Map(data?.map(({ id, name }) => [id, name])), [data]);
}

/** The people that the user talks with. */
export function People() {
  const query = useQuery(people);
  const change = useChange(people.queryKey);
  return (
    <section aria-label="People" className="flex max-w-2xl flex-col gap-5">
      <h1 className="text-2xl font-semibold tracking-tight">People</h1>
      <p className="text-muted">
        Name the voices in a conversation by pressing on them; the names are kept here.
      </p>
      <AddLine
        label="Add somebody"
        longest={40}
        onAdd={(name) => void change(() => send('POST', '/v1/users/people', { name }))}
      />
      <Asked query={query}>
        {(list) =>
          list.length === 0 ? (
            <EmptyState title="Nobody yet">Add the people you talk with.</EmptyState>
          ) : (
            <ul className="flex flex-col divide-y divide-line">
              {[...list]
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
          )
        }
      </Asked>
    </section>
  );
}
