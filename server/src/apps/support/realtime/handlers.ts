import { randomUUID } from 'node:crypto';
import { isoInstant } from '../../../platform/http/timestamps.js';
import { supportErrors } from '../errors.js';
import { presentMessageToOperators } from '../messages/presenter.js';
import { mayDo, type Permission } from '../operators/permissions.js';
import { type IncomingEvent, on } from './dispatch.js';
import {
  Anything,
  ConversationReference,
  conversationIdOf,
  OperatorMessage,
  TokenRenewal,
} from './events.js';
import { operatorOf } from './handshake.js';
import type { Live } from './live.js';
import type { RealtimeParts } from './parts.js';
import { createPresenceService } from './presence-service.js';
import type { AnySession, DeviceSession, OperatorSession } from './sessions.js';

/** Events by name. */
export type EventTable<Subject> = ReadonlyMap<string, IncomingEvent<Subject>>;

const pong: IncomingEvent<AnySession> = on(Anything, (session) =>
  session.tell({ device: ['pong'], operator: ['pong'], legacy: { type: 'pong' } }),
);

/** What the SDK may send on `/client` (contract §4.4). */
export function deviceEvents({ sessions, typing, ...live }: Live): EventTable<DeviceSession> {
  return new Map<string, IncomingEvent<DeviceSession>>([
    [
      'conversation:join',
      on(
        ConversationReference,
        async (session, reference, acknowledge) =>
          acknowledge(await live.join(session, conversationIdOf(reference))),
        'MISSING_CONVERSATION_ID',
      ),
    ],
    [
      'conversation:leave',
      on(ConversationReference, (session, reference, acknowledge) => {
        live.leaveConversation(session, conversationIdOf(reference));
        acknowledge({ success: true });
      }),
    ],
    [
      'typing:start',
      on(ConversationReference, (session, reference) => {
        const conversationId = conversationIdOf(reference);
        if (sessions.isIn(session, conversationId)) typing.start(session, conversationId);
      }),
    ],
    [
      'typing:stop',
      on(ConversationReference, (session, reference) => typing.stop(session, conversationIdOf(reference))),
    ],
    ['ping', pong],
  ]);
}

/** What operators may send on `/admin`. `renewed` is called when a socket goes on with a new token. */
export function operatorEvents(
  { sessions, typing, ...live }: Live,
  parts: RealtimeParts,
  renewed: (session: OperatorSession) => void,
): EventTable<OperatorSession> {
  const presence = createPresenceService(parts.presence);
  const need = (session: OperatorSession, permission: Permission): void => {
    if (!mayDo(session.caller.role, permission)) throw supportErrors.forbidden();
  };
  return new Map<string, IncomingEvent<OperatorSession>>([
    ['app:subscribe', on(Anything, (_session, _payload, acknowledge) => acknowledge({ success: true }))],
    [
      'conversation:join',
      on(
        ConversationReference,
        async (session, reference, acknowledge) => {
          need(session, 'view:conversations');
          acknowledge(await live.join(session, conversationIdOf(reference)));
        },
        'MISSING_CONVERSATION_ID',
      ),
    ],
    [
      'conversation:leave',
      on(ConversationReference, (session, reference, acknowledge) => {
        live.leaveConversation(session, conversationIdOf(reference));
        acknowledge({ success: true });
      }),
    ],
    [
      'message:send',
      on(OperatorMessage, async (session, { conversation_id, body, local_id }, acknowledge) => {
        need(session, 'send:messages');
        const message = await parts.messages.send(session.caller, conversation_id, {
          body,
          localId: local_id ?? randomUUID(),
        });
        acknowledge({ success: true, message: presentMessageToOperators(message) });
      }),
    ],
    [
      'sessions:list',
      on(Anything, async (session, _payload, acknowledge) => {
        need(session, 'view:users');
        const connected = await presence.sessions(session.caller.appId);
        acknowledge({
          sessions: connected.map((one) => ({ ...one, connectedAt: isoInstant(one.connectedAt) })),
        });
      }),
    ],
    [
      'typing:start',
      on(ConversationReference, async (session, reference) => {
        need(session, 'send:messages');
        const conversationId = conversationIdOf(reference);
        // A page may type without having joined; whose conversation it is must be known all the same.
        if (!sessions.isIn(session, conversationId))
          await parts.conversations.get(session.caller, conversationId);
        if (live.isHere(session)) typing.start(session, conversationId);
      }),
    ],
    [
      'typing:stop',
      on(ConversationReference, (session, reference) => typing.stop(session, conversationIdOf(reference))),
    ],
    [
      'auth:renew',
      on(TokenRenewal, async (session, { admin_token }, acknowledge) => {
        const caller = await operatorOf(parts.operators, admin_token).catch(() => null);
        const isSame =
          caller?.appId === session.caller.appId && caller.operatorId === session.caller.operatorId;
        if (!caller || !isSame) {
          acknowledge({ success: false, error: 'INVALID_CREDENTIALS' });
          return;
        }
        session.caller = caller;
        renewed(session);
        acknowledge({ success: true, expires_at: isoInstant(caller.expiresAt) });
      }),
    ],
    ['ping', pong],
  ]);
}
