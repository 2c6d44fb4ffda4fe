import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { Button, IconButton } from '../../../design/button.tsx';
import { CodeBlock } from '../../../design/code-block.tsx';
import { CopyButton } from '../../../design/copy-button.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { Field } from '../../../design/field.tsx';
import { notify } from '../../../design/toast.tsx';
import { sentence } from '../../../server/request.ts';
import { Failed, Waiting } from '../notes/standing.tsx';
import { keys, send } from '../server.ts';
import { dayWords } from '../words.ts';
import { Section } from './section.tsx';

/** Keys by which assistants and programs of the user's read what is theirs. */
export function Keys() {
  const queries = useQueryClient();
  const asked = useQuery(keys);
  const [made, setMade] = useState<string | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const change = async (work: () => Promise<unknown>) => {
    try {
      await work();
      await queries.invalidateQueries({ queryKey: keys.queryKey });
    } catch (error) {
      notify(sentence(error), 'danger');
    }
  };
  const add = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name') ?? '').trim();
    if (!name) return notify('Give the key a name, so that you know it again.', 'danger');
    void change(async () => {
      const answer = await send('POST', '/v1/mcp/keys', { name });
      setMade(((await answer.json()) as { readonly key: string }).key);
      form.current?.reset();
    });
  };
  return (
    <Section title="Keys for your assistants">
      <p className="text-muted">
        An assistant that speaks MCP reads your conversations and memories at{' '}
        <code className="font-mono text-sm break-all">{location.origin}/v1/mcp</code> with such a key.
      </p>
      <form ref={form} onSubmit={add} className="flex items-end gap-3">
        <div className="flex-1">
          <Field label="Name of the key" name="name" maxLength={100} autoComplete="off" />
        </div>
        <Button type="submit" icon="key">
          Make a key
        </Button>
      </form>
      {asked.error ? (
        <Failed error={asked.error} retry={() => void asked.refetch()} />
      ) : !asked.data ? (
        <Waiting words="Fetching …" />
      ) : (
        <ul className="flex flex-col divide-y divide-line">
          {asked.data.map(({ id, name, last_used_at: usedAt }) => (
            <li key={id} className="flex min-h-14 items-center gap-3">
              <span className="min-w-0 flex-1">
                <span className="block truncate">{name}</span>
                <span className="text-sm text-muted">
                  {usedAt ? `Last used: ${dayWords(usedAt)}` : 'Never used'}
                </span>
              </span>
              <IconButton
                label={`Take back ${name}`}
                icon="trash"
                onClick={() => void change(() => send('DELETE', `/v1/mcp/keys/${id}`))}
              />
            </li>
          ))}
        </ul>
      )}
      <Dialog
        open={made !== null}
        title="Your new key"
        onClose={() => setMade(null)}
        actions={
          <Button tone="primary" onClick={() => setMade(null)}>
            I have kept it
          </Button>
        }
      >
        <p>It is shown only now. Whoever has it reads what is yours.</p>
        <CodeBlock label="The key" code={made ?? ''} />
        <CopyButton text={made ?? ''} what="the key" className="self-start" />
      </Dialog>
    </Section>
  );
}
