import type { Clock } from '../../../platform/clock.js';
import type { Database } from '../../../platform/database/database.js';
import { isUniqueViolation } from '../../../platform/database/failures.js';
import { uuidV7 } from '../../../platform/ids.js';
import type { OperatorCaller } from '../callers.js';
import { supportErrors } from '../errors.js';
import type { CannedReply, CannedReplyStore } from './store.js';

export interface ReplyText {
  readonly shortcut: string;
  readonly body: string;
}

/** A team's prepared answers. */
export interface CannedReplies {
  list(caller: OperatorCaller): Promise<readonly CannedReply[]>;
  /** @throws AppError 409 `SHORTCUT_TAKEN` */
  create(caller: OperatorCaller, text: ReplyText): Promise<CannedReply>;
  /** @throws AppError 404 `CANNED_REPLY_NOT_FOUND`, 409 `SHORTCUT_TAKEN` */
  replace(
    caller: OperatorCaller,
    id: string,
    text: { readonly [Name in keyof ReplyText]: string | undefined },
  ): Promise<CannedReply>;
  remove(caller: OperatorCaller, id: string): Promise<void>;
}

export function createCannedReplies(parts: {
  readonly database: Database;
  readonly clock: Clock;
  readonly store: CannedReplyStore;
}): CannedReplies {
  const { database, clock, store } = parts;
  const orTaken = (error: unknown): never => {
    throw isUniqueViolation(error) ? supportErrors.shortcutTaken() : error;
  };
  return {
    list: (caller) => store.ofApp(caller.appId),
    create: (caller, { shortcut, body }) =>
      database
        .transaction(async (tx) => {
          const now = clock.now();
          const reply: CannedReply = {
            id: uuidV7(now),
            app_id: caller.appId,
            shortcut,
            body,
            created_at: now,
            updated_at: now,
          };
          await store.insert(tx, reply);
          return reply;
        })
        .catch(orTaken),
    replace: (caller, id, text) =>
      database
        .transaction(async (tx) => {
          const former = await store.owned(tx, caller.appId, id);
          if (!former) throw supportErrors.cannedReplyNotFound();
          const reply: CannedReply = {
            ...former,
            shortcut: text.shortcut ?? former.shortcut,
            body: text.body ?? former.body,
            updated_at: clock.now(),
          };
          await store.replace(tx, reply);
          return reply;
        })
        .catch(orTaken),
    remove: async (caller, id) => {
      const removed = await database.transaction((tx) => store.remove(tx, caller.appId, id));
      if (!removed) throw supportErrors.cannedReplyNotFound();
    },
  };
}
