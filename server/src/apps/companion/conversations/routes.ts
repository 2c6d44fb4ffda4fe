import { Type } from 'typebox';
import type { TextGenerator } from '../../../platform/ai/text-generator.js';
import { errors } from '../../../platform/http/errors.js';
import type { HttpServer } from '../../../platform/http/server.js';
import { withoutAppId } from '../../../platform/http/shared-paths.js';
import { callerOf } from '../../../platform/identity/caller.js';
import { ok, type RouteHooks } from '../route-hooks.js';
import type { CompanionSearch, ConversationEvents, SummaryService } from '../services.js';
import type { ConversationStatus } from '../tables.js';
import { instantOrNull, saidOrNull } from '../wire/instants.js';
import { integerOr, listIn, queryText, yesOr } from '../wire/query.js';
import type { Pictures } from './pictures.js';
import { presentConversation, presentPhoto } from './presenter.js';
import { AssignBody, ConversationShape, EventsBody, SearchBody } from './schemas.js';
import type { Conversations } from './service.js';
import { tryPrompt } from './tried-prompt.js';

const STATUSES: readonly ConversationStatus[] = ['in_progress', 'processing', 'completed', 'failed'];
const VISIBILITIES = ['private', 'shared', 'public'] as const;
const MAX_PAGE = 500;
/** So many matches of a search are paged through; who needs more asks more clearly. */
const MAX_MATCHES = 1_000;

export interface ConversationRooms {
  readonly conversations: Conversations;
  readonly pictures: Pictures;
  readonly summaries: Pick<SummaryService, 'again'>;
  readonly search: CompanionSearch;
  readonly events: ConversationEvents;
  /** Waits a moment for the words of what was said last; false when they are still to come. */
  wordsStored(userId: string): Promise<boolean>;
  readonly text: TextGenerator;
}

