/**
 * The mobile app's parsers, as strict as Dart is (contract §1.4, §1.5, §6): one value that they do not take empties a whole
 * screen. Every answer and every socket message of the tests goes through them.
 */

/** A number as it was written, since Dart tells `37` from `37.0`. */
interface Written {
  readonly written: string;
}

/** Takes a value as the app's parser does. @throws Error that names the place */
type Parser = (value: unknown, place: string) => void;

const refuse = (place: string, wanted: string, value: unknown): never => {
  throw new Error(
    `${place} must be ${wanted}, not ${value === undefined ? 'missing' : JSON.stringify(value)}`,
  );
};

const isWritten = (value: unknown): value is Written =>
  typeof value === 'object' && value !== null && 'written' in value && Object.keys(value).length === 1;

const text: Parser = (value, place) => {
  if (typeof value !== 'string') refuse(place, 'a text', value);
};
const filled: Parser = (value, place) => {
  if (typeof value !== 'string' || value === '') refuse(place, 'a text that is not empty', value);
};
const flag: Parser = (value, place) => {
  if (typeof value !== 'boolean') refuse(place, 'true or false', value);
};
const number: Parser = (value, place) => {
  if (!isWritten(value)) refuse(place, 'a number', value);
};
const integer: Parser = (value, place) => {
  if (!isWritten(value) || !/^-?\d+$/.test(value.written)) refuse(place, 'a whole number', value);
};
const double: Parser = (value, place) => {
  if (!isWritten(value) || !/[.eE]/.test(value.written))
    refuse(place, 'a number with a decimal point', value);
};
/** Dart reads six digits of a second; without a zone the phone would take its own. */
const DATE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})$/;
const date: Parser = (value, place) => {
  if (typeof value !== 'string' || !DATE.test(value) || Number.isNaN(Date.parse(value))) {
    refuse(place, 'a date with a zone', value);
  }
};
const speaker: Parser = (value, place) => {
  if (typeof value !== 'string' || !/^[A-Z]+_\d+$/.test(value)) refuse(place, 'SPEAKER_<digits>', value);
};
const anything: Parser = () => {};

const orNull =
  (inner: Parser): Parser =>
  (value, place) => {
    if (value !== null) inner(value, place);
  };
/** May be missing. */
const maybe =
  (inner: Parser): Parser =>
  (value, place) => {
    if (value !== undefined && value !== null) inner(value, place);
  };
const oneOf =
  (...known: readonly (string | null)[]): Parser =>
  (value, place) => {
    if (!known.includes(value as string)) refuse(place, `one of ${known.join(', ')}`, value);
  };
const listOf =
  (inner: Parser): Parser =>
  (value, place) => {
    if (!Array.isArray(value)) return refuse(place, 'a list', value);
    for (const [index, element] of value.entries()) inner(element, `${place}[${index}]`);
  };
const shape =
  (members: Readonly<Record<string, Parser>>): Parser =>
  (value, place) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || isWritten(value)) {
      return refuse(place, 'an object', value);
    }
    for (const [name, parser] of Object.entries(members)) {
      parser((value as Record<string, unknown>)[name], `${place}.${name}`);
    }
  };
const both =
  (...parsers: readonly Parser[]): Parser =>
  (value, place) => {
    for (const parser of parsers) parser(value, place);
  };

/** Contract §6.2. */
export const segment = both(
  shape({
    id: filled,
    text,
    speaker,
    speaker_id: integer,
    is_user: flag,
    person_id: orNull(filled),
    start: number,
    end: number,
    translations: listOf(shape({ lang: text, text })),
    speech_profile_processed: flag,
    source: orNull(text),
    asr_provider: orNull(text),
  }),
  (value, place) => {
    const { is_user, person_id } = value as { is_user: boolean; person_id: string | null };
    if (is_user && person_id !== null) refuse(place, 'the user or a person, not both', value);
  },
);

const geolocation = shape({
  latitude: double,
  longitude: double,
  altitude: orNull(double),
  accuracy: orNull(double),
  time: orNull(text),
  google_place_id: orNull(text),
  address: orNull(text),
  location_type: orNull(text),
});

const photo = shape({
  id: filled,
  base64: maybe(text),
  description: orNull(text),
  created_at: date,
  discarded: flag,
});

