import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { IconButton } from '../../../design/button.tsx';
import { EmptyState } from '../../../design/empty-state.tsx';
import { Field } from '../../../design/field.tsx';
import { memories, send } from '../server.ts';
import type { Memory } from '../shapes.ts';
import { dayWords } from '../words.ts';
import { AddLine } from './add-line.tsx';
import { Asked } from './standing.tsx';
import { useChange } from './use-change.ts';

/** Fewer are seen at a glance. */
const WORTH_SEARCHING = 8;

/** What is known about the user. */
export function Memories() {
  const query = useQuery(memories);
  const change = useChange(memories.queryKey);
  return (
    <section aria-label="Memories" className="flex max-w-2xl flex-col gap-5">
      <h1 className="text-2xl font-semibold tracking-tight">Memories</h1>
      <p className="text-muted">
        What it has learned about you. The chat answers from it; remove what is wrong.
      </p>
      <AddLine
        label="Add one"
        longest={500}
        onAdd={(content) =>
          void change(() => send('POST', '/v3/memories', { content, visibility: 'private' }))
        }
      />
      <Asked query={query}>
        {(list) =>
          list.length === 0 ? (
            <EmptyState title="No memories yet">
              Tell it about yourself while it listens: where you live, what you like, who matters to you.
            </EmptyState>
          ) : (
            <MemoryList
              list={list}
              onForget={(id) => void change(() => send('DELETE', `/v3/memories/${id}`))}
            />
          )
        }
      </Asked>
    </section>
  );
}

function MemoryList({ list, onForget }: { list: readonly Memory[]; onForget: (id: string) => void }) {
  const [words, setWords] = useState('');
  const wanted = useDeferredValue(words.trim().toLowerCase());
  return (
    <>
      {list.length > WORTH_SEARCHING ? (
        <Field
          label="Search memories"
          type="search"
          icon="search"
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
      ) : null}
      <ul className="flex flex-col divide-y divide-line">
        {list
          .filter(({ content }) => content.toLowerCase().includes(wanted))
          .map(({ id, content, created_at: createdAt }) => (
            <li key={id} className="flex min-h-14 items-center gap-3 py-1">
              <span className="min-w-0 flex-1">
                {content}
                <span className="block text-sm text-muted">{dayWords(createdAt)}</span>
              </span>
              <IconButton label={`Forget: ${content}`} icon="trash" onClick={() => onForget(id)} />
            </li>
          ))}
      </ul>
    </>
  );
}
