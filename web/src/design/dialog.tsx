import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import { IconButton } from './button.tsx';

interface DialogProps {
  readonly open: boolean;
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Buttons; the one marked `data-first` gets the focus. */
  readonly actions?: ReactNode;
  /** For what stands side by side. */
  readonly wide?: boolean;
  /** Only its own buttons close it: what it shows would be lost. */
  readonly insistent?: boolean;
}

/**
 * The browser's own modal dialog: it keeps the focus inside, gives it back afterwards and closes on Escape.
 * (Radix's modal parts put a style element into the page, which the content security policy forbids.)
 */
export function Dialog(props: DialogProps) {
  const { open, title, onClose, children, actions, wide = false, insistent = false } = props;
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();

  // Before the paint: whoever closes it may then move the focus on without the dialog taking it back.
  useLayoutEffect(() => {
    const dialog = ref.current;
    if (!dialog) return;
    if (open && !dialog.open) {
      dialog.showModal();
      dialog.querySelector<HTMLElement>('[data-first]')?.focus();
    }
    if (!open && dialog.open) dialog.close();
  }, [open]);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click on the backdrop is a shortcut; Escape and the close button do the same
    <dialog
      ref={ref}
      aria-labelledby={id}
      onClose={onClose}
      closedby={insistent ? 'none' : 'closerequest'}
      onCancel={(event) => {
        if (insistent) event.preventDefault();
      }}
      onClick={(event) => {
        if (!insistent && event.target === event.currentTarget) event.currentTarget.close();
      }}
      className={`m-auto ${wide ? 'w-[min(58rem,calc(100vw-2rem))]' : 'w-[min(30rem,calc(100vw-2rem))]'} rounded-card border border-line bg-surface p-0 text-ink shadow-raised open:animate-rise`}
    >
      {open ? (
        <div className="flex flex-col gap-4 p-6">
          <div className="flex items-start justify-between gap-4">
            <h2 id={id} className="text-xl font-semibold tracking-tight">
              {title}
            </h2>
            {insistent ? null : (
              <IconButton label="Close" icon="close" onClick={onClose} className="-mt-2 -mr-3" />
            )}
          </div>
          {children}
          {actions ? <div className="mt-2 flex flex-wrap justify-end gap-3">{actions}</div> : null}
        </div>
      ) : null}
    </dialog>
  );
}
