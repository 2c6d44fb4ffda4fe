import type { ConflictChoice, EntityValue } from '@earshot/client';
import { type ReactNode, useState } from 'react';
import { Button } from '../../../design/button.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { notify } from '../../../design/toast.tsx';
import { useClient } from '../client.tsx';
import { Failure } from '../shell/failure.tsx';
import { TextArea } from '../shell/text-area.tsx';
import { differences, type Piece } from './differences.ts';
import type { Contested } from './standing.ts';

const text = (value: unknown): string =>
  Array.isArray(value) ? value.join(', ') : value === null || value === undefined ? '' : String(value);

const shownFields = {
  story: [
    { name: 'title', label: 'Title' },
    { name: 'content', label: 'Text' },
  ],
  hero: [
    { name: 'name', label: 'Name' },
    { name: 'age', label: 'Age' },
    { name: 'traits', label: 'Character' },
    { name: 'appearance', label: 'Looks' },
  ],
  customEvent: [
    { name: 'title', label: 'Title' },
    { name: 'description', label: 'Description' },
    { name: 'promptSeed', label: 'What happens' },
  ],
} as const;

/** Both versions side by side, what differs marked, and the choice between them. */
export function ConflictDialog({ contested, onClose }: { contested: Contested; onClose: () => void }) {
  const client = useClient();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [isMerging, setMerging] = useState(false);
  const { type, item } = contested;
  const conflict = item.sync.conflict;
  if (!conflict) return null;
  const mine = item as EntityValue;
  const theirs = conflict.server;
  const isDeleting = conflict.intent === 'delete';

  const choose = async (choice: ConflictChoice, words: string): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const repository = { story: client.stories, hero: client.heroes, customEvent: client.customEvents }[
        type
      ];
      await repository.resolve(item.id, choice);
      notify(words);
      onClose();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };

  if (isMerging && theirs) {
    return (
      <Merge
        title={text(theirs.title)}
        mine={text(mine.content)}
        theirs={text(theirs.content)}
        onBack={() => setMerging(false)}
        onSave={(fields) => void choose({ fields }, 'Your version of both is saved.')}
      />
    );
  }

  const heading =
    theirs === null
      ? `“${contested.name}” was deleted elsewhere`
      : isDeleting
        ? `“${contested.name}” was changed elsewhere`
        : `“${contested.name}” was changed twice`;
  const keepMine =
    theirs === null ? 'Keep my version' : isDeleting ? 'Delete it all the same' : 'Keep my version';
  const takeTheirs =
    theirs === null ? 'Delete it here too' : isDeleting ? 'Keep it' : 'Use the other version';

  return (
    <Dialog
      open
      wide
      title={heading}
      onClose={onClose}
      actions={
        <>
          {type === 'story' && theirs && !isDeleting ? (
            <Button icon="pencil" onClick={() => setMerging(true)} className="sm:mr-auto">
              Write one from both
            </Button>
          ) : null}
          <Button busy={isBusy} onClick={() => void choose('server', 'The other version is used.')}>
            {takeTheirs}
          </Button>
          <Button
            tone={isDeleting ? 'danger' : 'primary'}
            busy={isBusy}
            onClick={() => void choose('mine', isDeleting ? 'It is deleted.' : 'Your version is kept.')}
          >
            {keepMine}
          </Button>
        </>
      }
    >
      <p className="text-muted">
        {theirs === null
          ? 'You changed it here, while it was deleted on another device. It is still complete on this one.'
          : isDeleting
            ? 'You deleted it here, while it was changed on another device.'
            : 'It was changed here and on another device, before the two could tell each other. Nothing is lost: choose what stays.'}
      </p>
      {error ? <Failure error={error} /> : null}
      <div className="grid gap-4 md:grid-cols-2">
        <Version title="On this device" fields={shownFields[type]} own={mine} other={theirs} />
        {theirs ? (
          <Version title="On the other device" fields={shownFields[type]} own={theirs} other={mine} />
        ) : (
          <VersionFrame title="On the other device">
            <p className="text-muted">Deleted.</p>
          </VersionFrame>
        )}
      </div>
    </Dialog>
  );
}

function Version(props: {
  readonly title: string;
  readonly fields: readonly { readonly name: string; readonly label: string }[];
  readonly own: EntityValue;
  readonly other: EntityValue | null;
}) {
  const { title, fields, own, other } = props;
  return (
    <VersionFrame title={title}>
      <dl className="flex flex-col gap-3">
        {fields
          .filter(({ name }) => text(own[name]) !== '' || text(other?.[name]) !== '')
          .map(({ name, label }) => (
            <div key={name}>
              <dt className="text-xs font-medium text-muted">{label}</dt>
              <dd className="font-serif whitespace-pre-line [overflow-wrap:anywhere]">
                <Marked pieces={differences(text(own[name]), other ? text(other[name]) : text(own[name]))} />
              </dd>
            </div>
          ))}
      </dl>
    </VersionFrame>
  );
}

function VersionFrame({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section
      aria-label={title}
      className="flex min-w-0 flex-col gap-3 rounded-control border border-line p-4"
    >
      <h3 className="font-semibold">{title}</h3>
      <Scrolled className="max-h-[38dvh]">{children}</Scrolled>
    </section>
  );
}

function Scrolled({ className, children }: { className: string; children: ReactNode }) {
  return (
    <div
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className={`overflow-y-auto ${className}`}
    >
      {children}
    </div>
  );
}

function Marked({ pieces }: { pieces: readonly Piece[] }) {
  return pieces.map(({ text: words, isOwn, at }) =>
    isOwn ? (
      <mark key={at} className="rounded-sm bg-amber-soft px-0.5 text-amber">
        {words}
      </mark>
    ) : (
      <span key={at}>{words}</span>
    ),
  );
}

function Merge(props: {
  readonly title: string;
  readonly mine: string;
  readonly theirs: string;
  readonly onBack: () => void;
  readonly onSave: (fields: { readonly title: string; readonly content: string }) => void;
}) {
  const [title, setTitle] = useState(props.title);
  const [content, setContent] = useState(props.mine);
  return (
    <Dialog
      open
      wide
      insistent
      title="Write one from both"
      onClose={props.onBack}
      actions={
        <>
          <Button onClick={props.onBack}>Back</Button>
          <Button
            tone="primary"
            blocked={(title.trim() === '' || content.trim() === '') && 'A story needs a title and a text'}
            onClick={() => props.onSave({ title: title.trim(), content: content.trim() })}
          >
            Save this version
          </Button>
        </>
      }
    >
      <label className="flex flex-col gap-1.5 text-sm font-medium">
        Title
        <input
          data-first
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
          className="min-h-11 rounded-control border border-edge bg-surface px-3 text-base"
        />
      </label>
      <div className="grid gap-4 md:grid-cols-2">
        <TextArea label="Your text, to go on with" rows={12} value={content} onChange={setContent} />
        <section aria-label="The other device’s text" className="flex min-w-0 flex-col gap-1.5">
          <h3 className="text-sm font-medium">The other device’s text, to take from</h3>
          <Scrolled className="max-h-80 rounded-control bg-sunken p-3 font-serif whitespace-pre-line">
            {props.theirs}
          </Scrolled>
        </section>
      </div>
    </Dialog>
  );
}
