import { lazy, Suspense, useState } from 'react';
import { Spinner } from '../../../design/button.tsx';
import { Icon, type IconName } from '../../../design/icon.tsx';
import { counted } from '../words.ts';
import { type Mood, moodOf, type Standing, useStanding } from './standing.ts';

const SyncDialog = lazy(() => import('./sync-dialog.tsx'));

const icons: Readonly<Record<Exclude<Mood, 'syncing'>, IconName>> = {
  conflict: 'warning',
  failed: 'warning',
  offline: 'offline',
  unreachable: 'offline',
  pending: 'clock',
  synced: 'check',
};

export function moodWords(mood: Mood, { contested, failed, pending }: Standing): string {
  switch (mood) {
    case 'conflict':
      return counted(contested.length, 'choice', 'choices');
    case 'failed':
      return `${failed.length} not sent`;
    case 'offline':
      return pending > 0 ? `Offline, ${pending} waiting` : 'Offline';
    case 'unreachable':
      return 'No answer';
    case 'syncing':
      return 'Syncing';
    case 'pending':
      return `${pending} waiting`;
    case 'synced':
      return 'Synced';
  }
}

/** How things stand with the server, always in sight; it opens the details. */
export function SyncButton() {
  const standing = useStanding();
  const [open, setOpen] = useState(false);
  const mood = moodOf(standing);
  const words = moodWords(mood, standing);
  const isPressing = mood === 'conflict' || mood === 'failed';
  return (
    <>
      <button
        type="button"
        aria-haspopup="dialog"
        aria-label={`Sync: ${words}`}
        onClick={() => setOpen(true)}
        className={`flex min-h-11 min-w-11 items-center justify-center gap-2 rounded-control px-2.5 text-sm font-medium tabular-nums hover:bg-hover ${
          isPressing
            ? 'text-danger'
            : mood === 'offline' || mood === 'unreachable'
              ? 'text-amber'
              : 'text-muted'
        }`}
      >
        {mood === 'syncing' ? <Spinner /> : <Icon name={icons[mood]} />}
        <span className="max-lg:hidden">{words}</span>
      </button>
      {open ? (
        <Suspense>
          <SyncDialog standing={standing} onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
