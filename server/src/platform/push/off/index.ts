import type { Log } from '../../log.js';
import { type PushSender, refusals, refused } from '../push.js';

/**
 * Push that is not configured: says so once, and delivers nothing.
 *
 * @param what whose devices go without
 * @param remedy what to set
 */
export function offPush(log: Log, what: string, remedy: string): PushSender {
  log.info({ what, remedy }, 'push is off');
  return { isOn: false, send: async () => refused(refusals.off) };
}