/** Contract §6.1. */
export const conversation = shape({
  id: filled,
  created_at: date,
  started_at: orNull(date),
  finished_at: orNull(date),
  structured: shape({
    title: text,
    overview: text,
    emoji: text,
    category: filled,
    action_items: listOf(
      shape({
        description: text,
        completed: flag,
        created_at: orNull(date),
        updated_at: orNull(date),
        due_at: orNull(date),
        completed_at: orNull(date),
        conversation_id: orNull(filled),
        deleted: flag,
      }),
    ),
    events: listOf(shape({ title: text, start: date, duration: integer, description: text, created: flag })),
  }),
  transcript_segments: listOf(segment),
  geolocation: orNull(geolocation),
  photos: listOf(photo),
  apps_results: listOf(shape({ app_id: orNull(text), content: text })),
  suggested_summarization_apps: listOf(text),
  source: oneOf('friend', 'omi', 'workflow', 'openglass', 'screenpipe', 'sdcard', 'external_integration'),
  language: orNull(text),
  external_data: orNull(shape({})),
  status: oneOf('in_progress', 'processing', 'completed', 'failed'),
  discarded: flag,
  deleted: flag,
  is_locked: flag,
  visibility: oneOf('private', 'shared', 'public'),
});

/** Contract §5.2. */
export const actionItem = shape({
  id: filled,
  description: filled,
  completed: flag,
  created_at: date,
  updated_at: date,
  due_at: orNull(date),
  completed_at: orNull(date),
  conversation_id: orNull(filled),
  is_locked: flag,
});

/** Contract §6.4. */
export const memory = shape({
  id: filled,
  uid: filled,
  content: text,
  category: oneOf('interesting', 'system'),
  created_at: date,
  updated_at: date,
  visibility: oneOf('private', 'public'),
  tags: listOf(text),
  conversation_id: orNull(filled),
  memory_id: orNull(filled),
  reviewed: flag,
  user_review: orNull(flag),
  manually_added: flag,
  edited: flag,
  deleted: flag,
  is_locked: flag,
  scoring: orNull(text),
  app_id: orNull(text),
});

/** Contract §6.3. */
export const person = shape({
  id: filled,
  name: filled,
  created_at: date,
  updated_at: date,
  speech_samples: listOf(text),
});

const chatFile = shape({
  id: filled,
  name: text,
  mime_type: text,
  openai_file_id: text,
  created_at: date,
  thumbnail: maybe(text),
  thumb_name: maybe(text),
});

/** Contract §6.5. */
export const message = shape({
  id: filled,
  created_at: date,
  text,
  sender: oneOf('ai', 'human'),
  type: oneOf('text', 'day_summary'),
  plugin_id: orNull(text),
  app_id: orNull(text),
  from_integration: flag,
  from_external_integration: flag,
  files: listOf(chatFile),
  files_id: listOf(text),
  memories: listOf(shape({ id: filled, created_at: date, structured: shape({ title: text, emoji: text }) })),
  ask_for_nps: oneOf(false as never),
});

/** The human message that begins a voice chat's stream: optional fields are left out, to keep its frame short. */
export const briefMessage = shape({
  id: filled,
  created_at: date,
  text,
  sender: oneOf('human'),
  type: oneOf('text', 'day_summary'),
});

/** Contract §1.6. */
const failure = shape({
  error: filled,
  message: filled,
  detail: filled,
  code: (value, place) => {
    if (typeof value !== 'string' || !/^[A-Z][A-Z0-9_]*$/.test(value)) refuse(place, 'UPPER_SNAKE', value);
  },
});

