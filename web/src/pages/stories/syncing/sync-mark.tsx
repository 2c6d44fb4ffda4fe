import type { SyncInfo } from '@earshot/client';
import { Icon } from '../../../design/icon.tsx';

/** How one thing stands to the server; nothing at all when it is synced. */
export function SyncMark({ sync }: { sync: SyncInfo }) {
  if (sync.status === 'synced') return null;
  const isPressing = sync.status === 'failed' || sync.status === 'conflict';
  return (
    <span
      className={`inline-flex items-center gap-1 rounded-full px-2 py-0.5 text-xs font-medium ${
        isPressing ? 'bg-danger-soft text-danger' : 'bg-amber-soft text-amber'
      }`}
    >
      <Icon name={isPressing ? 'warning' : 'clock'} className="size-3.5" />
      {sync.statusName}
    </span>
  );
}
