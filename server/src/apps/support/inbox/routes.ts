import type { HttpServer } from '../../../platform/http/server.js';
import { isoInstant } from '../../../platform/http/timestamps.js';
import { uuidV4 } from '../../../platform/ids.js';
import { operatorOf } from '../callers.js';
import { supportErrors } from '../errors.js';
import { presentMessageToOperators, presentStatusChange } from '../messages/presenter.js';
import type { OperatorRouteHooks } from '../operators/operator-hooks.js';
import { bodyMayBeMissing } from '../route-body.js';
import type { ConversationService, MessageService } from '../services.js';
import { presentListed, presentOne, presentPerson, presentPersonDetail } from './presenter.js';
import {
  ChangeBody,
  ConversationAnswer,
  ConversationParams,
  ConversationsAnswer,
  ConversationsQuery,
  OpenBody,
  OpenedAnswer,
  PeopleAnswer,
  PeopleQuery,
  PersonAnswer,
  PersonParams,
  ReadBody,
  StatsAnswer,
  StatusChanges,
  ThreadAnswer,
  ThreadQuery,
  WriteBody,
  WrittenAnswer,
} from './schemas.js';
import type { Inbox } from './service.js';

const tags = ['support: inbox'];
const path = '/admin/api/conversations';

/** What the team works in (contract §11.1–11.4, §19). */
export function inboxRoutes(
  server: HttpServer,
  rooms: {
    readonly inbox: Inbox;
    readonly conversations: ConversationService;
    readonly messages: MessageService;
  },
  hooks: OperatorRouteHooks,
): void {
  const { inbox, conversations, messages } = rooms;

  server.get(
    path,
    {
      ...hooks.operator('view:conversations'),
      schema: {
        tags,
        summary: 'Conversations, latest activity first',
        querystring: ConversationsQuery,
        response: { 200: ConversationsAnswer },
      },
    },
    async (request) => {
      const { assignee_id: assigneeId, ...page } = request.query;
      const found = await inbox.conversations(operatorOf(request), { ...page, assigneeId });
      return { conversations: found.conversations.map(presentListed), next_cursor: found.next };
    },
  );

  server.get(
    `${path}/:id`,
    {
      ...hooks.operator('view:conversations'),
      schema: {
        tags,
        summary: 'One conversation',
        params: ConversationParams,
        response: { 200: ConversationAnswer },
      },
    },
    async (request) => {
      const conversation = await conversations.get(operatorOf(request), request.params.id);
      return presentOne(await inbox.withPresence(conversation));
    },
  );

  server.post(
    path,
    {
      ...hooks.operator('manage:conversations'),
      preValidation: bodyMayBeMissing,
      schema: {
        tags,
        summary: 'Open a conversation with a device',
        description: 'Answers with the one there is, when there is one.',
        body: OpenBody,
        response: { 200: OpenedAnswer },
      },
    },
    async (request) => {
      const { device_id: deviceId, user_id: userId, device_context: context } = request.body;
      if (!deviceId) throw supportErrors.missingDeviceId('device_id is required.');
      const opened = await conversations.openFor(operatorOf(request), {
        deviceId,
        userId: userId || null,
        context: context ?? null,
      });
      return {
        conversation: {
          id: opened.id,
          device_id: opened.deviceId,
          user_id: opened.userId,
          status: opened.status,
          created_at: isoInstant(opened.createdAt),
        },
      };
    },
  );

  server.patch(
    `${path}/:id`,
    {
      ...hooks.operator('manage:conversations'),
      preValidation: bodyMayBeMissing,
      schema: {
        tags,
        summary: 'Resolve, reopen or assign',
        params: ConversationParams,
        body: ChangeBody,
        response: { 200: ConversationAnswer },
      },
    },
    async (request) => {
      const { status, assignee_id: assigneeId } = request.body;
      const changed = await conversations.change(operatorOf(request), request.params.id, {
        ...(status ? { status } : {}),
        ...(assigneeId === undefined ? {} : { assigneeId }),
      });
      return presentOne(await inbox.withPresence(changed));
    },
  );

  server.get(
    `${path}/:id/messages`,
    {
      ...hooks.operator('view:conversations'),
      schema: {
        tags,
        summary: 'The newest messages, or those before a cursor',
        description:
          'Ascending. `next_cursor` leads to older messages. `after` and `after_sequence` read downwards.',
        params: ConversationParams,
        querystring: ThreadQuery,
        response: { 200: ThreadAnswer },
      },
    },
    async (request) => {
      const operator = operatorOf(request);
      const { id } = request.params;
      const { limit, cursor, after, after_sequence: afterSequence } = request.query;
      const isUpwards = after === undefined && afterSequence === undefined;
      const page =
        afterSequence !== undefined
          ? await messages.since(operator, id, afterSequence, limit)
          : after !== undefined
            ? await messages.createdAfter(operator, id, after, limit)
            : await messages.before(operator, id, cursor ?? null, limit);
      const oldest = page.messages[0];
      return {
        messages: page.messages.map(presentMessageToOperators),
        has_more: page.hasMore,
        next_cursor: isUpwards && page.hasMore && oldest ? oldest.sequence : null,
      };
    },
  );

  server.post(
    `${path}/:id/messages`,
    {
      ...hooks.operator('send:messages'),
      preValidation: bodyMayBeMissing,
      schema: {
        tags,
        summary: 'Answer',
        params: ConversationParams,
        body: WriteBody,
        response: { 200: WrittenAnswer },
      },
    },
    async (request) => {
      const { body, local_id: localId } = request.body;
      if (!body) throw supportErrors.missingBody();
      const message = await messages.send(operatorOf(request), request.params.id, {
        localId: localId ?? uuidV4(),
        body,
      });
      return { message: presentMessageToOperators(message) };
    },
  );

  server.post(
    `${path}/:id/read`,
    {
      ...hooks.operator('view:conversations'),
      preValidation: bodyMayBeMissing,
      schema: {
        tags,
        summary: "Mark the visitor's messages as read",
        params: ConversationParams,
        body: ReadBody,
        response: { 200: StatusChanges },
      },
    },
    async (request) => {
      const upTo = request.body.up_to_message_id ?? null;
      const changes = await messages.markRead(operatorOf(request), request.params.id, upTo);
      return { updates: changes.map(presentStatusChange) };
    },
  );

  server.get(
    '/admin/api/users',
    {
      ...hooks.operator('view:users'),
      schema: {
        tags,
        summary: 'The people who write, last seen first',
        querystring: PeopleQuery,
        response: { 200: PeopleAnswer },
      },
    },
    async (request) => {
      const { people, next } = await inbox.people(operatorOf(request), request.query);
      return { users: people.map(presentPerson), next_cursor: next };
    },
  );

  server.get(
    '/admin/api/users/:userKey',
    {
      ...hooks.operator('view:users'),
      schema: { tags, summary: 'One person', params: PersonParams, response: { 200: PersonAnswer } },
    },
    async (request) => presentPersonDetail(await inbox.person(operatorOf(request), request.params.userKey)),
  );

  server.get(
    '/admin/api/dashboard/stats',
    {
      ...hooks.operator('view:conversations'),
      schema: { tags, summary: 'How many conversations there are', response: { 200: StatsAnswer } },
    },
    async (request) => {
      const { open, resolved, online, at } = await inbox.stats(operatorOf(request));
      return {
        total_conversations: open + resolved,
        open_conversations: open,
        resolved_conversations: resolved,
        online_conversations: online,
        generated_at: isoInstant(at),
      };
    },
  );
}