/** Conversations as the mobile app reads and changes them: contract §5.1. */
export function conversationRoutes(server: HttpServer, rooms: ConversationRooms, hooks: RouteHooks): void {
  const { conversations, pictures, summaries, search, events, text } = rooms;
  const byId = { params: Type.Object({ id: Type.String() }) };
  const whole = async (conversation: Parameters<typeof presentConversation>[0]) =>
    presentConversation(conversation, await pictures.of(conversation.photos));
  /** `/v1/conversations` belongs to the support app's clients too; theirs carry `X-App-Id`. */
  const route = { ...hooks.authenticated, ...withoutAppId };

  server.get(
    '/v1/conversations',
    {
      ...route,
      schema: {
        tags: ['companion'],
        summary: "The user's conversations, newest first",
        querystring: Type.Object({
          limit: queryText,
          offset: queryText,
          statuses: queryText,
          include_discarded: queryText,
          categories: queryText,
          start_date: queryText,
          end_date: queryText,
        }),
        response: { 200: Type.Array(ConversationShape) },
      },
    },
    async (request) => {
      const { query } = request;
      const asked = listIn(query.statuses);
      const statuses = STATUSES.filter((status) => asked.includes(status));
      const categories = listIn(query.categories);
      const list = await conversations.list(
        callerOf(request).userId,
        {
          statuses: asked.length === 0 ? ['processing', 'completed'] : statuses,
          includeDiscarded: yesOr(query.include_discarded, false),
          categories: categories.length > 0 ? categories : undefined,
          from: instantOrNull(query.start_date, 'start_date'),
          to: instantOrNull(query.end_date, 'end_date'),
        },
        {
          limit: integerOr(query.limit, 50, { min: 1, max: MAX_PAGE }),
          offset: integerOr(query.offset, 0, { min: 0, max: 1_000_000 }),
        },
      );
      return list.map((conversation) => presentConversation(conversation));
    },
  );

  server.get(
    '/v1/conversations/:id',
    {
      ...route,
      schema: {
        tags: ['companion'],
        summary: 'One conversation with its transcript',
        ...byId,
        response: { 200: ConversationShape },
      },
    },
    async (request) => whole(await conversations.get(callerOf(request).userId, request.params.id)),
  );

  server.post(
    '/v1/conversations',
    {
      ...route,
      schema: { tags: ['companion'], summary: 'Ends the conversation in progress and keeps it' },
    },
    async (request) => {
      const { userId } = callerOf(request);
      // Who says something and presses the button means that as well.
      const areStored = await rooms.wordsStored(userId);
      const live = await conversations.live(userId);
      const closed =
        live && (await conversations.close(userId, live.id, { keep: true, mayBeEmpty: !areStored }));
      if (!closed) throw errors.notFound('There is no conversation in progress.');
      await events.processingStarted(userId, closed.id);
      const conversation = await whole(await conversations.get(userId, closed.id));
      // The app reads `memory`, the original server says `conversation`: both, the same object.
      return { memory: conversation, conversation, messages: [] };
    },
  );

  server.delete(
    '/v1/conversations/:id',
    { ...route, schema: { tags: ['companion'], summary: 'Removes a conversation', ...byId } },
    async (request, reply) => {
      await conversations.remove(callerOf(request).userId, request.params.id);
      return reply.code(204).send();
    },
  );

  server.post(
    '/v1/conversations/search',
    {
      ...route,
      schema: { tags: ['companion'], summary: 'Finds conversations by their words', body: SearchBody },
    },
    async (request) => {
      const { userId } = callerOf(request);
      const { body } = request;
      const perPage = Math.min(100, Math.max(1, body.per_page ?? 10));
      const page = Math.max(1, body.page ?? 1);
      const matches = await search.find(userId, body.query, {
        kinds: ['conversation'],
        limit: MAX_MATCHES,
        order: 'newest',
      });
      const wanted = await conversations.wanted(
        userId,
        matches.map(({ id }) => id),
        {
          includeDiscarded: body.include_discarded === true,
          from: instantOrNull(body.start_date, 'start_date'),
          to: instantOrNull(body.end_date, 'end_date'),
        },
      );
      const items = await conversations.byIds(userId, wanted.slice((page - 1) * perPage, page * perPage));
      return {
        items: items.map((conversation) => presentConversation(conversation)),
        total_pages: Math.ceil(wanted.length / perPage),
        current_page: page,
        per_page: perPage,
      };
    },
  );

  server.post(
    '/v1/conversations/:id/reprocess',
    {
      ...route,
      schema: {
        tags: ['companion'],
        summary: 'Makes the summary again',
        ...byId,
        querystring: Type.Object({ app_id: queryText, language_code: queryText }),
      },
    },
    async (request) =>
      whole(
        await summaries.again(
          callerOf(request).userId,
          request.params.id,
          saidOrNull(request.query.language_code),
        ),
      ),
  );

  server.patch(
    '/v1/conversations/:id/title',
    {
      ...route,
      schema: {
        tags: ['companion'],
        summary: 'Renames a conversation',
        ...byId,
        querystring: Type.Object({ title: Type.Optional(Type.String({ maxLength: 500 })) }),
      },
    },
    async (request) => {
      const title = request.query.title?.trim() ?? '';
      await conversations.change(callerOf(request).userId, request.params.id, { title });
      return ok;
    },
  );

  server.patch(
    '/v1/conversations/:id/events',
    {
      ...route,
      schema: {
        tags: ['companion'],
        summary: 'Notes which events are in the calendar',
        ...byId,
        body: EventsBody,
      },
    },
    async (request) => {
      const { events_idx, values } = request.body;
      await conversations.markEvents(callerOf(request).userId, request.params.id, events_idx, values);
      return ok;
    },
  );

  server.patch(
    '/v1/conversations/:id/segments/assign-bulk',
    {
      ...route,
      schema: { tags: ['companion'], summary: 'Says who spoke', ...byId, body: AssignBody },
    },
    async (request) => {
      const { segment_ids, assign_type, value } = request.body;
      const who = speakerIn(assign_type, value ?? null);
      const changed = await conversations.assign(
        callerOf(request).userId,
        request.params.id,
        segment_ids,
        who,
      );
      return whole(changed);
    },
  );

  // Older builds name one segment by its place, or a whole speaker by his number.
  const one = Type.Object({ id: Type.String(), place: Type.String() });
  const assignQuery = Type.Object({
    assign_type: queryText,
    value: queryText,
    use_for_speech_training: queryText,
  });
  for (const kind of ['segment', 'speaker'] as const) {
    server.patch(
      kind === 'segment'
        ? '/v1/conversations/:id/segments/:place/assign'
        : '/v1/conversations/:id/assign-speaker/:place',
      {
        ...route,
        schema: { tags: ['companion'], summary: 'Says who spoke', params: one, querystring: assignQuery },
      },
      async (request) => {
        const { userId } = callerOf(request);
        const { id, place } = request.params;
        const { segments } = await conversations.get(userId, id);
        const meant =
          kind === 'segment'
            ? segments.slice(Number(place)).slice(0, 1)
            : segments.filter(({ speaker }) => Number(speaker.split('_')[1]) === Number(place));
        const who = speakerIn(request.query.assign_type ?? '', request.query.value ?? null);
        const changed = await conversations.assign(
          userId,
          id,
          meant.map((segment) => segment.id),
          who,
        );
        return whole(changed);
      },
    );
  }

  server.patch(
    '/v1/conversations/:id/visibility',
    {
      ...route,
      schema: {
        tags: ['companion'],
        summary: 'Says who may read a conversation',
        ...byId,
        querystring: Type.Object({ value: queryText, visibility: queryText }),
      },
    },
    async (request) => {
      const said = request.query.value ?? request.query.visibility;
      const visibility = VISIBILITIES.find((value) => value === said);
      if (!visibility) throw errors.badRequest(`value must be one of ${VISIBILITIES.join(', ')}`);
      await conversations.change(callerOf(request).userId, request.params.id, { visibility });
      return ok;
    },
  );

  server.get(
    '/v1/conversations/:id/shared',
    { ...withoutAppId, schema: { tags: ['companion'], summary: 'A conversation that is shared', ...byId } },
    async (request) => whole(await conversations.shared(request.params.id)),
  );

  server.get(
    '/v1/conversations/:id/photos',
    { ...route, schema: { tags: ['companion'], summary: "A conversation's photos", ...byId } },
    async (request) => {
      const photos = await conversations.photos(callerOf(request).userId, request.params.id);
      const taken = await pictures.of(photos);
      return photos.map((photo) => presentPhoto(photo, taken.get(photo.id)));
    },
  );

  server.post(
    '/v1/conversations/:id/test-prompt',
    {
      ...route,
      schema: {
        tags: ['companion'],
        summary: 'Tries a prompt on a conversation',
        ...byId,
        body: Type.Object({ prompt: Type.String({ maxLength: 20_000 }) }),
      },
    },
    async (request) => {
      const conversation = await conversations.get(callerOf(request).userId, request.params.id);
      return { summary: await tryPrompt(text, conversation, request.body.prompt) };
    },
  );

  // What other engines once heard, recordings, and apps that would summarise: this server keeps none of them.
  const harmless = {
    transcripts: () => ({ deepgram: [], soniox: [], whisperx: [], speechmatics: [] }),
    recording: () => ({ has_recording: false }),
    'suggested-apps': (id: string) => ({ suggested_apps: [], conversation_id: id }),
  } as const;
  for (const [name, answer] of Object.entries(harmless)) {
    server.get(
      `/v1/conversations/:id/${name}`,
      { ...route, schema: { tags: ['companion'], summary: 'Nothing is kept of this here', ...byId } },
      async (request) => {
        await conversations.get(callerOf(request).userId, request.params.id);
        return answer(request.params.id);
      },
    );
  }
}

/** Whom an assignment names; null and the text `null` take the name away. */
function speakerIn(
  type: string,
  value: string | boolean | null,
): { isUser: boolean; personId: string | null } {
  const said = typeof value === 'string' ? saidOrNull(value) : value;
  if (type === 'is_user')
    return { isUser: said === true || said === 'true' || said === 'user', personId: null };
  if (type !== 'person_id') throw errors.badRequest('assign_type must be is_user or person_id');
  return { isUser: false, personId: typeof said === 'string' ? said : null };
}
