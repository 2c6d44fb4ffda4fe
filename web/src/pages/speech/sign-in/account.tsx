import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../../design/button.tsx';
import { CopyButton } from '../../../design/copy-button.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { SecretField } from '../../../design/field.tsx';
import { forgetDraft } from '../compose/draft.ts';
import { endSession, type Session } from '../session.ts';

/** The key, to carry to another device, and the way out. */
export function Account({ session }: { session: Session }) {
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);

  const signOut = () => {
    setOpen(false);
    forgetDraft();
    endSession();
    queries.removeQueries({ queryKey: ['speech'] });
  };

  if (session.origin === 'account') {
    return (
      <Button tone="plain" icon="exit" onClick={signOut} className="px-3 whitespace-nowrap">
        Leave
      </Button>
    );
  }
  return (
    <>
      <Button tone="plain" icon="key" onClick={() => setOpen(true)} className="px-3 whitespace-nowrap">
        Your key
      </Button>
      <Dialog
        open={open}
        title="Your key"
        onClose={() => setOpen(false)}
        actions={<Button onClick={signOut}>Sign out</Button>}
      >
        <p>To use the same voice library on another device, copy your key and sign in with it there.</p>
        <div className="flex items-end gap-2">
          <div className="min-w-0 flex-1">
            <SecretField label="Key" value={session.key} readOnly />
          </div>
          <CopyButton text={session.key} what="your key" />
        </div>
        <p className="text-sm text-muted">
          {session.origin === 'made'
            ? 'This key was made in this browser and exists nowhere else. If you sign out without a copy, nobody can open the library again. '
            : 'Signing out forgets the key in this browser; the library stays on the server. '}
          Whoever has the key can hear and delete everything in the library.
        </p>
      </Dialog>
    </>
  );
}
