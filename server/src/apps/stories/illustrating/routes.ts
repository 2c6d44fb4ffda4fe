import { Type } from 'typebox';
import type { HttpServer } from '../../../platform/http/server.js';
import { callerOf } from '../../../platform/identity/caller.js';
import { nullsAreAbsent } from '../both-prefixes.js';
import { orderFor } from '../generation/answer.js';
import type { Orders } from '../generation/orders.js';
import type { Records } from '../records.js';
import type { StoryMedia } from '../services.js';
import { presentDetail } from '../stories/presenter.js';
import { Story } from '../stories/schemas.js';
import { IdParams } from '../wire-fields.js';
import type { IllustrationOrders } from './illustration-orders.js';

const Wish = Type.Object({
  style: Type.Optional(Type.Union([Type.Literal('standard'), Type.Literal('hd')])),
  maxIllustrations: Type.Optional(Type.Integer({ minimum: 1, maximum: 10 })),
});

/** Drawing a story's scenes (contract §3.2): answers with the whole story, as the app decodes it. */
export function illustratingRoutes(
  server: HttpServer,
  parts: {
    readonly illustrating: IllustrationOrders;
    readonly orders: Orders;
    readonly records: Records;
    readonly media: StoryMedia;
  },
): void {
  const { illustrating, orders, records, media } = parts;
  server.post(
    '/stories/:id/illustrations',
    {
      preValidation: nullsAreAbsent,
      schema: {
        tags: ['stories: illustrations'],
        summary: "Draw a story's scenes",
        params: IdParams,
        body: Wish,
        response: {
          200: Type.Object({
            data: Type.Intersect([
              Story,
              Type.Object({ generated: Type.Integer(), failed: Type.Integer(), status: Type.String() }),
            ]),
            message: Type.Optional(Type.String()),
          }),
        },
      },
      config: { ordered: true },
      // The schema is for the manual: an intersection cannot be told to a fast serializer.
      serializerCompiler: () => JSON.stringify,
    },
    async (request, reply) => {
      const { userId } = callerOf(request);
      const { id } = request.params;
      const wanted = await illustrating.wanted(userId, id, request.body);
      const told = wanted ? await orderFor(orders, request, reply, wanted) : { generated: 0, failed: 0 };
      if (told === null) return reply;
      const story = presentDetail(media, await records.stories.get(userId, id, true));
      return reply.send({
        data: {
          ...story,
          generated: Number(told.generated ?? 0),
          failed: Number(told.failed ?? 0),
          status: story.illustrationStatus,
        },
      } as never);
    },
  );
}
