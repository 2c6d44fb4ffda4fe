import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button, IconButton } from '../../../design/button.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { EmptyState } from '../../../design/empty-state.tsx';
import { Field } from '../../../design/field.tsx';
import { notify } from '../../../design/toast.tsx';
import { api, type Delivery, type Webhook } from '../api.ts';
import { fullWords } from '../inbox/words.ts';
import { Confirm, Loaded, Rows, Section } from './section.tsx';
import { ShownOnce } from './shown-once.tsx';
import { useAction } from './use-action.ts';

const key = ['support', 'webhooks'];
const events = [
  { name: 'message.created', words: 'A message was written' },
  { name: 'conversation.created', words: 'A conversation began' },
  { name: 'conversation.resolved', words: 'A conversation was resolved' },
] as const;

export function WebhooksSection() {
  const webhooks = useQuery({ queryKey: key, queryFn: ({ signal }) => api.webhooks(signal) });
  const [editing, setEditing] = useState<Webhook | 'new' | null>(null);
  const [removing, setRemoving] = useState<Webhook | null>(null);
  const [watching, setWatching] = useState<Webhook | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const { busy, run } = useAction(key);
  const known = editing === 'new' ? null : editing;

  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const url = String(form.get('url') ?? '').trim();
    const chosen = form.getAll('event').map(String);
    if (chosen.length === 0) return notify('Please choose at least one event.', 'danger');
    if (known) {
      const saved = await run(() => api.changeWebhook(known.id, { url, events: chosen }), 'Saved.');
      if (saved) setEditing(null);
      return;
    }
    const made = await run(() => api.createWebhook(url, chosen));
    if (!made) return;
    setEditing(null);
    setSecret(made.secret);
  };
  const test = async (webhook: Webhook) => {
    const result = await run(() => api.testWebhook(webhook.id));
    if (!result) return;
    const status = result.httpStatus === null ? 'no answer' : `status ${result.httpStatus}`;
    notify(
      result.success ? `It arrived (${status}).` : `It did not arrive: ${status}.`,
      result.success ? 'calm' : 'danger',
    );
  };

  return (
    <Section
      title="Webhooks"
      under="Your own server is told what happens here, signed, and again after failures."
      action={
        <Button tone="primary" icon="plus" onClick={() => setEditing('new')}>
          New webhook
        </Button>
      }
    >
      <Loaded query={webhooks}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState title="There is none yet">
              A webhook sends each event as JSON to an address of yours.
            </EmptyState>
          ) : (
            <Rows label="Webhooks">
              {rows.map((webhook) => (
                <li key={webhook.id} className="flex flex-wrap items-center gap-x-2 gap-y-2 px-4 py-3">
                  <div className="min-w-0 flex-1 basis-64">
                    <p
                      className={`font-medium [overflow-wrap:anywhere] ${webhook.isActive ? '' : 'text-muted line-through'}`}
                    >
                      {webhook.url}
                    </p>
                    <p className="text-sm text-muted">
                      {webhook.isActive ? '' : 'Paused · '}
                      {webhook.events.join(', ')}
                    </p>
                  </div>
                  <Button busy={busy} onClick={() => void test(webhook)}>
                    Test
                  </Button>
                  <Button onClick={() => setWatching(webhook)}>Deliveries</Button>
                  <Button onClick={() => setEditing(webhook)}>Edit</Button>
                  <Button
                    onClick={() =>
                      void run(
                        () => api.changeWebhook(webhook.id, { isActive: !webhook.isActive }),
                        webhook.isActive ? 'Paused.' : 'Active again.',
                      )
                    }
                  >
                    {webhook.isActive ? 'Pause' : 'Resume'}
                  </Button>
                  <IconButton
                    label={`Delete ${webhook.url}`}
                    icon="trash"
                    onClick={() => setRemoving(webhook)}
                  />
                </li>
              ))}
            </Rows>
          )
        }
      </Loaded>
      <Dialog
        open={editing !== null}
        title={known ? 'Edit the webhook' : 'New webhook'}
        onClose={() => setEditing(null)}
      >
        <form onSubmit={(event) => void save(event)} className="flex flex-col gap-4">
          <Field
            label="Address"
            name="url"
            type="url"
            required
            placeholder="https://"
            defaultValue={known?.url ?? ''}
            hint="Private and loopback addresses are refused."
            data-first
          />
          <fieldset className="flex flex-col gap-1">
            <legend className="mb-1 text-sm font-medium">Events</legend>
            {events.map(({ name, words }) => (
              <label key={name} className="flex min-h-11 cursor-pointer items-center gap-3">
                <input
                  type="checkbox"
                  name="event"
                  value={name}
                  defaultChecked={known?.events.includes(name) ?? true}
                  className="size-5 accent-accent"
                />
                <span>
                  {words} <code className="text-sm text-muted">{name}</code>
                </span>
              </label>
            ))}
          </fieldset>
          <Button type="submit" tone="primary" busy={busy} className="self-end">
            {known ? 'Save' : 'Create'}
          </Button>
        </form>
      </Dialog>
      <ShownOnce
        title="The signing secret"
        name="secret"
        value={secret}
        warning="The secret is shown this once."
        onClose={() => setSecret(null)}
      >
        <p className="text-sm text-muted">
          Each request carries <code>X-ReplyHQ-Signature: sha256=…</code>, the HMAC-SHA256 of its raw body
          with this secret, in hexadecimal.
        </p>
      </ShownOnce>
      <Dialog open={watching !== null} title="Deliveries" onClose={() => setWatching(null)}>
        {watching ? <Deliveries webhook={watching} /> : null}
      </Dialog>
      <Confirm
        open={removing !== null}
        title="Delete this webhook?"
        action="Delete"
        busy={busy}
        onClose={() => setRemoving(null)}
        onConfirm={() => {
          const id = removing?.id ?? '';
          void run(() => api.removeWebhook(id), 'Deleted.').then(() => setRemoving(null));
        }}
      >
        {removing?.url} is told nothing more, and its secret and deliveries are deleted.
      </Confirm>
    </Section>
  );
}

