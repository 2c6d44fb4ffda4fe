import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button, IconButton } from '../../../design/button.tsx';
import { CodeBlock } from '../../../design/code-block.tsx';
import { CopyButton } from '../../../design/copy-button.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { AddLine } from '../notes/add-line.tsx';
import { Asked } from '../notes/standing.tsx';
import { useChange } from '../notes/use-change.ts';
import { keys, send } from '../server.ts';
import { dayWords } from '../words.ts';
import { Section } from './section.tsx';

/** Keys by which assistants and programs of the user's read what is theirs. */
export function Keys() {
  const query = useQuery(keys);
  const change = useChange(keys.queryKey);
  const [made, setMade] = useState<string | null>(null);
  const make = async (name: string) => {
    const answer = await send('POST', '/v1/mcp/keys', { name });
    setMade(((await answer.json()) as { readonly key: string }).key);
  };
  return (
    <Section title="Keys for your assistants">
      <p className="text-muted">
        An assistant that speaks MCP reads your conversations and memories at{' '}
        <code className="font-mono text-sm break-all">{location.origin}/v1/mcp</code> with such a key.
      </p>
      <AddLine
        label="Name of the key"
        longest={100}
        button="Make a key"
        icon="key"
        onAdd={(name) => void change(() => make(name))}
      />
      <Asked query={query}>
        {(list) => (
          <ul className="flex flex-col divide-y divide-line">
            {list.map(({ id, name, last_used_at: usedAt }) => (
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
      </Asked>
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
