import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button, IconButton } from '../../../design/button.tsx';
import { Icon } from '../../../design/icon.tsx';
import { sendAsAccount } from '../../../server/account.ts';
import { type KeyKind, keyPaths, kindWords } from './key-kinds.ts';
import { NewKey } from './new-key.tsx';
import { Asked, Row, Section } from './section.tsx';
import { type Key, keys } from './server.ts';
import { useChange } from './use-change.ts';
import { instantWords } from './words.ts';

/** The keys of all apps by which programs act for the account. */
export function Keys() {
  const asked = useQuery(keys);
  const { busy, change } = useChange(keys.queryKey);
  const [isMaking, setMaking] = useState(false);
  return (
    <Section
      id="keys"
      title="Keys for programs"
      about="What holds one acts for you, until you take it back."
      action={
        <Button icon="plus" className="shrink-0" onClick={() => setMaking(true)}>
          Make
          <span className="sr-only"> a key</span>
        </Button>
      }
    >
      <Asked query={asked} what="your keys">
        {(list) =>
          list.length === 0 ? (
            <p className="rounded-card border border-line bg-surface px-4 py-6 text-center text-muted">
              No program has a key of yours.
            </p>
          ) : (
            <ul className="rounded-card border border-line bg-surface px-4">
              {list.map((key) => (
                <KeyRow
                  key={key.id}
                  apiKey={key}
                  isBusy={busy === key.id}
                  takeBack={(path) =>
                    void change(
                      key.id,
                      () => sendAsAccount('DELETE', `${path}/${key.id}`),
                      `“${key.name}” opens nothing any more.`,
                    )
                  }
                />
              ))}
            </ul>
          )
        }
      </Asked>
      <NewKey open={isMaking} close={() => setMaking(false)} />
    </Section>
  );
}

const isKnown = (kind: string): kind is KeyKind => kind in keyPaths;

interface KeyRowProps {
  readonly apiKey: Key;
  readonly isBusy: boolean;
  /** @param path of the keys of its kind */
  readonly takeBack: (path: string) => void;
}

function KeyRow({ apiKey: { kind, name, prefix, last_used_at: usedAt }, isBusy, takeBack }: KeyRowProps) {
  return (
    <Row
      icon={<Icon name="key" />}
      title={name}
      detail={
        <>
          {isKnown(kind) ? `${kindWords[kind]} · ` : null}
          <code className="font-mono">{prefix}…</code> ·{' '}
          {usedAt ? `used ${instantWords(usedAt)}` : 'never used'}
        </>
      }
      action={
        isKnown(kind) ? (
          <IconButton
            label={`Take back ${name}`}
            icon="trash"
            busy={isBusy}
            onClick={() => takeBack(keyPaths[kind])}
          />
        ) : null
      }
    />
  );
}