const status = shape({});
const user = shape({
  id: filled,
  uid: filled,
  email: orNull(text),
  name: orNull(text),
  created_at: date,
  language: orNull(text),
  data_protection_level: oneOf('standard', 'enhanced'),
  migration_status: orNull(shape({ status: text, target_level: text })),
});
const amounts = shape({
  transcription_seconds: integer,
  words_transcribed: integer,
  insights_gained: integer,
  memories_created: integer,
});
const usage: Parser = (value, place) => {
  shape({ history: listOf(both(amounts, shape({ date: filled }))) })(value, place);
  const periods = ['today', 'monthly', 'yearly', 'all_time'].filter((key) => key in (value as object));
  if (periods.length !== 1) refuse(place, 'told under one period', periods);
  amounts((value as Record<string, unknown>)[periods[0] ?? ''], `${place}.${periods[0]}`);
};
const subscription = shape({
  subscription: shape({
    plan: oneOf('basic', 'unlimited'),
    status: oneOf('active', 'inactive'),
    current_period_end: orNull(integer),
    stripe_subscription_id: orNull(text),
    features: listOf(text),
    cancel_at_period_end: flag,
    limits: shape({
      transcription_seconds: orNull(integer),
      words_transcribed: orNull(integer),
      insights_gained: orNull(integer),
      memories_created: orNull(integer),
    }),
  }),
  transcription_seconds_used: integer,
  transcription_seconds_limit: integer,
  words_transcribed_used: integer,
  words_transcribed_limit: integer,
  insights_gained_used: integer,
  insights_gained_limit: integer,
  memories_created_used: integer,
  memories_created_limit: integer,
  available_plans: listOf(anything),
  show_subscription_ui: flag,
});
const apiKey = shape({
  id: filled,
  name: filled,
  key_prefix: filled,
  created_at: date,
  last_used_at: maybe(date),
});
const signedIn = shape({
  token: filled,
  access_token: filled,
  token_type: oneOf('Bearer'),
  expires_in: integer,
  user: shape({ id: filled, email: orNull(text), name: orNull(text) }),
});
const pagination = shape({ total: integer, count: integer, offset: integer, limit: integer });
const transcription = shape({
  id: filled,
  status: filled,
  text,
  transcript: text,
  segments: listOf(shape({ text, start: number, end: number })),
  language: orNull(text),
  duration: number,
});

const readMemory = shape({ id: filled, content: text, category: filled });
const readConversation = shape({
  id: filled,
  started_at: orNull(date),
  finished_at: orNull(date),
  structured: shape({ title: text, overview: text, category: filled }),
  language: orNull(text),
});
const readSegment = shape({ id: filled, text, speaker_id: integer, start: number, end: number });

const NOTHING = 'no content';

type Row = readonly [address: string, success: number, parser: Parser | typeof NOTHING];

