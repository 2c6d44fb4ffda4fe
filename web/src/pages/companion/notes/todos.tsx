import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { IconButton } from '../../../design/button.tsx';
import { EmptyState } from '../../../design/empty-state.tsx';
import { actionItems, send } from '../server.ts';
import type { ActionItem } from '../shapes.ts';
import { dayWords, timeWords } from '../words.ts';
import { AddLine } from './add-line.tsx';
import { Asked } from './standing.tsx';
import { useChange } from './use-change.ts';

/** What the user meant to do: heard in conversations, or written here. */
export function Todos() {
  const queries = useQueryClient();
  const query = useQuery(actionItems);
  const change = useChange(actionItems.queryKey);
  /** Shown at once; the server's list comes after. */
  const expect = (next: (items: readonly ActionItem[]) => readonly ActionItem[]) =>
    queries.setQueryData(actionItems.queryKey, (items) => items && [...next(items)]);
  const tick = ({ id }: ActionItem, completed: boolean) => {
    expect((items) => items.map((one) => (one.id === id ? { ...one, completed } : one)));
    void change(() => send('PATCH', `/v1/action-items/${id}/completed?completed=${completed}`));
  };
  const remove = ({ id }: ActionItem) => {
    expect((items) => items.filter((one) => one.id !== id));
    void change(() => send('DELETE', `/v1/action-items/${id}`));
  };
  const rows = (items: readonly ActionItem[]) => (
    <ul className="flex flex-col divide-y divide-line">
      {items.map((item) => (
        <Row
          key={item.id}
          item={item}
          onTick={(completed) => tick(item, completed)}
          onRemove={() => remove(item)}
        />
      ))}
    </ul>
  );
  return (
    <section aria-label="To do" className="flex max-w-2xl flex-col gap-5">
      <h1 className="text-2xl font-semibold tracking-tight">To do</h1>
      <AddLine
        label="Add something"
        longest={500}
        onAdd={(description) =>
          void change(() => send('POST', '/v1/action-items', { description, completed: false }))
        }
      />
      <Asked query={query}>
        {(items) => {
          const open = items.filter(({ completed }) => !completed);
          const done = items.filter(({ completed }) => completed);
          if (items.length === 0)
            return (
              <EmptyState title="Nothing to do">
                Say “remind me to …” while it listens, and it appears here.
              </EmptyState>
            );
          return (
            <>
              {open.length > 0 ? rows(open) : <p className="text-muted">All done.</p>}
              {done.length > 0 ? (
                <details>
                  <summary className="min-h-11 content-center font-medium">Done ({done.length})</summary>
                  {rows(done)}
                </details>
              ) : null}
            </>
          );
        }}
      </Asked>
    </section>
  );
}

interface RowProps {
  readonly item: ActionItem;
  readonly onTick: (completed: boolean) => void;
  readonly onRemove: () => void;
}

function Row({ item, onTick, onRemove }: RowProps) {
  return (
    <li className="flex min-h-14 items-center gap-3 py-1">
      <label className="flex min-h-11 min-w-0 flex-1 cursor-pointer items-center gap-3">
        <input
          type="checkbox"
          checked={item.completed}
          className="size-5 shrink-0 accent-accent"
          onChange={(event) => onTick(event.currentTarget.checked)}
        />
        <span className={`min-w-0 ${item.completed ? 'text-muted line-through' : ''}`}>
          {item.description}
          {item.due_at ? (
            <span className="block text-sm text-muted">
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
      <IconButton label={`Remove ${item.description}`} icon="trash" onClick={onRemove} />
    </li>
  );
}
