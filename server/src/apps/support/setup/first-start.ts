import type { Log } from '../../../platform/telemetry/log.js';
import type { Setup } from './service.js';

/**
 * Says once, where whoever started the server looks, how to make the first account: in the log and on the terminal.
 *
 * @param url the address of this server, without a slash at the end
 * @param print writes one line for people
 * @returns the link, null when there is an operator already
 */
export async function announceSetup(
  setup: Setup,
  parts: { readonly url: string; readonly log: Log; readonly print: (line: string) => void },
): Promise<string | null> {
  const token = await setup.firstStartToken();
  if (token === null) return null;
  const link = `${parts.url}/setup?token=${token}`;
  // Only this line ever holds the token, and only until somebody has used it.
  parts.log.info({ link }, 'nobody can answer customers yet: open the set-up link to make the first account');
  parts.print(`Set up support chat: ${link}`);
  return link;
}