/** Every route's answer: its success status and what is parsed. `GET`s may be asked with `HEAD`. */
const routes: readonly Row[] = [
  // §5.1
  ['GET v1/conversations', 200, listOf(conversation)],
  ['POST v1/conversations', 200, shape({ memory: conversation, conversation, messages: listOf(message) })],
  [
    'POST v1/conversations/search',
    200,
    shape({ items: listOf(conversation), current_page: integer, total_pages: integer, per_page: integer }),
  ],
  ['GET v1/conversations/:id', 200, conversation],
  ['DELETE v1/conversations/:id', 204, NOTHING],
  ['POST v1/conversations/:id/reprocess', 200, conversation],
  ['PATCH v1/conversations/:id/title', 200, status],
  ['PATCH v1/conversations/:id/events', 200, status],
  ['PATCH v1/conversations/:id/segments/assign-bulk', 200, conversation],
  ['PATCH v1/conversations/:id/segments/:place/assign', 200, conversation],
  ['PATCH v1/conversations/:id/assign-speaker/:place', 200, conversation],
  ['PATCH v1/conversations/:id/visibility', 200, status],
  ['GET v1/conversations/:id/shared', 200, both(conversation, shape({ geolocation: oneOf(null) }))],
  ['GET v1/conversations/:id/photos', 200, listOf(photo)],
  [
    'GET v1/conversations/:id/transcripts',
    200,
    shape({
      deepgram: listOf(anything),
      soniox: listOf(anything),
      whisperx: listOf(anything),
      speechmatics: listOf(anything),
    }),
  ],
  ['GET v1/conversations/:id/recording', 200, shape({ has_recording: flag })],
  [
    'GET v1/conversations/:id/suggested-apps',
    200,
    shape({ suggested_apps: listOf(anything), conversation_id: filled }),
  ],
  ['POST v1/conversations/:id/test-prompt', 200, shape({ summary: text })],
  // §5.2
  ['GET v1/action-items', 200, shape({ action_items: listOf(actionItem), has_more: flag })],
  ['POST v1/action-items', 200, actionItem],
  ['POST v1/action-items/batch', 200, shape({ action_items: listOf(actionItem), created_count: integer })],
  ['GET v1/action-items/:id', 200, actionItem],
  ['PATCH v1/action-items/:id', 200, actionItem],
  ['PATCH v1/action-items/:id/completed', 200, actionItem],
  ['DELETE v1/action-items/:id', 204, NOTHING],
  [
    'GET v1/conversations/:id/action-items',
    200,
    shape({ action_items: listOf(actionItem), conversation_id: filled }),
  ],
  ['PATCH v1/conversations/:id/action-items', 200, status],
  ['PATCH v1/conversations/:id/action-items/:place', 200, status],
  ['DELETE v1/conversations/:id/action-items', 204, NOTHING],
  // §5.3 and §9
  ['GET v3/memories', 200, listOf(memory)],
  ['POST v3/memories', 200, memory],
  ['DELETE v3/memories', 200, status],
  ['DELETE v3/memories/:id', 200, status],
  ['PATCH v3/memories/:id', 200, status],
  ['POST v3/memories/:id/review', 200, status],
  ['PATCH v3/memories/:id/visibility', 200, status],
  ['GET v1/memories', 200, listOf(memory)],
  ['POST v1/memories', 201, memory],
  // §5.4
  ['GET v2/messages', 200, listOf(message)],
  ['DELETE v2/messages', 200, message],
  ['POST v2/initial-message', 200, message],
  ['POST v2/voice-message/transcribe', 200, shape({ transcript: filled })],
  ['POST v2/files', 200, listOf(chatFile)],
  ['POST v2/messages/:id/report', 200, status],
  ['POST v1/users/analytics/chat_message', 200, status],
  // §5.6
  ['GET v1/users/profile', 200, user],
  ['GET v1/users/language', 200, shape({ language: orNull(filled) })],
  ['PATCH v1/users/language', 200, status],
  ['GET v1/users/people', 200, listOf(person)],
  ['POST v1/users/people', 200, person],
  ['GET v1/users/people/:id', 200, person],
  ['PATCH v1/users/people/:id/name', 200, status],
  ['DELETE v1/users/people/:id', 204, NOTHING],
  ['GET v1/users/me/subscription', 200, subscription],
  ['GET v1/users/me/usage', 200, usage],
  ['PATCH v1/users/geolocation', 200, status],
  ['GET v1/users/store-recording-permission', 200, shape({ store_recording_permission: orNull(flag) })],
  ['POST v1/users/store-recording-permission', 200, status],
  ['DELETE v1/users/store-recording-permission', 200, status],
  ['GET v1/users/private-cloud-sync', 200, shape({ private_cloud_sync_enabled: flag })],
  ['POST v1/users/private-cloud-sync', 200, status],
  ['DELETE v1/users/delete-account', 200, status],
  ['POST v1/users/fcm-token', 200, status],
  ['PUT v1/users/preferences/app', 200, status],
  ['GET v1/users/developer/webhook/:type', 200, shape({ url: orNull(text) })],
  ['POST v1/users/developer/webhook/:type', 200, status],
  ['POST v1/users/developer/webhook/:type/enable', 204, NOTHING],
  ['POST v1/users/developer/webhook/:type/disable', 204, NOTHING],
  [
    'GET v1/users/developer/webhooks/status',
    200,
    shape({ audio_bytes: flag, memory_created: flag, realtime_transcript: flag, day_summary: flag }),
  ],
  ['GET v1/users/training-data-opt-in', 200, shape({ opted_in: flag, status: orNull(text) })],
  ['POST v1/users/training-data-opt-in', 200, status],
  ['GET v1/users/analytics/memory_summary', 200, shape({ has_rating: flag })],
  ['POST v1/users/analytics/memory_summary', 200, status],
  ['GET v1/joan/:id/followup-question', 200, shape({ result: text })],
  [
    'GET v1/users/migration/requests',
    200,
    shape({ needs_migration: listOf(shape({ id: filled, type: filled })) }),
  ],
  ['POST v1/users/migration/requests', 200, status],
  ['POST v1/users/migration/batch-requests', 200, status],
  ['POST v1/users/migration/requests/data-protection-level/finalize', 200, status],
  ['GET v1/users/:userId', 200, user],
  // §5.7
  ['GET v3/speech-profile', 200, shape({ has_profile: flag })],
  ['POST v3/upload-audio', 200, shape({ url: filled })],
  ['GET v4/speech-profile', 200, shape({ url: orNull(filled) })],
  ['GET v3/speech-profile/expand', 200, listOf(filled)],
  ['DELETE v3/speech-profile/expand', 200, status],
  // §2
  [
    'POST v1/auth/token',
    200,
    shape({
      provider: oneOf('google', 'apple'),
      id_token: filled,
      access_token: text,
      provider_id: filled,
      token_type: oneOf('Bearer'),
      expires_in: integer,
    }),
  ],
  ['POST v1/auth/login', 200, signedIn],
  ['POST v1/signup', 200, shape({ status: oneOf('ok'), message: text, uid: filled })],
  [
    'POST v1/signin',
    200,
    shape({
      status: oneOf('ok'),
      token: filled,
      uid: filled,
      name: orNull(text),
      auth_time: integer,
      exp: integer,
    }),
  ],
  // §7, §8, §9
  [
    'POST v1/sync-local-files',
    200,
    shape({ new_memories: listOf(filled), updated_memories: listOf(filled) }),
  ],
  ['POST sdcard_memory', 200, listOf(anything)],
  ['GET v1/health', 200, shape({ status: oneOf('ok') })],
  ['POST v1/transcriptions', 201, transcription],
  ['GET v1/transcriptions/:id', 200, transcription],
  ['GET v1/mcp/keys', 200, listOf(apiKey)],
  ['GET v1/dev/keys', 200, listOf(apiKey)],
  ['POST v1/mcp/keys', 200, both(apiKey, shape({ key: filled }))],
  ['POST v1/dev/keys', 200, both(apiKey, shape({ key: filled }))],
  ['DELETE v1/mcp/keys/:id', 204, NOTHING],
  ['DELETE v1/dev/keys/:id', 204, NOTHING],
  // The two are the same by another kind of key.
  ...['v1/mcp', 'v1/dev/user'].flatMap((prefix): Row[] => [
    [`GET ${prefix}/memories`, 200, listOf(readMemory)],
    [`POST ${prefix}/memories`, 200, readMemory],
    [`PATCH ${prefix}/memories/:id`, 200, shape({ status: oneOf('ok') })],
    [`DELETE ${prefix}/memories/:id`, 200, shape({ status: oneOf('ok') })],
    [`GET ${prefix}/conversations`, 200, listOf(readConversation)],
    [
      `GET ${prefix}/conversations/:id`,
      200,
      both(readConversation, shape({ transcript_segments: listOf(readSegment) })),
    ],
    [
      `GET ${prefix}/action-items`,
      200,
      listOf(shape({ id: filled, description: filled, completed: flag, due_at: orNull(date) })),
    ],
  ]),
  [
    'GET v2/apps',
    200,
    shape({ groups: listOf(anything), data: listOf(anything), pagination, meta: shape({}) }),
  ],
  ['GET v2/apps/search', 200, shape({ data: listOf(anything), pagination, filters: shape({}) })],
  ['GET v1/apps/check-username', 200, shape({ is_taken: flag })],
  ['GET v1/payments/available-plans', 200, shape({ plans: listOf(anything) })],
  ...[
    'v1/apps',
    'v1/apps/popular',
    'v1/approved-apps',
    'v1/app-categories',
    'v1/app-capabilities',
    'v1/apps/proactive-notification-scopes',
    'v1/app/plans',
    'v1/apps/:id/reviews',
    'v1/apps/:id/keys',
    'v1/trends',
    'v1/public-conversations',
  ].map((path) => [`GET ${path}`, 200, listOf(anything)] as const),
  ['POST v1/apps/enable', 200, status],
  ['POST v1/apps/disable', 200, status],
  ['POST v1/apps/migrate-owner', 200, status],
];

