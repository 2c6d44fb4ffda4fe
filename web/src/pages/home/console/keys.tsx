import { useQuery } from '@tanstack/react-query';
import { Icon } from '../../../design/icon.tsx';
import { Asked, Row, Section } from './section.tsx';
import { type Key, keys } from './server.ts';
import { instantWords } from './words.ts';

/** Where keys of a kind are made and taken back. */
const places: Readonly<Record<string, { readonly words: string; readonly href: string }>> = {
  voice: { words: 'Voice', href: '/docs#/voice%3A%20keys' },
};
const companion = { words: 'Companion', href: '/companion?view=settings' };

/** The keys of all apps by which programs act for the account. */
export function Keys() {
  const asked = useQuery(keys);
  return (
    <Section
      id="keys"
      title="Keys for programs"
      about={
        <>
          Made in the{' '}
          <a className="underline underline-offset-4" href={companion.href}>
            companion’s settings
          </a>{' '}
          or by{' '}
          <a className="underline underline-offset-4" href={places.voice?.href}>
            the voice app’s API
          </a>
          ; taken back there.
        </>
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
                <KeyRow key={key.id} apiKey={key} />
              ))}
            </ul>
          )
        }
      </Asked>
    </Section>
  );
}

function KeyRow({ apiKey: { kind, name, prefix, last_used_at: usedAt } }: { apiKey: Key }) {
  const { words, href } = places[kind] ?? companion;
  return (
    <Row
      icon={<Icon name="key" />}
      title={name}
      detail={
        <>
          <code className="font-mono">{prefix}…</code> ·{' '}
          {usedAt ? `used ${instantWords(usedAt)}` : 'never used'}
        </>
      }
      action={
        <a href={href} className="flex min-h-11 items-center px-2 underline underline-offset-4">
          {words}
          <span className="sr-only">: where the key {name} is managed</span>
        </a>
      }
    />
  );
}
