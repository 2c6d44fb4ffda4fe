import { ask } from '../server/requests.ts';
import { deviceToken } from './device-token.ts';

/** Deletes what the server kept of this device's conversations. */
export async function forgetHistory(): Promise<void> {
  await ask('/api/sessions', {
    method: 'DELETE',
    headers: { 'x-device-token': deviceToken() },
    signal: AbortSignal.timeout(15_000),
  });
}
