import { isoInstant } from '../../../platform/http/timestamps.js';
import type { Conversation } from '../conversations/conversation.js';
import { isoOrNull } from '../wire.js';
import type { ListedConversation, Person } from './service.js';
import type { Device } from './store.js';
import { displayName } from './user-key.js';

/** How a conversation ends, for lists. */
const lastOf = ({ lastMessage }: Conversation) => ({
  last_message: lastMessage?.body ?? null,
  last_sender: lastMessage?.sender ?? null,
  last_message_at: isoOrNull(lastMessage?.at ?? null),
});

/** A conversation as the inbox lists it (contract §11.1); every text is raw. */
export const presentListed = ({ conversation, isOnline }: ListedConversation) => ({
  conversation_id: conversation.id,
  user_id: conversation.userId,
  device_id: conversation.deviceId,
  status: conversation.status,
  updated_at: isoInstant(conversation.updatedAt),
  created_at: isoInstant(conversation.createdAt),
  device_context: { ...conversation.metadata.device_context },
  ...lastOf(conversation),
  is_online: isOnline,
  display_name: displayName(conversation.userId, conversation.deviceId),
  name: conversation.metadata.user?.name ?? null,
  email: conversation.metadata.user?.email ?? null,
  assignee_id: conversation.assigneeId,
  unread_count: conversation.unreadCount,
});

/** A single conversation, under both names that pages know its id by. */
export const presentOne = (listed: ListedConversation) => ({
  id: listed.conversation.id,
  ...presentListed(listed),
});

/** A person as the list shows them (contract §11.2). */
export const presentPerson = (person: Person) => {
  const { userKey, conversations, devices } = person;
  const [latest] = conversations;
  const deviceIds = new Set([
    ...conversations.map(({ deviceId }) => deviceId),
    ...devices.map(({ device_id }) => device_id),
  ]);
  return {
    user_key: person.key,
    user_id: userKey.kind === 'user' ? userKey.userId : null,
    device_ids: [...deviceIds],
    conversation_count: conversations.length,
    primary_conversation_id: latest?.id ?? null,
    last_message: latest?.lastMessage?.body ?? null,
    last_sender: latest?.lastMessage?.sender ?? null,
    last_message_at: isoOrNull(latest?.lastMessage?.at ?? null),
    last_seen_at: isoInstant(person.lastSeenAt),
    created_at: isoInstant(person.createdAt),
    is_online: person.isOnline,
    display_name: nameOf(person),
    name: latest?.metadata.user?.name ?? null,
    email: latest?.metadata.user?.email ?? null,
  };
};

/** A person's own page (contract §11.3). Broadcasts do not exist yet. */
export const presentPersonDetail = (person: Person) => {
  const { userKey, conversations, devices } = person;
  const known = conversations.find(({ metadata }) => metadata.user !== undefined)?.metadata.user;
  const context = conversations.find(({ metadata }) => metadata.device_context !== undefined)?.metadata;
  const deviceId =
    userKey.kind === 'device'
      ? userKey.deviceId
      : (conversations[0]?.deviceId ?? devices[0]?.device_id ?? null);
  return {
    user: {
      user_key: person.key,
      user_id: userKey.kind === 'user' ? userKey.userId : null,
      device_id: deviceId,
      display_name: nameOf(person),
      name: known?.name ?? null,
      email: known?.email ?? null,
      attributes: known?.attributes ? { ...known.attributes } : null,
      device_context: context?.device_context ? { ...context.device_context } : null,
      devices: devices.map(presentDevice),
      created_at: isoInstant(person.createdAt),
      last_seen_at: isoInstant(person.lastSeenAt),
      is_online: person.isOnline,
    },
    conversations: conversations.map((conversation) => ({
      id: conversation.id,
      user_id: conversation.userId,
      device_id: conversation.deviceId,
      status: conversation.status,
      updated_at: isoInstant(conversation.updatedAt),
      created_at: isoInstant(conversation.createdAt),
      ...lastOf(conversation),
    })),
    broadcasts: [],
  };
};

const presentDevice = (device: Device) => ({
  device_id: device.device_id,
  user_id: device.user_id,
  platform: device.platform,
  push_token_provider: device.push_provider,
  push_token_updated_at: isoOrNull(device.push_token_at),
  created_at: isoInstant(device.created_at),
  updated_at: isoInstant(device.updated_at),
});

const nameOf = ({ userKey }: Person): string =>
  userKey.kind === 'user' ? displayName(userKey.userId, '') : displayName(null, userKey.deviceId);
