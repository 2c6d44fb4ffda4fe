import type { IncomingMessage } from 'node:http';
import proxyAddress from '@fastify/proxy-addr';
import { type Config, listOf } from '../../config.js';

/** Where an upgrade to a socket comes from, as `request.ip` says it of ordinary requests: past the trusted proxies. */
export function createClientAddress({
  TRUST_PROXY,
}: Pick<Config, 'TRUST_PROXY'>): (request: IncomingMessage) => string {
  const trusted = TRUST_PROXY === 'true' ? () => true : proxyAddress.compile([...listOf(TRUST_PROXY)]);
  return (request) => proxyAddress(request, trusted);
}