const standing = { pending: 'Waiting', delivered: 'Delivered', failed: 'Failed' } as const;

function Deliveries({ webhook }: { webhook: Webhook }) {
  const listKey = ['support', 'deliveries', webhook.id];
  const deliveries = useQuery({
    queryKey: listKey,
    queryFn: ({ signal }) => api.deliveries(webhook.id, signal),
    refetchInterval: 5_000,
  });
  const { busy, run } = useAction(listKey);
  return (
    <Loaded query={deliveries}>
      {(rows) =>
        rows.length === 0 ? (
          <p className="text-muted">Nothing was sent yet.</p>
        ) : (
          <ul
            aria-label="Deliveries"
            className="-mx-2 max-h-[60vh] divide-y divide-line overflow-y-auto px-2"
          >
            {rows.map((delivery) => (
              <li key={delivery.id} className="flex items-center gap-3 py-2.5 text-sm">
                <div className="min-w-0 flex-1">
                  <p>
                    <code>{delivery.event}</code>
                  </p>
                  <p className="text-muted">{wordsOf(delivery)}</p>
                </div>
                {delivery.status === 'failed' ? (
                  <Button
                    busy={busy}
                    onClick={() =>
                      void run(() => api.retryDelivery(webhook.id, delivery.id), 'It is sent again.')
                    }
                  >
                    Send again
                  </Button>
                ) : null}
              </li>
            ))}
          </ul>
        )
      }
    </Loaded>
  );
}

function wordsOf({ status, httpStatus, attempts, createdAt }: Delivery): string {
  return [
    standing[status],
    httpStatus === null ? '' : `status ${httpStatus}`,
    attempts > 1 ? `${attempts} attempts` : '',
    fullWords(createdAt),
  ]
    .filter(Boolean)
    .join(' · ');
}
