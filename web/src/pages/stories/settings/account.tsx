import { type FormEvent, useEffect, useState } from 'react';
import { Button } from '../../../design/button.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { Field } from '../../../design/field.tsx';
import { notify } from '../../../design/toast.tsx';
import { useAuth, useClient } from '../client.tsx';
import { usePlace } from '../place.ts';
import { Failure } from '../shell/failure.tsx';
import { useStanding } from '../syncing/standing.ts';
import { counted, failureSentence } from '../words.ts';
import { Section } from './section.tsx';

const WORD = 'delete';

/** Who is signed in, and how to leave: for now, or for good. */
export function AccountSettings() {
  const client = useClient();
  const { user } = useAuth();
  const { reach, pending } = useStanding();
  const [asked, setAsked] = useState<'leave' | 'delete' | null>(null);
  const [name, setName] = useState(user?.name ?? '');
  const { account } = client;
  useEffect(() => {
    let isLeft = false;
    account.profile().then(
      (profile) => {
        if (!isLeft) setName(profile.name ?? '');
      },
      // The session knows a name as well.
      () => undefined,
    );
    return () => {
      isLeft = true;
    };
  }, [account]);
  const blocked = reach === 'offline' && 'You are offline';
  const saveName = async (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '') return;
    try {
      await account.updateProfile({ name: name.trim() });
      notify('Your name is changed.');
    } catch (error) {
      notify(failureSentence(error), 'danger');
    }
  };
  return (
    <Section title="Account" about={user?.email}>
      <form onSubmit={(event) => void saveName(event)} className="flex items-end gap-3">
        <div className="min-w-0 flex-1">
          <Field
            label="Your name"
            name="name"
            autoComplete="name"
            maxLength={200}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        </div>
        <Button type="submit" blocked={blocked}>
          Save
        </Button>
      </form>
      <div className="flex flex-wrap gap-3 pt-2">
        <Button icon="exit" onClick={() => setAsked('leave')}>
          Sign out
        </Button>
        <Button tone="plain" icon="trash" blocked={blocked} onClick={() => setAsked('delete')}>
          Delete the account
        </Button>
      </div>
      <LeaveDialog open={asked === 'leave'} pending={pending} onClose={() => setAsked(null)} />
      {asked === 'delete' ? <DeleteDialog onClose={() => setAsked(null)} /> : null}
    </Section>
  );
}

function LeaveDialog({ open, pending, onClose }: { open: boolean; pending: number; onClose: () => void }) {
  const { auth } = useClient();
  const { go } = usePlace();
  const leave = (): void => {
    // Whoever signs in next begins at the library.
    go({}, { replace: true });
    void auth.signOut();
  };
  return (
    <Dialog
      open={open}
      title="Sign out?"
      onClose={onClose}
      actions={
        <>
          <Button data-first onClick={onClose}>
            Stay
          </Button>
          <Button tone={pending > 0 ? 'danger' : 'primary'} onClick={leave}>
            Sign out
          </Button>
        </>
      }
    >
      <p>
        Everything of yours is removed from this device. It stays on the server, and is here again after
        signing in.
      </p>
      {pending > 0 ? (
        <p className="text-danger">
          {counted(pending, 'change has', 'changes have')} not been sent yet and would be lost. Sync first.
        </p>
      ) : null}
    </Dialog>
  );
}

function DeleteDialog({ onClose }: { onClose: () => void }) {
  const { auth } = useClient();
  const { go } = usePlace();
  const [word, setWord] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const remove = async (event: FormEvent) => {
    event.preventDefault();
    if (word.trim().toLowerCase() !== WORD) return;
    setBusy(true);
    setError(null);
    try {
      await auth.deleteAccount();
      go({}, { replace: true });
      notify('Your account and everything in it are deleted.');
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      title="Delete the account?"
      onClose={onClose}
      actions={
        <>
          <Button data-first onClick={onClose}>
            Keep it
          </Button>
          <Button
            tone="danger"
            type="submit"
            form="delete-account"
            busy={isBusy}
            blocked={word.trim().toLowerCase() !== WORD && `Type “${WORD}” first`}
          >
            Delete everything
          </Button>
        </>
      }
    >
      <p>
        Heroes, stories, narrations, pictures, events and the reading journey are deleted here, on the server
        and on all your devices. This cannot be undone; you may want to export them first.
      </p>
      <form id="delete-account" noValidate onSubmit={(event) => void remove(event)}>
        <Field
          label={`Type “${WORD}” to go on`}
          value={word}
          autoComplete="off"
          autoCapitalize="none"
          onChange={(event) => setWord(event.currentTarget.value)}
        />
      </form>
      {error ? <Failure error={error} /> : null}
    </Dialog>
  );
}
