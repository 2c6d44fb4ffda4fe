import { useSyncExternalStore } from 'react';
import { IconButton } from './button.tsx';
import { Icon } from './icon.tsx';

interface Notice {
  readonly id: number;
  readonly text: string;
  readonly tone: 'calm' | 'danger';
}

const shownMs = { calm: 5_000, danger: 12_000 } as const;
let notices: readonly Notice[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function publish(next: readonly Notice[]): void {
  notices = next;
  for (const listener of listeners) listener();
}

function dismiss(id: number): void {
  publish(notices.filter((notice) => notice.id !== id));
}

/** Shows and announces one short sentence in the place of the last one; failures stay longer and interrupt. */
export function notify(text: string, tone: Notice['tone'] = 'calm'): void {
  lastId += 1;
  const id = lastId;
  // One of each tone at a time: a pile of them would cover what they speak of.
  publish([...notices.filter((notice) => notice.tone !== tone), { id, text, tone }]);
  setTimeout(() => dismiss(id), shownMs[tone]);
}

/** Where notices appear; mounted once. The regions are always in the page, or their first words go unheard. */
export function Toasts() {
  const current = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => notices,
  );
  return (
    <div className="toasts pointer-events-none fixed inset-x-0 z-50 flex flex-col items-center gap-2 px-4">
      <Region notices={current.filter((notice) => notice.tone === 'calm')} role="status" />
      <Region notices={current.filter((notice) => notice.tone === 'danger')} role="alert" />
    </div>
  );
}

function Region({ notices: shown, role }: { notices: readonly Notice[]; role: 'status' | 'alert' }) {
  return (
    <div role={role} className="flex w-full flex-col items-center gap-2">
      {shown.map((notice) => (
        <div
          key={notice.id}
          className="pointer-events-auto flex max-w-md animate-rise items-center gap-2 rounded-control bg-ink py-1 pr-1 pl-4 text-canvas shadow-raised"
        >
          <Icon name={notice.tone === 'danger' ? 'warning' : 'check'} />
          <span className="py-1.5">{notice.text}</span>
          <IconButton label="Dismiss" icon="close" onClick={() => dismiss(notice.id)} tone="inverse" />
        </div>
      ))}
    </div>
  );
}
