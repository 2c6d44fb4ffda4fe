import type { FastifyRequest } from 'fastify';

/** The address of this server as whoever sends the request should write it into links, without a slash at the end. */
export type PublicAddress = (request: FastifyRequest) => string;

/** What the configuration says, or else the address under which the request came. */
export const publicAddressOf =
  (configured: string | undefined): PublicAddress =>
  (request) =>
    configured?.replace(/\/+$/, '') ?? `${request.protocol}://${request.host}`;
