import type { HttpServer } from '../../../platform/http/server.js';
import { isoInstant } from '../../../platform/http/timestamps.js';
import { operatorOf } from '../callers.js';
import type { OperatorRouteHooks } from '../operators/operator-hooks.js';
import { Success } from '../sdk-shapes.js';
import { ChangeReplyBody, CreateReplyBody, RepliesAnswer, ReplyAnswer, ReplyParams } from './schemas.js';
import type { CannedReplies } from './service.js';
import type { CannedReply } from './store.js';

const tags = ['support: settings'];
const path = '/admin/settings/canned-replies';

const present = ({ id, shortcut, body, created_at, updated_at }: CannedReply) => ({
  id,
  shortcut,
  body,
  created_at: isoInstant(created_at),
  updated_at: isoInstant(updated_at),
});

/** Prepared answers: everybody in the team uses them, administrators write them. */
export function cannedReplyRoutes(
  server: HttpServer,
  replies: CannedReplies,
  hooks: OperatorRouteHooks,
): void {
  server.get(
    path,
    {
      ...hooks.operator('view:conversations'),
      schema: { tags, summary: "The team's prepared answers", response: { 200: RepliesAnswer } },
    },
    async (request) => ({ canned_replies: (await replies.list(operatorOf(request))).map(present) }),
  );

  server.post(
    path,
    {
      ...hooks.operator('manage:settings'),
      schema: {
        tags,
        summary: 'Prepare an answer',
        body: CreateReplyBody,
        response: { 201: ReplyAnswer },
      },
    },
    async (request, reply) => {
      const made = await replies.create(operatorOf(request), request.body);
      return reply.code(201).send({ canned_reply: present(made) });
    },
  );

  server.put(
    `${path}/:id`,
    {
      ...hooks.operator('manage:settings'),
      schema: {
        tags,
        summary: 'Change a prepared answer',
        params: ReplyParams,
        body: ChangeReplyBody,
        response: { 200: ReplyAnswer },
      },
    },
    async (request) => {
      const { shortcut, body } = request.body;
      const changed = await replies.replace(operatorOf(request), request.params.id, {
        shortcut: shortcut ?? undefined,
        body: body ?? undefined,
      });
      return { canned_reply: present(changed) };
    },
  );

  server.delete(
    `${path}/:id`,
    {
      ...hooks.operator('manage:settings'),
      schema: {
        tags,
        summary: 'Forget a prepared answer',
        params: ReplyParams,
        response: { 200: Success },
      },
    },
    async (request) => {
      await replies.remove(operatorOf(request), request.params.id);
      return { success: true as const };
    },
  );
}
