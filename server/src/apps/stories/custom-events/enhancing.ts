import { errors } from '../../../platform/http/errors.js';
import type { HttpServer } from '../../../platform/http/server.js';
import { isoInstant } from '../../../platform/http/timestamps.js';
import { callerOf } from '../../../platform/identity/caller.js';
import type { Platform } from '../../../platform/platform.js';
import { orderFor } from '../generation/answer.js';
import type { OrderKind } from '../generation/order-kind.js';
import type { Orders } from '../generation/orders.js';
import type { Assistant } from '../helpers/assistant.js';
import { owned } from '../ownership.js';
import type { Records } from '../records.js';
import type { StoryMedia, UsageService } from '../services.js';
import type { CustomEventRow } from '../tables.js';
import { IdParams } from '../wire-fields.js';
import { dayOf } from './day.js';
import { presentCustomEvent } from './presenter.js';
import { CustomEventAnswer } from './schemas.js';

/** Events that are put into better words, once each (contract §3.3, §5). @returns how their route is added */
export function createEnhancements(
  { changes, clock }: Pick<Platform, 'changes' | 'clock'>,
  parts: {
    readonly records: Records;
    readonly orders: Orders;
    readonly usage: UsageService;
    readonly media: StoryMedia;
    readonly assistant: Assistant;
  },
): (server: HttpServer) => void {
  const { records, orders, usage, media, assistant } = parts;
  const { customEvents } = records.stores;

  const open = (event: CustomEventRow | undefined, userId: string): CustomEventRow => {
    const own = owned(event, userId, 'Custom event');
    if (own.ai_enhanced === 1) throw errors.badRequest('This event has been enhanced already');
    return own;
  };

  const kind: OrderKind<null> = {
    name: 'event',
    run: async ({ userId, subjectId }, signal) => {
      const event = open(await customEvents.byId(subjectId), userId);
      const { value, tokens } = await assistant.enhance(dayOf(event), signal);
      return {
        ...(tokens === undefined ? {} : { outcome: { tokens } }),
        write: async (tx) => {
          const version = await changes.next(tx, userId);
          const current = open(await customEvents.byId(subjectId, tx), userId);
          const now = clock.now();
          await customEvents.update(
            tx,
            current,
            { version, now },
            {
              prompt_seed: value.promptSeed,
              keywords: JSON.stringify(value.keywords),
              ai_enhanced: 1,
              enhancement: JSON.stringify({
                enhancedAt: isoInstant(now),
                model: assistant.model,
                originalPromptSeed: current.prompt_seed,
              }),
            },
          );
          return { result: { customEventId: subjectId }, version };
        },
      };
    },
  };
  orders.define(kind);

  return (server) => {
    server.post(
      '/custom-events/:id/enhance',
      {
        schema: {
          tags: ['stories: custom events'],
          summary: 'Put an event into better words, once',
          params: IdParams,
          response: { 200: CustomEventAnswer },
        },
        config: { ordered: true },
      },
      async (request, reply) => {
        const { userId } = callerOf(request);
        const { id } = request.params;
        const told = await orderFor<null>(orders, request, reply, {
          kind: 'event',
          subjectId: id,
          sameness: null,
          admit: async (tx, orderId) => {
            open(await customEvents.byId(id, tx), userId);
            await usage.reserve(tx, userId, 'ai_assistant', assistant.model, 1, orderId);
            return { input: null };
          },
        });
        if (told === null) return reply;
        const event = owned(await customEvents.byId(id), userId, 'Custom event');
        return { data: presentCustomEvent(media, event), message: 'Custom event enhanced' };
      },
    );
  };
}
