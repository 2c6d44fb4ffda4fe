import { BACKOFF_CAP_S } from '../queue/backoff.js';
import { MAX_ATTEMPTS } from '../queue/operation.js';
import type { StoreTransaction } from '../stores/local-store.js';
import type { SyncTrigger } from './engine.js';

const PENDING = { create: 'pendingCreate', update: 'pendingUpdate', delete: 'pendingDelete' } as const;

/**
 * What ran out of attempts while the server was in trouble gets one more when there is a reason to believe that it is better
 * now; what the server refused does not, since it would refuse it again.
 */
export async function reviveExhausted(
  tx: StoreTransaction,
  now: number,
  trigger: SyncTrigger,
): Promise<void> {
  if (trigger === 'write' || trigger === 'remote') return;
  for (const operation of await tx.all('operations')) {
    if (operation.exhausted !== 'attempts') continue;
    const rested = now - (operation.lastAttemptAt ?? 0) >= BACKOFF_CAP_S * 1000;
    if (trigger === 'periodic' && !rested) continue;
    await tx.put('operations', {
      ...operation,
      exhausted: null,
      attemptCount: MAX_ATTEMPTS - 1,
      nextAttemptAt: 0,
    });
    const record = await tx.get('records', operation.recordId);
    if (record?.status !== 'failed' || operation.kind === 'play') continue;
    await tx.put('records', { ...record, status: PENDING[operation.kind], failedOperation: null });
  }
}
