import { useState } from 'react';
import { IconButton } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';

const shortcuts = [
  { keys: 'Ctrl or ⌘ + Enter', does: 'Generate the audio, from anywhere in the form' },
  { keys: 'K', does: 'Play or pause, while the focus is in the player' },
  { keys: 'J and L', does: '15 seconds back and forward, in the player' },
  { keys: '← and →', does: '5 seconds back and forward, on the waveform' },
  { keys: 'Home and End', does: 'Beginning and end, on the waveform' },
] as const;

export function Shortcuts() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton
        label="Keyboard shortcuts"
        icon="keyboard"
        onClick={() => setOpen(true)}
        className="max-sm:hidden"
      />
      <Dialog open={open} title="Keyboard shortcuts" onClose={() => setOpen(false)}>
        <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-3">
          {shortcuts.map(({ keys, does }) => (
            <div key={keys} className="col-span-2 grid grid-cols-subgrid">
              <dt className="font-medium">{keys}</dt>
              <dd className="text-muted">{does}</dd>
            </div>
          ))}
        </dl>
      </Dialog>
    </>
  );
}