const patterns = routes.map(([name, success, parser]) => {
  const source = name.replaceAll(/:\w+/g, '[^/]+');
  return { name, success, parser, pattern: new RegExp(`^${source}$`) };
});

/** What the app makes of an answer. @throws Error for one that it would not take */
export function readAnswer(
  method: string,
  path: string,
  answer: { readonly status: number; readonly headers: Headers; readonly text: string },
): void {
  const address = `${method === 'HEAD' ? 'GET' : method} ${path.replace(/\?.*$/s, '').replaceAll(/\/+/g, '/').replace(/^\//, '')}`;
  const type = answer.headers.get('content-type');
  if (type?.startsWith('text/event-stream')) {
    readChatStream(answer.text);
    return;
  }
  if (answer.text !== '' && type !== 'application/json; charset=utf-8') {
    throw new Error(`${address} answered ${type}`);
  }
  if (answer.status >= 400) {
    if (method !== 'HEAD') failure(written(answer.text), address);
    return;
  }
  // The names that are fixed come before those that are patterns.
  const known =
    patterns.find(({ name }) => name === address) ?? patterns.find(({ pattern }) => pattern.test(address));
  if (!known) throw new Error(`${address} answered ${answer.status}, and the strict model does not know it`);
  if (answer.status !== known.success)
    throw new Error(`${address} answered ${answer.status}: ${answer.text}`);
  if (known.parser === NOTHING) {
    if (answer.text !== '') throw new Error(`${address} must answer nothing, not ${answer.text}`);
  } else if (method !== 'HEAD') {
    known.parser(written(answer.text), address);
  }
}

