import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { Button, IconButton } from '../../../design/button.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { EmptyState } from '../../../design/empty-state.tsx';
import { Field } from '../../../design/field.tsx';
import { api, type CannedReply } from '../api.ts';
import { manages } from '../session.ts';
import type { SectionProps } from './index.tsx';
import { Confirm, Loaded, Rows, Section } from './section.tsx';
import { useAction } from './use-action.ts';

const key = ['support', 'canned-replies'];
const bare = (shortcut: string): string => shortcut.replace(/^\//, '');

export function RepliesSection({ operator }: SectionProps) {
  const replies = useQuery({ queryKey: key, queryFn: ({ signal }) => api.cannedReplies(signal) });
  const [editing, setEditing] = useState<CannedReply | 'new' | null>(null);
  const [removing, setRemoving] = useState<CannedReply | null>(null);
  const { busy, run } = useAction(key);
  const mayManage = manages(operator);
  const bodyId = useId();
  const known = editing === 'new' ? null : editing;

  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const reply = {
      shortcut: bare(String(form.get('shortcut') ?? '').trim()),
      body: String(form.get('body') ?? '').trim(),
    };
    const saved = await run(
      () => (known ? api.changeCannedReply({ id: known.id, ...reply }) : api.createCannedReply(reply)),
      'Saved.',
    );
    if (saved) setEditing(null);
  };

  return (
    <Section
      title="Canned replies"
      under="Answers that are needed often. Type / and the shortcut where you write an answer."
      action={
        mayManage ? (
          <Button tone="primary" icon="plus" onClick={() => setEditing('new')}>
            New reply
          </Button>
        ) : null
      }
    >
      <Loaded query={replies}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState title="There is none yet">
              {mayManage
                ? 'Begin with the answer that you have written most often this week.'
                : 'Owners and administrators can add some.'}
            </EmptyState>
          ) : (
            <Rows label="Canned replies">
              {rows.map((reply) => (
                <li key={reply.id} className="flex items-center gap-2 px-4 py-3">
                  <div className="min-w-0 flex-1">
                    <p className="font-medium">/{bare(reply.shortcut)}</p>
                    <p className="line-clamp-2 text-sm text-muted [overflow-wrap:anywhere]">{reply.body}</p>
                  </div>
                  {mayManage ? (
                    <>
                      <Button onClick={() => setEditing(reply)}>Edit</Button>
                      <IconButton
                        label={`Delete /${bare(reply.shortcut)}`}
                        icon="trash"
                        onClick={() => setRemoving(reply)}
                      />
                    </>
                  ) : null}
                </li>
              ))}
            </Rows>
          )
        }
      </Loaded>
      <Dialog
        open={editing !== null}
        title={known ? 'Edit the reply' : 'New canned reply'}
        onClose={() => setEditing(null)}
      >
        <form onSubmit={(event) => void save(event)} className="flex flex-col gap-4">
          <Field
            label="Shortcut"
            name="shortcut"
            required
            maxLength={50}
            pattern="/?\S+"
            defaultValue={known ? bare(known.shortcut) : ''}
            hint="One word, for example hello. It is typed as /hello."
            data-first
          />
          <div className="flex flex-col gap-1.5">
            <label htmlFor={bodyId} className="text-sm font-medium">
              Text
            </label>
            <textarea
              id={bodyId}
              name="body"
              required
              maxLength={5_000}
              rows={5}
              defaultValue={known?.body ?? ''}
              className="w-full rounded-control border border-edge bg-surface px-3 py-2"
            />
          </div>
          <Button type="submit" tone="primary" busy={busy} className="self-end">
            Save
          </Button>
        </form>
      </Dialog>
      <Confirm
        open={removing !== null}
        title={`Delete /${bare(removing?.shortcut ?? '')}?`}
        action="Delete"
        busy={busy}
        onClose={() => setRemoving(null)}
        onConfirm={() => {
          const id = removing?.id ?? '';
          void run(() => api.removeCannedReply(id), 'Deleted.').then(() => setRemoving(null));
        }}
      >
        Messages that were written with it stay as they are.
      </Confirm>
    </Section>
  );
}
