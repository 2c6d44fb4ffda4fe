import type { IncomingMessage } from 'node:http';
import { errors } from '../../../platform/http/errors.js';
import { currentDialect, type Dialect, olderDialect } from './dialects.js';

/** What a client asks for when it opens a Realtime socket (contract §8.1). */
export interface Handshake {
  /** Sent as a sub-protocol by browsers, which cannot send headers. */
  readonly key: string | undefined;
  readonly model: string | undefined;
  readonly isTranscription: boolean;
  readonly dialect: Dialect;
  /** Whether it is a page: those read what is wrong from the socket only, never from the answer to the upgrade. */
  readonly isBrowser: boolean;
}

const KEY_PROTOCOL = 'openai-insecure-api-key.';
const OLDER_PROTOCOL = 'openai-beta.realtime-v1';
/** The one sub-protocol that is ever selected. */
export const REALTIME_PROTOCOL = 'realtime';

/** The sub-protocols that a client offers. */
const protocolsOf = ({ headers }: Pick<IncomingMessage, 'headers'>): readonly string[] =>
  (headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);

/** @throws AppError 400, 501 */
export function readHandshake(request: Pick<IncomingMessage, 'headers'>, url: URL): Handshake {
  const protocols = protocolsOf(request);
  if (protocols.length > 0 && !protocols.includes(REALTIME_PROTOCOL))
    throw errors.badRequest('The sub-protocol has to be `realtime`.');
  const { searchParams: query } = url;
  const asked = ['model', 'call_id', 'intent'].filter((name) => query.has(name));
  if (asked.length > 1) throw errors.badRequest('Name one of model, call_id and intent in the address.');
  if (query.has('call_id'))
    throw errors.notFound('There is no such call: this server offers Realtime over WebSockets only.');
  const intent = query.get('intent');
  if (intent !== null && intent !== 'transcription')
    throw errors.badRequest('The only intent is `transcription`.', { field: 'intent' });
  const model = query.get('model') ?? undefined;
  if (model !== undefined && !/^[\w./:@-]{1,200}$/.test(model))
    throw errors.badRequest('This is no name of a model.', { field: 'model' });
  const isTranscription = intent !== null;
  const isOlder = request.headers['openai-beta'] === 'realtime=v1' || protocols.includes(OLDER_PROTOCOL);
  const keyProtocol = protocols.find((name) => name.startsWith(KEY_PROTOCOL));
  return {
    key: keyProtocol?.slice(KEY_PROTOCOL.length),
    model,
    isTranscription,
    dialect: isOlder ? olderDialect(isTranscription) : currentDialect,
    isBrowser: protocols.length > 0,
  };
}
