import type { FastifyReply } from 'fastify';
import { cancelled } from './present-error.js';

/** Is aborted when whoever asked leaves before the answer is complete: work for nobody is to stop. */
export function signalOfDeparture({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  const leave = () => {
    if (!raw.writableFinished) gone.abort(cancelled());
  };
  if (raw.destroyed) leave();
  else raw.once('close', leave);
  return gone.signal;
}
