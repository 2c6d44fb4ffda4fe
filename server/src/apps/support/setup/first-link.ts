import type { Config } from '../../../config.js';
import type { Setup } from './service.js';

/**
 * Prints the link by which the first operator sets the server up, when nobody can sign in yet. It is the one secret that
 * is printed on purpose: it works once, for whoever reads the server's own output, and is not part of the log.
 *
 * @param port where the server really listens
 */
export async function printFirstLink(setup: Setup, config: Config, port: number): Promise<void> {
  const token = await setup.firstStartToken();
  if (!token) return;
  const scheme = config.TLS_CERT_FILE ? 'https' : 'http';
  const address = config.PUBLIC_URL?.replace(/\/+$/, '') ?? `${scheme}://localhost:${port}`;
  process.stdout.write(`\nSet up support chat (this link works once): ${address}/setup?token=${token}\n\n`);
}
