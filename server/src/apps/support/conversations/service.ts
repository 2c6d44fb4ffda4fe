import type { Clock } from '../../../platform/clock.js';
import type { Database, Transaction } from '../../../platform/database/database.js';
import { type DeviceName, deviceStore } from '../devices/store.js';
import { supportErrors } from '../errors.js';
import type { FanOut } from '../realtime/fan-out.js';
import type { ConversationEffect, ConversationService } from '../services.js';
import type { Conversation, DeviceContext, SdkUser } from './conversation.js';
import { mergeMetadata } from './metadata.js';
import { createConversationStore, type ListPlace } from './store.js';

export interface ConversationServiceParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly fanOut: FanOut;
  /** Enqueued in the transaction that makes or resolves a conversation. */
  readonly effects?: readonly ConversationEffect[];
}

/** What a transaction did, to be told after its commit. */
interface Outcome {
  readonly conversation: Conversation;
  readonly change: 'created' | 'updated' | null;
}

export function createConversationService(parts: ConversationServiceParts): ConversationService {
  const { database, clock, fanOut, effects = [] } = parts;
  const store = createConversationStore(database);

  const enqueue = async (tx: Transaction, change: 'created' | 'resolved', conversation: Conversation) => {
    for (const effect of effects) await effect(tx, change, conversation);
  };

  const tell = async ({ change, conversation }: Outcome): Promise<Conversation> => {
    if (change) await fanOut.tell({ type: 'conversation', change, conversation });
    return conversation;
  };

  /** The device's row is locked by whoever calls this, so that parallel callers find what the first one made. */
  const findOrMake = async (
    tx: Transaction,
    device: DeviceName,
    news: {
      readonly userId: string | null;
      readonly user: SdkUser | null;
      readonly context: DeviceContext | null;
    },
    now: number,
  ): Promise<Outcome> => {
    const known = await store.ofUser(tx, device, news.userId);
    const metadata = mergeMetadata(known?.metadata ?? {}, news);
    if (!known) {
      const { appId, deviceId } = device;
      const conversation = await store.insert(tx, { appId, deviceId, userId: news.userId, metadata }, now);
      await enqueue(tx, 'created', conversation);
      return { conversation, change: 'created' };
    }
    if (JSON.stringify(metadata) === JSON.stringify(known.metadata)) {
      return { conversation: known, change: null };
    }
    return { conversation: await store.describe(tx, known, news.userId, metadata), change: 'updated' };
  };

  return {
    open: async (device, user, context) => {
      const platform = context?.platform;
      const outcome = await database.transaction(async (tx) => {
        const now = clock.now();
        await deviceStore.see(tx, device, now, {
          ...(user ? { user_id: user.id } : {}),
          ...(typeof platform === 'string' ? { platform } : {}),
        });
        return findOrMake(tx, device, { userId: user?.id ?? null, user, context }, now);
      });
      return tell(outcome);
    },

    get: (caller, conversationId) => ownedConversation(store.find(caller, conversationId)),

    latestOf: (device) => store.latestOf(device),

    openFor: async (operator, { deviceId, userId, context }) => {
      const outcome = await database.transaction(async (tx) => {
        const now = clock.now();
        const device = { appId: operator.appId, deviceId };
        await deviceStore.ensure(tx, device, now, { user_id: userId });
        return findOrMake(
          tx,
          device,
          { userId, user: userId === null ? null : { id: userId }, context },
          now,
        );
      });
      return tell(outcome);
    },

    change: async (operator, conversationId, change) => {
      const outcome = await database.transaction(async (tx): Promise<Outcome> => {
        const found = store.findWithin(tx, operator, conversationId, { lock: true });
        const before = await ownedConversation(found);
        const { status, assigneeId } = change;
        if (assigneeId && !(await store.isMember(tx, operator.appId, assigneeId))) {
          throw supportErrors.validation('assignee_id must name an active member of the team', {
            field: 'assignee_id',
          });
        }
        const changed = {
          ...(status !== undefined && status !== before.status ? { status } : {}),
          ...(assigneeId !== undefined && assigneeId !== before.assigneeId ? { assigneeId } : {}),
        };
        if (Object.keys(changed).length === 0) return { conversation: before, change: null };
        const conversation = await store.change(tx, conversationId, changed, clock.now());
        if (changed.status === 'resolved') await enqueue(tx, 'resolved', conversation);
        return { conversation, change: 'updated' };
      });
      return tell(outcome);
    },

    list: async (operator, page) => {
      const rows = await store.list(operator, {
        limit: page.limit + 1,
        after: page.cursor === undefined ? null : placeOf(page.cursor),
        status: page.status,
        assigneeId: page.assigneeId,
        words: (page.search ?? '').split(/\s+/).filter(Boolean),
      });
      const conversations = rows.slice(0, page.limit);
      const last = conversations.at(-1);
      const isMore = rows.length > page.limit && last !== undefined;
      return { conversations, next: isMore ? cursorOf({ updatedAt: last.updatedAt, id: last.id }) : null };
    },
  };
}

/** @throws AppError 404 when there is none */
export async function ownedConversation(found: Promise<Conversation | null>): Promise<Conversation> {
  const conversation = await found;
  if (!conversation) throw supportErrors.conversationNotFound();
  return conversation;
}

const cursorOf = ({ updatedAt, id }: ListPlace): string =>
  Buffer.from(`${updatedAt}/${id}`).toString('base64url');

function placeOf(cursor: string): ListPlace {
  const [, updatedAt, id] = /^(\d{1,15})\/(\w+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (updatedAt === undefined || id === undefined) {
    throw supportErrors.validation('cursor must come from the page before', { field: 'cursor' });
  }
  return { updatedAt: Number(updatedAt), id };
}