const event = (members: Readonly<Record<string, Parser>>): Parser => shape({ type: filled, ...members });

/** Contract §4.4. */
const events: Readonly<Record<string, Parser>> = {
  service_status: event({ status: filled, status_text: maybe(text) }),
  memory_processing_started: event({ memory: conversation, messages: maybe(listOf(message)) }),
  memory_created: event({
    memory: both(conversation, shape({ status: oneOf('completed') })),
    messages: listOf(message),
  }),
  last_memory: event({ memory_id: filled }),
  translating: event({ segments: listOf(segment) }),
  photo_processing: event({ temp_id: filled, photo_id: filled }),
  photo_described: event({ photo_id: filled, description: text, discarded: maybe(flag) }),
  speaker_label_suggestion: event({
    speaker_id: integer,
    person_id: text,
    person_name: text,
    segment_id: filled,
  }),
};

/** What the app makes of a text message of `v4/listen`. @throws Error for one that it would not take */
export function readSocketMessage(data: string): void {
  if (data === 'ping') return;
  const value = written(data);
  if (Array.isArray(value)) {
    listOf(segment)(value, 'segments');
    return;
  }
  event({})(value, 'message');
  const { type } = value as { type: string };
  events[type]?.(value, type);
}

/** One frame of a chat's stream. */
export interface ChatFrame {
  readonly tag: 'think' | 'data' | 'message' | 'done';
  readonly payload: string;
}

/** A piece this long is held back by the app and glued to the next one. */
const HELD_CHARACTERS = 1_024;

/** What the app makes of a chat's stream (contract §5.5). @throws Error for one that it would spoil */
export function readChatStream(stream: string): ChatFrame[] {
  if (!stream.endsWith('\n\n')) throw new Error('a stream must end with a whole frame');
  const frames = stream
    .slice(0, -2)
    .split('\n\n')
    .map((frame): ChatFrame => {
      const [, tag, payload = ''] = /^(think|data|message|done): (.*)$/s.exec(frame) ?? [];
      if (!tag) throw new Error(`the app ends the chat at ${JSON.stringify(frame.slice(0, 80))}`);
      if (tag !== 'done' && frame.length >= HELD_CHARACTERS) throw new Error(`a ${tag} frame is too long`);
      if (payload.includes('\n')) throw new Error(`a ${tag} frame has a line break`);
      return { tag: tag as ChatFrame['tag'], payload };
    });
  for (const [index, { tag, payload }] of frames.entries()) {
    if (tag === 'done' && index !== frames.length - 1) throw new Error('done must be the last frame');
    if (tag === 'message' && index !== 0) throw new Error('message must be the first frame');
    if (tag === 'message') briefMessage(written(Buffer.from(payload, 'base64').toString()), tag);
    if (tag === 'done') message(written(Buffer.from(payload, 'base64').toString()), tag);
  }
  if (frames.at(-1)?.tag !== 'done') throw new Error('a stream must end with done');
  return frames;
}

const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** JSON with its numbers as they were written. */
const written = (json: string): unknown =>
  JSON.parse(
    json.replaceAll(TOKENS, (token) => (token.startsWith('"') ? token : JSON.stringify({ written: token }))),
  );
