import { isoInstant } from '../../../platform/http/timestamps.js';
import type { Conversation } from '../conversations/conversation.js';
import type { Message, StatusChange } from '../messages/message.js';
import { presentMessage, presentMessageToOperators, presentStatusChange } from '../messages/presenter.js';
import type { SupportEvent } from './fan-out.js';
import type { Notice } from './sessions.js';

type Of<Type extends SupportEvent['type']> = Extract<SupportEvent, { readonly type: Type }>;

/** What sockets are told of a new message. */
export function messageNotice(message: Message): Notice {
  const presented = presentMessage(message);
  return {
    device: ['message:new', presented],
    operator: ['message:new', presentMessageToOperators(message)],
    legacy: { type: 'message.new', message: presented },
  };
}

export function statusNotice(change: StatusChange): Notice {
  const presented = presentStatusChange(change);
  const { messageId, localId, conversationId } = change;
  return {
    device: ['message:status', presented],
    operator: [
      'message:status',
      { ...presented, messageId, localId, conversationId, updatedAt: presented.updated_at },
    ],
    legacy: {
      type: 'message.status',
      message_id: presented.message_id,
      status: presented.status,
      updated_at: presented.updated_at,
    },
  };
}

/** "Read up to here", of one conversation. */
export function readNotice(event: Of<'statuses'>, readAt: number): Notice {
  const messageIds = event.changes.map((change) => change.messageId);
  const { conversationId } = event;
  const presented = {
    conversation_id: conversationId,
    message_ids: messageIds,
    read_at: isoInstant(readAt),
  };
  return {
    device: ['messages:read', presented],
    operator: ['messages:read', { ...presented, conversationId, messageIds, readAt: presented.read_at }],
    legacy: { type: 'messages.read', ...presented },
  };
}

export function typingNotice({ by, who, conversationId, isTyping }: Of<'typing'>): Notice {
  const plain = { conversation_id: conversationId, is_typing: isTyping };
  if (by === 'operator') {
    return {
      device: ['agent:typing', plain],
      operator: ['agent:typing', { ...plain, operator_id: who, conversationId, isTyping }],
      legacy: { type: 'agent.typing', ...plain },
    };
  }
  const presented = { ...plain, device_id: who };
  return {
    device: ['user:typing', presented],
    operator: ['user:typing', { ...presented, conversationId, deviceId: who, isTyping }],
    legacy: { type: 'user.typing', ...plain },
  };
}

/** @param presented the conversation as the operators' lists show it */
export function conversationNotice({ change, conversation }: Of<'conversation'>, presented: object): Notice {
  if (change === 'created') return { operator: ['conversation:new', { conversation: presented }] };
  return {
    device: [
      'conversation:updated',
      {
        conversation_id: conversation.id,
        status: conversation.status,
        updated_at: isoInstant(conversation.updatedAt),
      },
    ],
    operator: ['conversation:updated', { conversation: presented }],
  };
}

/** To a socket that has just joined. */
export function joinedNotice(conversationId: string, lastMessageId: string | null): Notice {
  const payload = {
    conversation_id: conversationId,
    ...(lastMessageId === null ? {} : { last_message_id: lastMessageId }),
  };
  return {
    device: ['conversation:joined', payload],
    operator: ['conversation:joined', { ...payload, conversationId }],
    legacy: { type: 'subscribed', conversation_id: conversationId },
  };
}

export function presenceNotice({ appId, deviceId, isOnline, connections }: Of<'presence'>): Notice {
  return {
    operator: [
      'presence:change',
      {
        app_id: appId,
        device_id: deviceId,
        is_online: isOnline,
        active_connections: connections,
        appId,
        deviceId,
        isOnline,
      },
    ],
  };
}

export function sessionNotice(event: Of<'session'>): Notice {
  const { appId, connectionId, deviceId } = event;
  const who = { connection_id: connectionId, device_id: deviceId, connectionId, deviceId };
  if (event.change === 'disconnect')
    return { operator: ['session:disconnect', { ...who, reason: event.reason ?? 'unknown' }] };
  const connectedAt = isoInstant(event.at);
  return {
    operator: ['session:connect', { ...who, app_id: appId, connected_at: connectedAt, appId, connectedAt }],
  };
}

/** A conversation as operators are told of it when it is made or changed. */
export const presentConversationChange = (conversation: Conversation) => ({
  id: conversation.id,
  conversation_id: conversation.id,
  user_id: conversation.userId,
  device_id: conversation.deviceId,
  status: conversation.status,
  assignee_id: conversation.assigneeId,
  unread_count: conversation.unreadCount,
  created_at: isoInstant(conversation.createdAt),
  updated_at: isoInstant(conversation.updatedAt),
});
