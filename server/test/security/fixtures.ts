import { form, type Household } from './household.js';
import type { Answer, Call } from './route-table.js';

/** How a route that names things is called, so that it does something for their owner. */
export interface Fixture extends Call {
  /** What somebody else hears where the contract wants neither 401, 403 nor 404, and nothing happens all the same. */
  readonly strangerHears?: (answer: Answer) => boolean;
  /** The owner's status where it is none of success, because what is asked for is not there on this server. */
  readonly ownerHears?: number;
}

/**
 * By `<door> <method> <pattern>`, with a remark in brackets where a route can be asked for things in several ways. A
 * stranger makes the same call, except that what `own` names is of the stranger's: their own thing, bound to one of
 * somebody else.
 *
 * Owners make the calls in this order, but readings before and removals after everything else.
 *
 * @param mark stands in every text that is sent
 */
export function fixturesFor(
  theirs: Household,
  own: Household,
  mark: string,
): Readonly<Record<string, Fixture>> {
  const { ids } = theirs;
  const mine = own.ids;
  const by = (id: string): Call => ({ params: { id } });
  /** Fringe routes of the companion: there is nothing behind them, whoever asks. */
  const nothing: Fixture = { params: { id: ids.conversation }, strangerHears: isEmpty };
  const notHere: Fixture = { params: { id: ids.conversation }, ownerHears: 404 };
  const mutation = (type: string, op: string, id: string | null, fields?: object) => ({
    deviceId: `${mark}-device`,
    mutations: [
      {
        mutationId: `${mark}-${type}-${op}`,
        type,
        op,
        ...(id === null ? { localId: `${mark}-new` } : { id, baseVersion: 0 }),
        ...(fields ? { fields } : {}),
      },
    ],
  });
  const isRejected = ({ text }: Answer) => /"status":"rejected"/.test(text) && !/"applied"/.test(text);
  const tool = (name: string, given: object): Fixture => ({
    headers: { accept: 'application/json, text/event-stream' },
    body: { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: given } },
    strangerHears: ({ text }) => /"isError":true/.test(text),
  });

  const fixtures: Record<string, Fixture> = {
    // Accounts.
    'account POST /api/auth/revoke-session': {
      body: { id: ids.otherSession },
      strangerHears: ({ text }) => text === '{"status":false}',
    },
    'account POST /api/auth/change-password': {
      body: { currentPassword: `${mark}-wrong`, newPassword: `${mark}-another-password` },
      ownerHears: 400,
      strangerHears: ({ status }) => status === 400,
    },
    // The sign-in that is the account itself.
    'account DELETE /api/account/identities/:id': { ...by(ids.identity), ownerHears: 409 },
    'account POST /api/operator/jobs/:id/retry': { ...by(ids.generation), ownerHears: 403 },
    'account GET /v1/users/:userId': { params: { userId: ids.user } },

    // Speech.
    'account GET /tts/status/:contentHash': {
      params: { contentHash: ids.speechHash },
      strangerHears: ({ text }) => JSON.parse(text).status === 'not_found',
    },
    'account GET /tts/:contentHash/status': {
      params: { contentHash: ids.speechHash },
      strangerHears: ({ text }) => JSON.parse(text).status === 'not_found',
    },
    'account GET /files/:fileId': { params: { fileId: ids.speechFile } },
    'account GET /playback/state/:documentId': {
      params: { documentId: ids.document },
      strangerHears: ({ text }) => text === 'null',
    },
    // Documents are named by their readers: everybody has a "chapter 1" of their own, and forgetting none is no failure.
    'account DELETE /playback/state/:documentId': {
      params: { documentId: ids.document },
      strangerHears: isDone,
    },
    'account DELETE /tts/delete/:fileId': { params: { fileId: ids.speechFile } },
    'account DELETE /tts/:fileId': { params: { fileId: ids.speechFile } },

    // Stories.
    'account GET /api/heroes/:id': by(ids.hero),
    'account PATCH /api/heroes/:id': { ...by(ids.hero), body: { name: `${mark} renamed` } },
    'account GET /api/heroes/:id/visual-profile': by(ids.hero),
    'account POST /api/heroes/:id/visual-profile': {
      ...by(ids.hero),
      body: { hairStyle: 'stolen' },
      ownerHears: 409,
    },
    'account PATCH /api/heroes/:id/visual-profile': {
      ...by(ids.hero),
      body: { hairStyle: `${mark} braids` },
    },
    'account POST /api/heroes/:id/avatar': { ...by(ids.hero), body: {} },
    'account POST /api/heroes/:id/visual-profile/extract': { ...by(ids.hero), body: {} },
    'account POST /api/custom-events/:id/enhance': { ...by(ids.customEvent), body: {} },
    'account GET /api/stories': { query: { heroId: ids.hero }, strangerHears: isEmpty },
    'account POST /api/stories': {
      body: { heroId: ids.hero, title: `${mark} told`, content: `${mark} slept.`, language: 'English' },
    },
    'account POST /api/stories (an event of somebody else)': {
      body: {
        heroId: mine.hero,
        customEventId: ids.customEvent,
        title: 'stolen',
        content: 'Somebody slept.',
        language: 'English',
      },
      ownerHears: 403,
    },
    'account GET /api/stories/:id': by(ids.story),
    'account PATCH /api/stories/:id': { ...by(ids.story), body: { title: `${mark} retold` } },
    'account GET /api/stories/:id/illustrations': by(ids.story),
    'account GET /api/stories/:id/illustrations/status': by(ids.story),
    'account POST /api/stories/:id/illustrations': { ...by(ids.story), body: { maxIllustrations: 1 } },
    'account POST /api/stories/:id/audio': { ...by(ids.story), body: {} },
    'account GET /api/stories/:id/audio': by(ids.story),
    'account POST /api/stories/:id/play': by(ids.story),
    'account POST /api/analytics/sessions': { body: { storyId: ids.story, completed: true, duration: 60 } },
    'account GET /api/analytics/sessions': { query: { storyId: ids.story } },
    'account GET /api/generations/:id': by(ids.generation),
    'account GET /api/custom-events/:id': by(ids.customEvent),
    'account PATCH /api/custom-events/:id': { ...by(ids.customEvent), body: { title: `${mark} changed` } },
    'account POST /api/files/confirm': { body: { storageKey: ids.storageKey, heroId: ids.hero } },
    'account POST /api/files/confirm (a file for somebody else’s hero)': {
      body: { storageKey: mine.looseFile, heroId: ids.hero },
      ownerHears: 403,
    },
    'account POST /api/files/confirm (somebody else’s file)': {
      body: { storageKey: ids.looseFile, heroId: mine.hero },
      ownerHears: 403,
    },
    'account POST /api/sync/push (a hero)': {
      body: mutation('hero', 'update', ids.hero, { name: `${mark} pushed` }),
      strangerHears: isRejected,
    },
    'account POST /api/sync/push (a story)': {
      body: mutation('story', 'delete', ids.story),
      strangerHears: isRejected,
      ownerHears: 200,
    },
    'account POST /api/sync/push (an illustration)': {
      body: mutation('illustration', 'delete', ids.illustration),
      strangerHears: isRejected,
    },
    'account POST /api/sync/push (an event)': {
      body: mutation('customEvent', 'update', ids.customEvent, { title: 'x' }),
      strangerHears: isRejected,
    },
    'account POST /api/sync/push (a story with somebody else’s hero)': {
      body: mutation('story', 'create', null, {
        heroId: ids.hero,
        title: 'stolen',
        content: 'Words.',
        language: 'en',
      }),
      strangerHears: isRejected,
    },
    'account DELETE /api/stories/:id': by(ids.story),
    'account DELETE /api/custom-events/:id': by(ids.customEvent),
    'account DELETE /api/heroes/:id/visual-profile': by(ids.hero),
    'account DELETE /api/heroes/:id': by(ids.hero),

    // The voice app.
    'account DELETE /api/voice/keys/:id': by(ids.voiceKey),
    'history GET /api/sessions/:id/messages': by(ids.talk),
    'history POST /api/sessions/:id/end': by(ids.talk),
    'history DELETE /api/sessions/:id': by(ids.talk),

    // The companion.
    'account GET /v1/conversations/:id': by(ids.conversation),
    'account GET /v1/conversations/:id/photos': by(ids.conversation),
    'account GET /v1/conversations/:id/transcripts': by(ids.conversation),
    'account GET /v1/conversations/:id/recording': by(ids.conversation),
    'account GET /v1/conversations/:id/suggested-apps': by(ids.conversation),
    'account GET /v1/conversations/:id/shared': { ...by(ids.conversation), ownerHears: 404 },
    'account POST /v1/conversations/:id/test-prompt': {
      ...by(ids.conversation),
      body: { prompt: `${mark}?` },
    },
    'account PATCH /v1/conversations/:id/title': {
      ...by(ids.conversation),
      query: { title: `${mark} title` },
    },
    'account PATCH /v1/conversations/:id/events': {
      ...by(ids.conversation),
      body: { events_idx: [], values: [] },
    },
    'account PATCH /v1/conversations/:id/segments/assign-bulk': {
      ...by(ids.conversation),
      body: { segment_ids: [ids.segment], assign_type: 'person_id', value: ids.person },
    },
    'account PATCH /v1/conversations/:id/segments/assign-bulk (somebody else’s person)': {
      ...by(mine.conversation),
      body: { segment_ids: [mine.segment], assign_type: 'person_id', value: ids.person },
      ownerHears: 404,
    },
    'account PATCH /v1/conversations/:id/segments/:place/assign': {
      params: { id: ids.conversation, place: '0' },
      query: { assign_type: 'is_user', value: 'true' },
    },
    'account PATCH /v1/conversations/:id/assign-speaker/:place': {
      params: { id: ids.conversation, place: '0' },
      query: { assign_type: 'person_id', value: ids.person },
    },
    'account PATCH /v1/conversations/:id/visibility': {
      ...by(ids.conversation),
      query: { value: 'private' },
    },
    'account GET /v1/action-items': { query: { conversation_id: ids.conversation }, strangerHears: isEmpty },
    'account POST /v1/action-items': {
      body: { description: `${mark} more`, conversation_id: ids.conversation },
    },
    'account POST /v1/action-items/batch': {
      body: [{ description: `${mark} more`, conversation_id: ids.conversation }],
    },
    'account GET /v1/action-items/:id': by(ids.actionItem),
    'account PATCH /v1/action-items/:id': { ...by(ids.actionItem), body: { description: `${mark} changed` } },
    'account PATCH /v1/action-items/:id/completed': { ...by(ids.actionItem), query: { completed: 'true' } },
    'account GET /v1/conversations/:id/action-items': by(ids.conversation),
    'account PATCH /v1/conversations/:id/action-items': {
      ...by(ids.conversation),
      body: { items_idx: [0], values: [true] },
    },
    'account PATCH /v1/conversations/:id/action-items/:place': {
      params: { id: ids.conversation, place: '0' },
      body: { old_description: `${mark} bound`, description: `${mark} renamed` },
    },
    // Makes the to-dos anew.
    'account POST /v1/conversations/:id/reprocess': by(ids.conversation),
    'account PATCH /v3/memories/:id': { ...by(ids.memory), query: { value: `${mark} rewritten` } },
    'account POST /v3/memories/:id/review': { ...by(ids.memory), query: { value: 'true' } },
    'account PATCH /v3/memories/:id/visibility': { ...by(ids.memory), query: { value: 'private' } },
    'account GET /v1/users/people/:id': by(ids.person),
    'account PATCH /v1/users/people/:id/name': { ...by(ids.person), query: { value: `${mark} renamed` } },
    // Files of others are as files that are gone.
    'account POST /v2/messages': {
      strangerHears: ({ text }) => text.includes('done: ') && !text.includes(ids.chatFile),
      body: { text: `${mark}, what is this?`, file_ids: [ids.chatFile] },
    },
    'account POST /v2/messages/:id/report': by(ids.message),
    'account POST /v1/users/analytics/chat_message': { query: { message_id: ids.message, value: '1' } },
    'account GET /v1/transcriptions/:id': by(ids.transcription),
    'account GET /v1/apps/:id': notHere,
    'account GET /v1/apps/:id/subscription': notHere,
    'account GET /v1/apps/:id/reviews': nothing,
    'account GET /v1/apps/:id/keys': nothing,
    'account GET /v1/joan/:id/followup-question': nothing,
    'account PATCH /v1/apps/:id': notHere,
    'account DELETE /v1/apps/:id': notHere,
    'account POST /v1/apps/:id/reviews': notHere,
    'account PATCH /v1/apps/:id/reviews': notHere,
    'account POST /v1/apps/:id/keys': notHere,
    'account PATCH /v1/apps/:id/change-visibility': notHere,
    'mcp GET /v1/mcp/conversations/:id': by(ids.conversation),
    'mcp PATCH /v1/mcp/memories/:id': { ...by(ids.memory), query: { value: `${mark} rewritten` } },
    'mcp POST /v1/mcp (get_conversation)': tool('get_conversation', { id: ids.conversation }),
    'mcp POST /v1/mcp (edit_memory)': tool('edit_memory', { id: ids.memory, content: `${mark} again` }),
    'dev GET /v1/dev/user/conversations/:id': by(ids.conversation),
    'dev PATCH /v1/dev/user/memories/:id': { ...by(ids.memory), query: { value: `${mark} rewritten` } },
    'dev DELETE /v1/dev/user/memories/:id': { ...by(ids.memory), ownerHears: 404 },
    'mcp DELETE /v1/mcp/memories/:id': { ...by(ids.memory), ownerHears: 404 },
    'mcp POST /v1/mcp (delete_memory)': tool('delete_memory', { id: ids.memory }),
    'account DELETE /v3/memories/:id': { ...by(ids.memory), ownerHears: 404 },
    'account DELETE /v1/action-items/:id': by(ids.actionItem),
    'account DELETE /v1/conversations/:id/action-items': by(ids.conversation),
    'account DELETE /v1/users/people/:id': by(ids.person),
    'account DELETE /v1/conversations/:id': by(ids.conversation),
    'account DELETE /v1/mcp/keys/:id': by(ids.mcpKey),
    'account DELETE /v1/dev/keys/:id': by(ids.devKey),

    // Support: its customers.
    'device POST /v1/conversations/:id/messages': {
      ...by(ids.ticket),
      body: { local_id: '0193b3c4-0000-7000-8000-000000000001', body: `${mark} again` },
    },
    'device GET /v1/conversations/:id/messages': by(ids.ticket),
    'device GET /v1/conversations/:id/sync': by(ids.ticket),
    'device POST /v1/conversations/:id/messages/status': {
      ...by(ids.ticket),
      body: { message_id: ids.ticketMessage, status: 'DELIVERED' },
    },
    'device POST /v1/conversations/:id/messages/status (somebody else’s message)': {
      ...by(mine.ticket),
      body: { message_id: ids.ticketMessage, status: 'READ' },
      ownerHears: 404,
    },
    'device POST /v1/conversations/:id/messages/delivered': {
      ...by(ids.ticket),
      body: { message_ids: [ids.ticketMessage] },
    },
    'device POST /v1/conversations/:id/messages/delivered (somebody else’s message)': {
      ...by(mine.ticket),
      body: { message_ids: [ids.ticketMessage] },
      strangerHears: ({ text }) => text === '{"updates":[]}',
      ownerHears: 404,
    },
    'device POST /v1/conversations/:id/messages/read': {
      ...by(ids.ticket),
      body: { up_to_message_id: ids.ticketMessage },
    },

    // Support: its team.
    'operator GET /admin/api/conversations/:id': by(ids.ticket),
    'operator GET /admin/api/conversations/:id/messages': by(ids.ticket),
    'operator POST /admin/api/conversations/:id/messages': {
      ...by(ids.ticket),
      body: { body: `${mark} answer` },
    },
    'operator POST /admin/api/conversations/:id/read': {
      ...by(ids.ticket),
      body: { up_to_message_id: ids.ticketMessage },
    },
    'operator PATCH /admin/api/conversations/:id': {
      ...by(ids.ticket),
      body: { assignee_id: ids.colleague },
    },
    'operator PATCH /admin/api/conversations/:id (assigned to somebody else’s colleague)': {
      ...by(mine.ticket),
      body: { assignee_id: ids.colleague },
      strangerHears: ({ status }) => status === 400,
      ownerHears: 404,
    },
    'operator GET /admin/api/conversations': {
      query: { assignee_id: ids.colleague },
      strangerHears: isEmpty,
    },
    'operator GET /admin/api/users/:userKey': { params: { userKey: `user:${ids.customer}` } },
    'operator GET /admin/analytics/users/:userId/events': {
      params: { userId: ids.customer },
      strangerHears: isEmpty,
    },
    'operator PATCH /admin/settings/team/:id': { ...by(ids.colleague), body: { role: 'ADMIN' } },
    'operator POST /admin/settings/api-keys/:id/regenerate': { ...by(ids.appKey), body: {} },
    'operator PUT /admin/settings/canned-replies/:id': {
      ...by(ids.cannedReply),
      body: { body: `${mark} changed` },
    },
    'operator PUT /admin/webhooks/:id': { ...by(ids.webhook), body: { isActive: true } },
    'operator POST /admin/webhooks/:id/test': by(ids.webhook),
    'operator GET /admin/webhooks/:id/deliveries': by(ids.webhook),
    'operator POST /admin/webhooks/:id/deliveries/:deliveryId/retry': {
      params: { id: ids.webhook, deliveryId: ids.delivery },
    },
    'operator POST /admin/webhooks/:id/deliveries/:deliveryId/retry (somebody else’s delivery)': {
      params: { id: mine.webhook, deliveryId: ids.delivery },
      ownerHears: 404,
    },
    'operator DELETE /admin/settings/team/invitations/:id': by(ids.invitation),
    'operator DELETE /admin/settings/team/:id': by(ids.colleague),
    'operator DELETE /admin/settings/canned-replies/:id': by(ids.cannedReply),
    'operator DELETE /admin/webhooks/:id': by(ids.webhook),
    'operator DELETE /admin/settings/api-keys/:id': by(ids.appKey),
  };
  return fixtures;
}

