import type { HttpServer } from '../../../platform/http/server.js';
import { deviceOf } from '../callers.js';
import type { DeviceHooks } from '../devices/device-hooks.js';
import type { MessageService } from '../services.js';
import type { Message, StatusChange } from './message.js';
import { presentMessage, presentStatusChange } from './presenter.js';
import {
  ConversationParams,
  DeliveredBody,
  History,
  HistoryQuery,
  ReadBody,
  SendAnswer,
  SendBody,
  StatusBody,
  StatusChange as StatusChangeShape,
  StatusChanges,
  SyncAnswer,
  SyncQuery,
} from './schemas.js';

const tags = ['support'];
const params = ConversationParams;
const DEFAULT_PAGE = 50;
const LARGEST_PAGE = 200;

/** The SDK's routes over messages, relative to the prefix of its scope. */
export function messageRoutes(
  server: HttpServer,
  messages: MessageService,
  { device, sender }: DeviceHooks,
): void {
  server.post(
    '/conversations/:id/messages',
    {
      ...sender,
      schema: { tags, summary: 'Send a message', params, body: SendBody, response: { 200: SendAnswer } },
    },
    async (request) => {
      const { local_id: localId, body } = request.body;
      const message = await messages.send(deviceOf(request), request.params.id, { localId, body });
      return { message: presentMessage(message) };
    },
  );

  server.get(
    '/conversations/:id/messages',
    {
      ...device,
      schema: {
        tags,
        summary: 'Messages after an instant, oldest first',
        params,
        querystring: HistoryQuery,
        response: { 200: History },
      },
    },
    async (request) => {
      const { after, limit } = request.query;
      const page = await messages.createdAfter(
        deviceOf(request),
        request.params.id,
        after ?? 0,
        pageSize(limit),
      );
      return { messages: page.messages.map(presentMessage), has_more: page.hasMore };
    },
  );

  server.get(
    '/conversations/:id/sync',
    {
      ...device,
      schema: {
        tags,
        summary: 'Messages after a sequence: nothing is missed and nothing told twice',
        params,
        querystring: SyncQuery,
        response: { 200: SyncAnswer },
      },
    },
    async (request) => {
      const { after_sequence: after = 0, limit } = request.query;
      const page = await messages.since(deviceOf(request), request.params.id, after, pageSize(limit));
      return {
        messages: page.messages.map(presentMessage),
        last_sequence: page.messages.at(-1)?.sequence ?? after,
        has_more: page.hasMore,
      };
    },
  );

  server.post(
    '/conversations/:id/messages/status',
    {
      ...device,
      schema: {
        tags,
        summary: 'Move the status of one message upwards',
        description: 'Answers the status that the message has now; a move backwards changes nothing.',
        params,
        body: StatusBody,
        response: { 200: StatusChangeShape },
      },
    },
    async (request) => {
      const caller = deviceOf(request);
      const { message_id: id, status } = request.body;
      const [change] = await messages.setStatus(caller, request.params.id, [id], status);
      return presentStatusChange(change ?? currentStatus(await messages.get(caller, request.params.id, id)));
    },
  );

  server.post(
    '/conversations/:id/messages/delivered',
    {
      ...device,
      schema: {
        tags,
        summary: 'Messages have reached the device',
        params,
        body: DeliveredBody,
        response: { 200: StatusChanges },
      },
    },
    async (request) => {
      const { message_ids: ids } = request.body;
      const changes = await messages.setStatus(deviceOf(request), request.params.id, ids, 'DELIVERED');
      return { updates: changes.map(presentStatusChange) };
    },
  );

  server.post(
    '/conversations/:id/messages/read',
    {
      ...device,
      preValidation: async (request) => {
        request.body ??= {};
      },
      schema: {
        tags,
        summary: "The team's messages were read, up to one or all",
        params,
        body: ReadBody,
        response: { 200: StatusChanges },
      },
    },
    async (request) => {
      const upTo = request.body.up_to_message_id ?? null;
      const changes = await messages.markRead(deviceOf(request), request.params.id, upTo);
      return { updates: changes.map(presentStatusChange) };
    },
  );
}

const pageSize = (wish = DEFAULT_PAGE): number => Math.min(Math.max(wish, 1), LARGEST_PAGE);

/** For a move that changed nothing: what the message's status is, and since when. */
const currentStatus = (message: Message): StatusChange => ({
  messageId: message.id,
  localId: message.localId,
  conversationId: message.conversationId,
  status: message.status,
  updatedAt: message.readAt ?? message.deliveredAt ?? message.createdAt,
});
