import type { Files } from '../files/files.js';
import type { HttpClient } from '../http/client.js';
import { isEarshotError, isServiceFailure } from '../http/errors.js';
import type { Log } from '../log.js';
import { describeError } from '../log.js';
import type { Checkpoint, MigratedKind } from './checkpoint.js';
import { withIds } from './upload.js';

/** In this order, and how far the work is then (contract §7.10). */
const STEPS: readonly (readonly [kind: MigratedKind, progress: number])[] = [
  ['heroes', 0.25],
  ['stories', 0.5],
  ['custom-events', 0.75],
];

/**
 * Deletes from the server what a migration made there; pictures and narrations go with what shows them. What cannot be deleted
 * is logged and left.
 *
 * @throws EarshotError when the server is out of reach; calling it again goes on
 */
export async function deleteUploaded(
  { http, files, log }: { readonly http: HttpClient; readonly files: Files; readonly log: Log },
  checkpoint: Checkpoint,
  onProgress: (progress: number) => Promise<void>,
): Promise<void> {
  const { ids, existing } = await settled(files, checkpoint);
  for (const [kind, progress] of STEPS) {
    for (const serverId of Object.values(ids[kind])) {
      if (existing.includes(serverId)) continue;
      try {
        await http.json({ method: 'DELETE', path: `/api/${kind}/${encodeURIComponent(serverId)}` });
      } catch (error) {
        // Gone with its hero, or by an earlier attempt.
        if (isEarshotError(error, 'notFound')) continue;
        if (isServiceFailure(error) || isEarshotError(error, 'signedOut', 'unauthorized')) throw error;
        log('error', 'migration', 'could not be deleted', { kind, reason: describeError(error) });
      }
    }
    await onProgress(progress);
  }
}

/** A request that was not answered may have made something: sent again, it tells what. */
async function settled(files: Files, checkpoint: Checkpoint): Promise<Checkpoint> {
  const { sending } = checkpoint;
  if (!sending) return checkpoint;
  const { results } = await files.batch(sending.kind, sending.items);
  return withIds(checkpoint, sending.kind, results.created);
}