/** Nothing of anybody: the marks of the owner are looked for in every answer anyway. */
function isEmpty({ status }: Answer): boolean {
  return status === 200;
}

function isDone({ status }: Answer): boolean {
  return status === 200;
}

/**
 * Bodies of routes that take files, by their names, with a mark in the name and in the words of the file. Real recordings
 * have been sent before: hearing them takes its time.
 */
export function fileBodies(mark: string): Readonly<Record<string, () => FormData>> {
  const named = (field: string, name: string) => () => form(field, name, Buffer.from(`${mark} words`));
  return {
    'account POST /v2/files': named('files', `${mark}-file.txt`),
    'account POST /v2/voice-messages': named('files', `${mark}-spoken.wav`),
    'account POST /v1/transcriptions': named('file', `${mark}-memo.wav`),
    'account POST /v2/voice-message/transcribe': named('files', `${mark}-memo.wav`),
    'account POST /v3/upload-audio': named('file', `${mark}-voice.wav`),
    'account POST /v1/sync-local-files': named('files', `${mark}_1700000000.bin`),
  };
}

/** Members that look like ids and name no thing that belongs to somebody, each with the reason. */
export const notIds: Readonly<Record<string, string>> = {
  device_id: 'a label that an installation has for itself; every app has its own',
  deviceId: 'the same, of the stories’ devices',
  local_id: 'a label that the sender has for a message, known within a conversation',
  localId: 'a label that a device has for what it makes, known within its user’s things',
  mutationId: 'the same for mutations',
  app_id: 'in the companion a label without an object',
  user_id: 'a customer’s name within an app',
  userId: 'a customer’s name within an app, except in /v1/users/:userId, which has a fixture',
  session_id: 'a label of analytics events',
  sessionId: 'a label within a device’s own conversations, or of analytics events',
  document_id: 'a label that readers have for their documents, known within a user’s states',
  generationId: 'what an upstream calls a picture; stored as it comes',
  avatarGenerationId: 'the same',
  previousGenerationId: 'the same; passed to the engine',
  google_place_id: 'what Google calls a place',
  googlePlaceId: 'the same',
  call_id: 'a label within one request',
  previous_response_id: 'responses are not kept, so there is none to refer to',
  person_id: 'in /v3/speech-profile/expand: there is nothing behind it',
  memory_id: 'the same',
  id: 'in bodies: a customer’s name within an app, or a label; ids in paths have fixtures',
  timestamp: 'an instant',
  type: 'a kind of webhook',
  platform: 'a kind of app',
  model: 'a model’s name',
  taskId: 'a step of the checklist that every team has',
  kind: 'a kind of file',
  mimeType: 'a kind of file',
  '*': 'a path of the documentation',
};

/** Members that name things. */
export const looksLikeId = (name: string): boolean =>
  /(^|_)ids?$|[a-z]Ids?$|[a-z]Key$|^contentHash$/.test(name);
