import type { Operation } from '@earshot/client';
import { useState } from 'react';
import { Button } from '../../../design/button.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { Icon } from '../../../design/icon.tsx';
import { notify } from '../../../design/toast.tsx';
import { useClient, useLive } from '../client.tsx';
import { agoWords, counted, failureSentence } from '../words.ts';
import { ConflictDialog } from './conflict-dialog.tsx';
import { type Contested, moodOf, type Standing } from './standing.ts';

const typeWords = { hero: 'Hero', story: 'Story', illustration: 'Picture', customEvent: 'Event' } as const;
const kindWords = {
  create: 'could not be sent',
  update: 'changes could not be sent',
  delete: 'could not be deleted',
  play: 'listening could not be counted',
} as const;

function summary(standing: Standing): string {
  switch (moodOf(standing)) {
    case 'conflict':
      return 'Something was changed on two devices. Nothing is lost; choose what stays.';
    case 'failed':
      return 'The server did not take everything. It is kept on this device.';
    case 'offline':
      return 'You are offline. Everything you change is kept and sent as soon as you are connected.';
    case 'unreachable':
      return 'The server does not answer. Everything is kept here, and it is tried again by itself.';
    case 'syncing':
      return 'Telling the server what is new, and asking what the other devices did.';
    case 'pending':
      return `${counted(standing.pending, 'change is', 'changes are')} on the way to the server.`;
    case 'synced':
      return 'This device and the server have the same.';
  }
}

/** Details of syncing: what waits, what failed, what has to be chosen. */
export default function SyncDialog({ standing, onClose }: { standing: Standing; onClose: () => void }) {
  const client = useClient();
  const [chosen, setChosen] = useState<Contested | null>(null);
  const { reach, isSyncing, lastSyncedAt, pending, failed, contested } = standing;

  const syncNow = async (): Promise<void> => {
    const { outcome, error } = await client.sync.sync({ trigger: 'manual' });
    if (outcome === 'completed') notify('Everything is synced.');
    else if (error) notify(failureSentence(error), 'danger');
  };

  return (
    <>
      <Dialog
        open
        title="Sync"
        onClose={onClose}
        actions={
          <Button
            data-first
            tone="primary"
            icon="retry"
            busy={isSyncing}
            blocked={reach === 'offline' && 'You are offline'}
            onClick={() => void syncNow()}
          >
            Sync now
          </Button>
        }
      >
        <p role="status">{summary(standing)}</p>
        <dl className="grid grid-cols-2 gap-3 text-sm">
          <Figure name="Last synced">{lastSyncedAt === null ? 'never yet' : agoWords(lastSyncedAt)}</Figure>
          <Figure name="Waiting to be sent">{pending === 0 ? 'nothing' : counted(pending, 'change')}</Figure>
        </dl>
        {contested.length > 0 ? (
          <ul className="flex flex-col gap-2">
            {contested.map((each) => (
              <li
                key={each.item.id}
                className="flex flex-wrap items-center justify-between gap-2 rounded-control bg-amber-soft p-3"
              >
                <span className="min-w-0 font-medium text-amber [overflow-wrap:anywhere]">{each.name}</span>
                <Button onClick={() => setChosen(each)}>Look at both</Button>
              </li>
            ))}
          </ul>
        ) : null}
        {failed.length > 0 ? <Failed operations={failed} /> : null}
      </Dialog>
      {chosen ? <ConflictDialog contested={chosen} onClose={() => setChosen(null)} /> : null}
    </>
  );
}

function Figure({ name, children }: { name: string; children: string }) {
  return (
    <div className="rounded-control bg-sunken p-3">
      <dt className="text-muted">{name}</dt>
      <dd className="font-medium">{children}</dd>
    </div>
  );
}

function Failed({ operations }: { operations: readonly Operation[] }) {
  const client = useClient();
  const [isAsking, setAsking] = useState(false);
  const key = `names:${operations.map(({ recordId }) => recordId).join()}`;
  const { data: names } = useLive(key, async ({ store }) =>
    store.read(async (tx) => {
      const records = await Promise.all(operations.map(({ recordId }) => tx.get('records', recordId)));
      return new Map(
        records.flatMap((record) =>
          record ? [[record.id, String(record.value.title ?? record.value.name ?? '')] as const] : [],
        ),
      );
    }),
  );
  return (
    <div className="flex flex-col gap-3 rounded-control bg-danger-soft p-3 text-danger">
      <ul className="flex flex-col gap-2 text-sm">
        {operations.map(({ id, entityType, kind, recordId, error }) => (
          <li key={id} className="flex gap-2">
            <Icon name="warning" className="mt-0.5 size-4" />
            <span className="min-w-0 [overflow-wrap:anywhere]">
              {typeWords[entityType]} “{names?.get(recordId) ?? '…'}” {kindWords[kind]}
              {error ? `: ${error}` : '.'}
            </span>
          </li>
        ))}
      </ul>
      {isAsking ? (
        <p className="text-sm">
          Giving up takes these back to what the server has. What it never had is removed from this device.
        </p>
      ) : null}
      <div className="flex flex-wrap gap-2">
        <Button icon="retry" onClick={() => void client.queue.retryExhausted()}>
          Try again
        </Button>
        <Button onClick={() => (isAsking ? void client.queue.clearExhausted() : setAsking(true))}>
          {isAsking ? 'Yes, give these up' : 'Give up…'}
        </Button>
      </div>
    </div>
  );
}
