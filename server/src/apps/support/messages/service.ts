import type { Clock } from '../../../platform/clock.js';
import type { Database, Transaction } from '../../../platform/database/database.js';
import type { RateLimits } from '../../../platform/limits/rate-limits.js';
import type { DeviceCaller, OperatorCaller } from '../callers.js';
import type { Conversation } from '../conversations/conversation.js';
import { ownedConversation } from '../conversations/service.js';
import { createConversationStore } from '../conversations/store.js';
import { supportErrors } from '../errors.js';
import type { SupportMetrics } from '../metrics.js';
import type { FanOut } from '../realtime/fan-out.js';
import type { MessageEffect, MessageService } from '../services.js';
import { batchesByKey } from './batches.js';
import { insertMessages, type NewMessage, type StoredMessage } from './insert.js';
import type { Message, StatusChange } from './message.js';
import { sendersMovedBy } from './status.js';
import { createMessageStore } from './store.js';

/** In UTF-16 code units, as the SDKs count. */
export const LONGEST_BODY = 5_000;
export const UUID_FORM = '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$';
const uuid = new RegExp(UUID_FORM);
/** The most messages of one app that are stored in one transaction: its writers wait for each other. */
const BATCH_LIMIT = 100;

type Caller = DeviceCaller | OperatorCaller;

interface MovedStatuses {
  readonly moved: readonly Message[];
  /** Up to which sequence an operator has seen what the visitor wrote; null when this says nothing of it. */
  readonly seenUpTo: number | null;
  readonly isReadUpTo: boolean;
}

export interface MessageServiceParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly fanOut: FanOut;
  readonly limits: RateLimits;
  /** For operators; devices are counted by their hooks. */
  readonly messagesPerMinute: number;
  /** Enqueued in the transaction that stores a message. */
  readonly effects?: readonly MessageEffect[];
  readonly metrics?: Pick<SupportMetrics, 'messages'> | undefined;
}

