import { type ReactNode, useState } from 'react';
import { Banner } from '../../../design/banner.tsx';
import { Button } from '../../../design/button.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { Value } from '../../setup/new-keys.tsx';

interface ShownOnceProps {
  readonly title: string;
  readonly name: string;
  /** Null keeps the dialog closed. */
  readonly value: string | null;
  readonly warning: string;
  readonly children?: ReactNode;
  readonly onClose: () => void;
}

/** A secret that can never be seen again: closing it takes saying that it is stored. */
export function ShownOnce({ title, name, value, warning, children, onClose }: ShownOnceProps) {
  const [stored, setStored] = useState(false);
  const close = () => {
    setStored(false);
    onClose();
  };
  return (
    <Dialog
      open={value !== null}
      title={title}
      insistent
      onClose={close}
      actions={
        <Button tone="primary" blocked={!stored && 'First say that you have stored it'} onClick={close}>
          Done
        </Button>
      }
    >
      <Banner tone="amber" icon="key">
        {warning}
      </Banner>
      <Value name={name} value={value ?? ''} />
      {children}
      <label className="flex min-h-11 cursor-pointer items-center gap-3 font-medium">
        <input
          type="checkbox"
          checked={stored}
          onChange={(event) => setStored(event.currentTarget.checked)}
          className="size-5 accent-accent"
        />
        I have stored it
      </label>
    </Dialog>
  );
}
