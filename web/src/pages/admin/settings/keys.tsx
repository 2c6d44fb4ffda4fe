import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from '../../../design/button.tsx';
import { CodeBlock } from '../../../design/code-block.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { Field, Select } from '../../../design/field.tsx';
import { snippetsFor } from '../../setup/snippets.ts';
import { type ApiKey, api } from '../api.ts';
import { dateWords, fullWords } from '../inbox/words.ts';
import type { SectionProps } from './index.tsx';
import { Confirm, Loaded, Rows, Section } from './section.tsx';
import { ShownOnce } from './shown-once.tsx';
import { useAction } from './use-action.ts';

const key = ['support', 'api-keys'];

const graces = [
  { value: '0', label: 'At once' },
  { value: '3600', label: 'In one hour' },
  { value: '86400', label: 'In one day' },
  { value: '604800', label: 'In seven days' },
  { value: '2592000', label: 'In thirty days' },
] as const;

const hasEnded = ({ revoked_at, expires_at }: ApiKey): boolean =>
  revoked_at !== null || (expires_at !== null && Date.parse(expires_at) <= Date.now());

export function KeysSection({ operator }: SectionProps) {
  const keys = useQuery({ queryKey: key, queryFn: ({ signal }) => api.apiKeys(signal) });
  const [making, setMaking] = useState(false);
  const [rotating, setRotating] = useState<ApiKey | null>(null);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const [shown, setShown] = useState<string | null>(null);
  const { busy, run } = useAction(key);

  const create = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const until = String(form.get('until') ?? '');
    const made = await run(() =>
      api.createApiKey(
        String(form.get('name') ?? '').trim(),
        until ? new Date(`${until}T23:59:59`).toISOString() : null,
      ),
    );
    if (!made) return;
    setMaking(false);
    setShown(made.api_key);
  };
  const rotate = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const grace = Number(new FormData(event.currentTarget).get('grace'));
    const made = rotating && (await run(() => api.rotateApiKey(rotating.id, grace)));
    if (!made) return;
    setRotating(null);
    setShown(made.api_key);
  };

  return (
    <Section
      title="API keys"
      under="Installations of your app show one of these. A key only lets customers write; it never opens the inbox."
      action={
        <Button tone="primary" icon="plus" onClick={() => setMaking(true)}>
          New key
        </Button>
      }
    >
      <p className="text-sm">
        App id: <code className="break-all">{operator.app_id}</code>
      </p>
      <Loaded query={keys}>
        {(rows) => (
          <Rows label="API keys">
            {[...rows.filter((row) => !hasEnded(row)), ...rows.filter(hasEnded)].map((row) => (
              <li key={row.id} className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-3">
                <div className="min-w-0 flex-1 basis-56">
                  <p className={`truncate font-medium ${hasEnded(row) ? 'text-muted line-through' : ''}`}>
                    {row.name} <code className="font-normal text-muted">{row.prefix}…</code>
                  </p>
                  <p className="text-sm text-muted">{standingOf(row)}</p>
                </div>
                {hasEnded(row) ? null : (
                  <div className="flex gap-2">
                    <Button onClick={() => setRotating(row)}>Rotate</Button>
                    <Button onClick={() => setRevoking(row)}>Revoke</Button>
                  </div>
                )}
              </li>
            ))}
          </Rows>
        )}
      </Loaded>
      <Dialog open={making} title="New API key" onClose={() => setMaking(false)}>
        <form onSubmit={(event) => void create(event)} className="flex flex-col gap-4">
          <Field
            label="Name"
            name="name"
            required
            maxLength={100}
            hint="For example the platform or the version that will use it."
            data-first
          />
          <Field label="Ends after (optional)" name="until" type="date" />
          <Button type="submit" tone="primary" busy={busy} className="self-end">
            Create
          </Button>
        </form>
      </Dialog>
      <Dialog
        open={rotating !== null}
        title={`Rotate “${rotating?.name ?? ''}”`}
        onClose={() => setRotating(null)}
      >
        <form onSubmit={(event) => void rotate(event)} className="flex flex-col gap-4">
          <p className="text-muted">
            You get a new key. Give installed apps the time they need to be updated; until then both keys
            work.
          </p>
          <Select label="The old key ends" name="grace" choices={graces} defaultValue="86400" />
          <Button type="submit" tone="primary" busy={busy} className="self-end">
            Make the new key
          </Button>
        </form>
      </Dialog>
      <ShownOnce
        title="Your new key"
        name="API key"
        value={shown}
        warning="The key is shown this once. The server keeps only a fingerprint of it."
        onClose={() => setShown(null)}
      >
        <p className="text-sm font-medium">For a web page</p>
        <CodeBlock
          label="Code for a web page"
          code={snippetsFor(operator.app_id, shown ?? '', location.origin)[0]?.code ?? ''}
        />
      </ShownOnce>
      <Confirm
        open={revoking !== null}
        title={`Revoke “${revoking?.name ?? ''}”?`}
        action="Revoke"
        busy={busy}
        onClose={() => setRevoking(null)}
        onConfirm={() => {
          const id = revoking?.id ?? '';
          void run(() => api.revokeApiKey(id), 'The key is revoked.').then(() => setRevoking(null));
        }}
      >
        Installations that use it are cut off within a second, and their chat stops working until they get
        another key. This cannot be taken back.
      </Confirm>
    </Section>
  );
}

function standingOf(row: ApiKey): string {
  const used = row.last_used_at ? `last used ${fullWords(row.last_used_at)}` : 'not used yet';
  if (row.revoked_at) return `Revoked ${dateWords(row.revoked_at)} · ${used}`;
  if (row.expires_at) return `${hasEnded(row) ? 'Ended' : 'Ends'} ${fullWords(row.expires_at)} · ${used}`;
  return `Since ${dateWords(row.created_at)} · ${used}`;
}