export function createMessageService(parts: MessageServiceParts): MessageService {
  const { database, clock, fanOut, limits, metrics, effects = [] } = parts;
  const store = createMessageStore(database);
  const conversations = createConversationStore(database);
  const operatorRule = { name: 'support-operator-messages', points: parts.messagesPerMinute, seconds: 60 };

  const batches = batchesByKey<NewMessage, StoredMessage | null>(async (appId, messages) => {
    const outcomes = await database.transaction(async (tx) => {
      const stored = await insertMessages(tx, database.dialect, appId, messages, clock.now());
      for (const outcome of stored) {
        if (!outcome?.stored) continue;
        for (const effect of effects) await effect(tx, outcome.message, outcome.stored.conversation);
      }
      return stored;
    });
    for (const outcome of outcomes) if (outcome?.stored) tellStored(outcome.message, outcome.stored);
    return outcomes;
  }, BATCH_LIMIT);

  /** Not awaited: telling the other nodes must not hold up the next batch, and never rejects. */
  const tellStored = (message: Message, stored: NonNullable<StoredMessage['stored']>) => {
    const { conversation, isReopened } = stored;
    const { appId, deviceId } = conversation;
    metrics?.messages.inc({ sender: message.sender });
    void fanOut.tell({ type: 'message', appId, deviceId, message });
    if (isReopened) void fanOut.tell({ type: 'conversation', change: 'updated', conversation });
  };

  const limitOperator = async (caller: Caller): Promise<void> => {
    if (caller.kind === 'device') return;
    const verdict = await limits.consume(operatorRule, caller.operatorId);
    if (!verdict.allowed) {
      throw supportErrors.rateLimited(`At most ${operatorRule.points} messages per minute.`, {
        retryAfterSeconds: verdict.retryAfterSeconds,
      });
    }
  };

  const owned = (caller: Caller, conversationId: string): Promise<Conversation> =>
    ownedConversation(conversations.find(caller, conversationId));

  /** Moves statuses and, for operators, notes what they have seen; both sides are told after the commit. */
  const moveStatuses = async (
    caller: Caller,
    conversationId: string,
    work: (tx: Transaction, now: number) => Promise<MovedStatuses>,
  ): Promise<readonly StatusChange[]> => {
    const now = clock.now();
    const { moved, isReadUpTo, seen } = await database.transaction(async (tx) => {
      const lock = caller.kind === 'operator';
      const before = await ownedConversation(conversations.findWithin(tx, caller, conversationId, { lock }));
      const done = await work(tx, now);
      if (caller.kind === 'device' || done.seenUpTo === null) return { ...done, seen: null };
      const after = await conversations.noteSeen(tx, conversationId, done.seenUpTo);
      return { ...done, seen: after.unreadCount === before.unreadCount ? null : after };
    });
    const changes = moved.map((message) => changeOf(message, now));
    if (changes.length > 0) {
      const { appId } = caller;
      const readAt = isReadUpTo ? now : null;
      await fanOut.tell({ type: 'statuses', appId, conversationId, changes, readAt });
    }
    if (seen) await fanOut.tell({ type: 'conversation', change: 'updated', conversation: seen });
    return changes;
  };

  return {
    send: async (caller, conversationId, { localId, body }) => {
      if (!uuid.test(localId))
        throw supportErrors.validation('local_id must be a UUID', { field: 'local_id' });
      if (body.length < 1 || body.length > LONGEST_BODY) {
        throw supportErrors.validation(`body must have 1 to ${LONGEST_BODY} characters`, { field: 'body' });
      }
      await limitOperator(caller);
      const byDevice = caller.kind === 'device';
      const stored = await batches.add(caller.appId, {
        conversationId,
        localId,
        body,
        deviceId: byDevice ? caller.deviceId : null,
        sender: byDevice ? 'user' : 'agent',
        operatorId: byDevice ? null : caller.operatorId,
      });
      if (!stored) throw supportErrors.conversationNotFound();
      return stored.message;
    },

    since: async (caller, conversationId, afterSequence, limit) => {
      await owned(caller, conversationId);
      return pageOf(await store.since(conversationId, afterSequence, limit + 1), limit);
    },

    createdAfter: async (caller, conversationId, after, limit) => {
      await owned(caller, conversationId);
      return pageOf(await store.createdAfter(conversationId, after, limit + 1), limit);
    },

    before: async (caller, conversationId, beforeSequence, limit) => {
      await owned(caller, conversationId);
      const { messages, hasMore } = pageOf(
        await store.before(conversationId, beforeSequence, limit + 1),
        limit,
      );
      return { messages: messages.toReversed(), hasMore };
    },

    get: async (caller, conversationId, messageId) => {
      await owned(caller, conversationId);
      const message = await store.find(conversationId, messageId);
      if (!message) throw supportErrors.messageNotFound();
      return message;
    },

    lastId: async (caller, conversationId) => (await owned(caller, conversationId)).lastMessage?.id ?? null,

    setStatus: (caller, conversationId, messageIds, status) =>
      moveStatuses(caller, conversationId, async (tx, now) => {
        const senders = sendersMovedBy(caller.kind, status);
        const moved = await store.moveStatus(tx, { conversationId, senders, ids: messageIds }, status, now);
        const seenUpTo = status === 'READ' ? (moved.at(-1)?.sequence ?? null) : null;
        return { moved, seenUpTo, isReadUpTo: false };
      }),

    markRead: (caller, conversationId, upToMessageId) =>
      moveStatuses(caller, conversationId, async (tx, now) => {
        const upToSequence =
          upToMessageId === null ? null : await store.sequenceOf(tx, conversationId, upToMessageId);
        const selection = {
          conversationId,
          // System messages are not read but shown: the contract leaves them out here.
          senders: caller.kind === 'device' ? (['agent'] as const) : (['user'] as const),
          upToSequence,
        };
        const moved = await store.moveStatus(tx, selection, 'READ', now);
        return { moved, seenUpTo: upToSequence ?? moved.at(-1)?.sequence ?? 0, isReadUpTo: true };
      }),
  };
}

const changeOf = (message: Message, now: number): StatusChange => ({
  messageId: message.id,
  localId: message.localId,
  conversationId: message.conversationId,
  status: message.status,
  updatedAt: now,
});

/** A page of one more than wanted, cut to what was wanted. */
const pageOf = (messages: readonly Message[], limit: number) => ({
  messages: messages.slice(0, limit),
  hasMore: messages.length > limit,
});
