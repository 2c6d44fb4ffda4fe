import { useEffect, useRef } from 'react';
import { Dialog } from '../../../design/dialog.tsx';

export type Shortcuts = Readonly<Record<string, () => void>>;

const isWriting = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null;

/** Single keys, wherever nobody writes and no dialog is open. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const current = useRef(shortcuts);
  current.current = shortcuts;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented)
        return;
      if (isWriting(event.target) || document.querySelector('dialog[open]')) return;
      const act = current.current[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, []);
}

const everybody = [
  ['J and K', 'Next and previous conversation'],
  ['R', 'Write an answer'],
  ['/', 'Search; in an answer, a canned reply'],
  ['Esc', 'Leave the field, then the conversation'],
  ['?', 'This list'],
] as const;

const managers = [
  ['E', 'Resolve or reopen'],
  ['A', 'Assign to me'],
] as const;

export function ShortcutHelp(props: {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly mayManage: boolean;
}) {
  return (
    <Dialog open={props.open} title="Keyboard shortcuts" onClose={props.onClose}>
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-3">
        {[...everybody, ...(props.mayManage ? managers : [])].map(([keys, does]) => (
          <div key={keys} className="col-span-2 grid grid-cols-subgrid">
            <dt className="font-medium">{keys}</dt>
            <dd className="text-muted">{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
