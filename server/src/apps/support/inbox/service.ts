import type { Clock } from '../../../platform/clock.js';
import type { OperatorCaller } from '../callers.js';
import type { Conversation } from '../conversations/conversation.js';
import { supportErrors } from '../errors.js';
import type { ConversationService, PresenceService } from '../services.js';
import type { ConversationStatus } from '../tables.js';
import type { ConversationCounts, Device, InboxStore, PersonLine } from './store.js';
import { parseUserKey, type UserKey } from './user-key.js';

export interface ListedConversation {
  readonly conversation: Conversation;
  readonly isOnline: boolean;
}

/** A person as the list shows them. */
export interface Person {
  readonly key: string;
  readonly userKey: UserKey;
  readonly conversations: readonly Conversation[];
  readonly devices: readonly Device[];
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly isOnline: boolean;
}

/** What the team sees of everybody who writes (contract §11.1–11.4). */
export interface Inbox {
  /** Latest activity first; `next` is the cursor of the following page, null at the end. */
  conversations(
    caller: OperatorCaller,
    page: {
      readonly limit: number;
      readonly cursor?: string | undefined;
      readonly status?: ConversationStatus | undefined;
      readonly assigneeId?: string | undefined;
      readonly search?: string | undefined;
    },
  ): Promise<{ readonly conversations: readonly ListedConversation[]; readonly next: string | null }>;
  withPresence(conversation: Conversation): Promise<ListedConversation>;
  people(
    caller: OperatorCaller,
    page: {
      readonly limit: number;
      readonly cursor?: string | undefined;
      readonly search?: string | undefined;
    },
  ): Promise<{ readonly people: readonly Person[]; readonly next: string | null }>;
  /** @throws AppError 400 `INVALID_USER_KEY`, 404 `USER_NOT_FOUND` */
  person(caller: OperatorCaller, key: string): Promise<Person>;
  stats(
    caller: OperatorCaller,
  ): Promise<ConversationCounts & { readonly online: number; readonly at: number }>;
}

export function createInbox(parts: {
  readonly clock: Clock;
  readonly store: InboxStore;
  readonly conversations: ConversationService;
  readonly presence: PresenceService;
}): Inbox {
  const { clock, store, conversations, presence } = parts;

  /** What is known of these people, in the order in which they are named. */
  const gather = async (appId: string, keys: readonly string[]) => {
    const userKeys = keys.map(parseUserKey);
    const [conversationsOfAll, devicesOfAll] = await Promise.all([
      store.conversationsOf(appId, userKeys),
      store.devicesOf(appId, userKeys),
    ]);
    const deviceIds = new Set([
      ...conversationsOfAll.map(({ deviceId }) => deviceId),
      ...devicesOfAll.map(({ device_id }) => device_id),
    ]);
    const online = await presence.online(appId, [...deviceIds]);
    return userKeys.map((userKey, index) => {
      const theirs = conversationsOfAll.filter((conversation) => isOf(userKey, conversation));
      const devices = devicesOfAll.filter((device) =>
        userKey.kind === 'user' ? device.user_id === userKey.userId : device.device_id === userKey.deviceId,
      );
      const isOnline =
        theirs.some(({ deviceId }) => online.has(deviceId)) ||
        devices.some(({ device_id }) => online.has(device_id));
      return { key: keys[index] ?? '', userKey, conversations: theirs, devices, isOnline };
    });
  };

  return {
    conversations: async (caller, page) => {
      const found = await conversations.list(caller, page);
      const deviceIds = [...new Set(found.conversations.map(({ deviceId }) => deviceId))];
      const online = await presence.online(caller.appId, deviceIds);
      return {
        conversations: found.conversations.map((conversation) => ({
          conversation,
          isOnline: online.has(conversation.deviceId),
        })),
        next: found.next,
      };
    },

    withPresence: async (conversation) => ({
      conversation,
      isOnline: await presence.isOnline(conversation.appId, conversation.deviceId),
    }),

    people: async ({ appId }, { limit, cursor, search }) => {
      const lines = await store.people(appId, {
        limit: limit + 1,
        after: cursor === undefined ? null : placeOf(cursor),
        words: (search ?? '').split(/\s+/).filter(Boolean),
      });
      const page = lines.slice(0, limit);
      const last = page.at(-1);
      const gathered = await gather(
        appId,
        page.map(({ key }) => key),
      );
      return {
        people: gathered.map((person, index) => ({
          ...person,
          createdAt: page[index]?.createdAt ?? 0,
          lastSeenAt: page[index]?.lastSeenAt ?? 0,
        })),
        next: lines.length > limit && last ? cursorOf(last) : null,
      };
    },

    person: async ({ appId }, key) => {
      const [person] = await gather(appId, [key]);
      if (!person || person.conversations.length + person.devices.length === 0) {
        throw supportErrors.userNotFound();
      }
      const { conversations: theirs, devices } = person;
      return {
        ...person,
        createdAt: Math.min(
          ...theirs.map(({ createdAt }) => createdAt),
          ...devices.map(({ created_at }) => created_at),
        ),
        lastSeenAt: Math.max(
          ...theirs.map(({ updatedAt }) => updatedAt),
          ...devices.map(({ last_seen_at }) => last_seen_at),
        ),
      };
    },

    stats: async ({ appId }) => ({
      ...(await store.counts(appId)),
      online: await presence.countOnline(appId),
      at: clock.now(),
    }),
  };
}

const isOf = (key: UserKey, conversation: Conversation): boolean =>
  key.kind === 'user'
    ? conversation.userId === key.userId
    : conversation.userId === null && conversation.deviceId === key.deviceId;

const cursorOf = ({ key, lastSeenAt }: PersonLine): string =>
  Buffer.from(`${lastSeenAt}/${key}`).toString('base64url');

function placeOf(cursor: string): Pick<PersonLine, 'key' | 'lastSeenAt'> {
  const [, lastSeenAt, key] = /^(\d{1,15})\/(.+)$/s.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (lastSeenAt === undefined || key === undefined) {
    throw supportErrors.validation('cursor must come from the page before', { field: 'cursor' });
  }
  return { key, lastSeenAt: Number(lastSeenAt) };
}
