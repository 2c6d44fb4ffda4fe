import type { ConflictChoice, EntityValue } from '@earshot/client';
import { useState } from 'react';
import { Button } from '../../../design/button.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { notify } from '../../../design/toast.tsx';
import { useClient } from '../client.tsx';
import { Failure } from '../shell/failure.tsx';
import { MergeDialog } from './merge-dialog.tsx';
import type { Contested } from './standing.ts';
import { textOf, Version, VersionFrame } from './version.tsx';

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
      <MergeDialog
        title={textOf(theirs.title)}
        mine={textOf(mine.content)}
        theirs={textOf(theirs.content)}
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
