import { Type } from 'typebox';

const text = (description: string) => Type.Optional(Type.String({ minLength: 1, description }));
const integer = (description: string, options: { default: number; minimum: number; maximum?: number }) =>
  Type.Integer({ description, ...options });

const choice = <T extends string>(values: readonly T[], options: { description: string; default?: T }) =>
  Type.Unsafe<T>({ type: 'string', enum: [...values], ...options });

/**
 * Every environment variable this server reads, with its default beside its name. The same schema makes
 * docs/configuration.md, so what is written here is what the reader of the manual sees.
 */
export const configSchema = Type.Object({
  NODE_ENV: choice(['development', 'production', 'test'], {
    default: 'development',
    description: 'production: CORS only for ALLOWED_ORIGINS, weak secrets refused.',
  }),
  PORT: integer('The port to listen on; 0 picks a free one.', { default: 3000, minimum: 0, maximum: 65_535 }),
  HOST: Type.String({
    default: '127.0.0.1',
    minLength: 1,
    description: 'The address to listen on; 0.0.0.0 makes the server reachable from other devices.',
  }),
  PUBLIC_URL: text('The address under which clients reach this server, when a proxy stands before it.'),
  TLS_CERT_FILE: text('PEM certificate chain; with TLS_KEY_FILE the server speaks HTTPS itself.'),
  TLS_KEY_FILE: text('PEM private key that belongs to TLS_CERT_FILE.'),
  TRUST_PROXY: text(
    'Addresses or networks of proxies whose X-Forwarded-* headers are believed, comma-separated; `true` for all.',
  ),
  ALLOWED_ORIGINS: text(
    'Origins that browsers may call from, comma-separated. In development every origin may.',
  ),
  APPS: text('The apps to serve, comma-separated; all of them when unset.'),
  LOG_LEVEL: choice(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
    default: 'info',
    description: 'debug logs every request.',
  }),

  DATA_DIR: Type.String({
    default: './data',
    minLength: 1,
    description: 'Where the database, media and generated secrets are kept.',
  }),
  DATABASE_PATH: text('The SQLite file, when it is not DATA_DIR/earshot.db.'),
  STORAGE_PATH: text('The media folder, when it is not DATA_DIR/media.'),
  DATABASE_URL: text('PostgreSQL connection string; unset means SQLite.'),
  DATABASE_POOL: integer('PostgreSQL connections that one node holds.', {
    default: 20,
    minimum: 2,
    maximum: 500,
  }),
  DATABASE_READ_URL: text(
    'A read replica of DATABASE_URL, for lists, search and figures, which may then lag behind a little.',
  ),
  REDIS_URL: text(
    'Redis, needed when several nodes share one PostgreSQL. Several, comma-separated, are nodes of one Redis cluster. `disabled` means none.',
  ),
  REDIS_CLUSTER: Type.Boolean({
    default: false,
    description: 'Says that a single REDIS_URL is the way into a Redis cluster.',
  }),
  NODES: Type.Optional(
    Type.Integer({
      minimum: 1,
      description: '1 says that this is the only node, so that DATABASE_URL may stand without REDIS_URL.',
    }),
  ),
  S3_ENDPOINT: text(
    'S3-compatible endpoint for media; unset means files under DATA_DIR (or AWS when S3_BUCKET is set).',
  ),
  S3_BUCKET: text('The bucket that holds media; setting it switches media to S3.'),
  S3_REGION: Type.String({ default: 'us-east-1', description: 'The region of the bucket.' }),
  S3_ACCESS_KEY_ID: text('Access key of the bucket.'),
  S3_SECRET_ACCESS_KEY: text('Secret key of the bucket.'),

  SERVER_SECRET: text(
    'At least 32 random characters; seals and signs everything. Generated into DATA_DIR when unset.',
  ),
  JWT_SECRET: text('Signs session tokens; derived from SERVER_SECRET when unset.'),

  OPENAI_BASE_URL: text('Base URL of an OpenAI-compatible server (OpenAI, Groq, vLLM, Speaches, LocalAI …).'),
  OPENAI_API_KEY: text("The operator's own key for it; users' keys are used for users' requests."),
  AI_SPEECH: Type.Optional(
    choice(['builtin', 'openai'], {
      description: 'Who speaks: `openai` when OPENAI_BASE_URL or OPENAI_API_KEY is set, else `builtin`.',
    }),
  ),
  AI_TEXT: Type.Optional(
    choice(['builtin', 'openai'], {
      description:
        'Who writes and answers: `openai` when OPENAI_BASE_URL or OPENAI_API_KEY is set, else `builtin` (rules, no language model).',
    }),
  ),
  TEXT_MODEL: text('The upstream’s model that writes; default `gpt-4o-mini`.'),
  TEXT_FIRST_TOKEN_SECONDS: integer(
    'Seconds that an upstream may take to the first word of an answer, and between two of them.',
    { default: 20, minimum: 1, maximum: 600 },
  ),
  TEXT_DEADLINE_SECONDS: integer('Seconds that a whole answer of an upstream may take.', {
    default: 180,
    minimum: 5,
    maximum: 3_600,
  }),
  AI_IMAGE: Type.Optional(
    choice(['builtin', 'openai'], {
      description:
        'Who draws: `openai` when OPENAI_BASE_URL or OPENAI_API_KEY is set, else `builtin` (drawn from the words, offline).',
    }),
  ),
  IMAGE_MODEL: text('The upstream’s model that draws; default `gpt-image-1`.'),
  AI_TRANSCRIPTION: Type.Optional(
    choice(['builtin', 'openai', 'sherpa'], {
      description:
        'Who listens: `openai` when OPENAI_BASE_URL or OPENAI_API_KEY is set, else `sherpa` when one of its models is installed, else `builtin`.',
    }),
  ),
  TRANSCRIPTION_MODEL: text(
    'The model that listens: of the upstream (default `whisper-1`), or the name of an installed one.',
  ),
  TRANSCRIPTION_STREAMING: choice(['utterances', 'realtime'], {
    default: 'utterances',
    description:
      'How an upstream hears live audio: each utterance as a file, or over its Realtime WebSocket (`/realtime?intent=transcription`).',
  }),

  FILE_RETENTION_DAYS: Type.Number({
    default: 7,
    exclusiveMinimum: 0,
    description: 'Days that generated speech is kept.',
  }),
  FILE_RETENTION_HOURS: Type.Optional(
    Type.Number({ exclusiveMinimum: 0, description: 'The same in hours; wins over the days.' }),
  ),
  RATE_LIMIT_MAX: integer('Requests that one user may make per RATE_LIMIT_WINDOW.', {
    default: 60_000,
    minimum: 1,
  }),
  RATE_LIMIT_WINDOW: integer('The window of RATE_LIMIT_MAX in milliseconds.', {
    default: 10_000,
    minimum: 1_000,
  }),
  AUTH_FAILURES_PER_MINUTE: integer('Failed sign-ins that one address may make per minute.', {
    default: 10,
    minimum: 1,
  }),
  SIGN_IN_FAILURES_PER_HOUR: integer(
    'Wrong passwords that one address may send for one account per hour; all addresses together, ten times as many.',
    { default: 10, minimum: 1 },
  ),
  SIGN_UPS_PER_HOUR: Type.Optional(
    Type.Integer({
      minimum: 1,
      description: 'Accounts that one address may make per hour; 5 in production, 1,000 elsewhere.',
    }),
  ),
  APPLE_BUNDLE_ID: text('Bundle id of the iOS app; switches on "Sign in with Apple".'),
  APPLE_KEYS_URL: Type.String({
    default: 'https://appleid.apple.com/auth/keys',
    minLength: 1,
    description: 'Where the public keys are that Apple signs identity tokens with.',
  }),
  APPLE_KEYS_FILE: text(
    'A JSON Web Key Set that stands in for APPLE_KEYS_URL, for servers without internet.',
  ),
  FIREBASE_PROJECT_ID: text('The Firebase project whose ID tokens are accepted.'),
  FIREBASE_KEYS_URL: Type.String({
    default: 'https://www.googleapis.com/robot/v1/metadata/x509/securetoken@system.gserviceaccount.com',
    minLength: 1,
    description: 'Where the public certificates are that Firebase signs ID tokens with.',
  }),
  FIREBASE_JWKS_FILE: text(
    'A JSON Web Key Set, or a map of key ids to PEM certificates, that stands in for FIREBASE_KEYS_URL.',
  ),
  FIREBASE_EMULATOR: Type.Boolean({
    default: false,
    description:
      "Also accepts the Auth emulator's unsigned tokens, which anybody can make. For development only.",
  }),
  GOOGLE_CLIENT_ID: text(
    'Client id of a Google OAuth web application; with its secret, desktop apps sign in by a browser.',
  ),
  GOOGLE_CLIENT_SECRET: text('Client secret that belongs to GOOGLE_CLIENT_ID.'),
  GOOGLE_AUTHORIZE_URL: Type.String({
    default: 'https://accounts.google.com/o/oauth2/v2/auth',
    minLength: 1,
    description: 'Where a browser is sent to sign in with Google.',
  }),
  GOOGLE_TOKEN_URL: Type.String({
    default: 'https://oauth2.googleapis.com/token',
    minLength: 1,
    description: 'Where Google exchanges codes for tokens.',
  }),
  APPLE_SERVICES_ID: text(
    'Services id of "Sign in with Apple"; with the next three, desktop apps sign in by a browser.',
  ),
  APPLE_TEAM_ID: text('Team id of the Apple developer account.'),
  APPLE_KEY_ID: text('Id of the key in APPLE_PRIVATE_KEY_FILE.'),
  APPLE_PRIVATE_KEY_FILE: text('The `.p8` file of the key for "Sign in with Apple".'),
  APPLE_AUTHORIZE_URL: Type.String({
    default: 'https://appleid.apple.com/auth/authorize',
    minLength: 1,
    description: 'Where a browser is sent to sign in with Apple.',
  }),
  APPLE_TOKEN_URL: Type.String({
    default: 'https://appleid.apple.com/auth/token',
    minLength: 1,
    description: 'Where Apple exchanges codes for tokens.',
  }),
  AUTH_REDIRECT_URIS: text(
    'Addresses beside `omi://auth/callback` that sign-in by browser may return to, comma-separated.',
  ),
  ADMIN_KEY: text(
    'Lets who has it act for any companion user, as `Authorization: <ADMIN_KEY><user id>`. Off when unset.',
  ),
  LOCAL_DEVELOPMENT: Type.Boolean({
    default: false,
    description: 'Takes an invalid token on companion routes for the user `123`. For development only.',
  }),
  SPEECH_CHARACTERS_PER_DAY: integer('Characters that one user may turn into speech per UTC day.', {
    default: 1_000_000,
    minimum: 1,
  }),
  SPEECH_QUEUE_PER_USER: integer('Files of one user that may wait or be generated at the same time.', {
    default: 500,
    minimum: 1,
  }),
  SPEECH_CONCURRENCY: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 64,
      description:
        'Files generated at the same time on one node; 2 for the builtin voice, 8 for an upstream.',
    }),
  ),

  RATE_LIMIT_STORY_GENERATION: text(
    'Stories per user and hour; 5. These five fall back when they are no number.',
  ),
  RATE_LIMIT_AUDIO_GENERATION: text('Narrations per user and hour; 10.'),
  RATE_LIMIT_AVATAR_GENERATION: text('Avatars per user and hour; 3.'),
  RATE_LIMIT_ILLUSTRATION_GENERATION: text('Illustrations per user and hour; 20.'),
  RATE_LIMIT_AI_ASSISTANT: text('Calls of the stateless helpers per user and hour; 30.'),

  VOICE_MODEL: text('The upstream’s model that answers in the voice app; TEXT_MODEL when unset.'),
  VOICE_REALTIME_MODEL: Type.String({
    default: 'gpt-realtime',
    minLength: 1,
    description: 'The upstream’s model of Realtime connections that name none.',
  }),
  VOICE_SPEECH_MODEL: Type.String({
    default: 'gpt-4o-mini-tts',
    minLength: 1,
    description: 'The upstream’s model that speaks the answers of the voice app.',
  }),
  VOICE_INSTRUCTIONS: Type.String({
    default:
      'You are a voice assistant for product designers. Your answers are read aloud: be concise, use plain sentences without Markdown, lists or emoji, and at most three of them unless you are asked for more.',
    minLength: 1,
    description: 'What the assistant of the voice app is told about itself.',
  }),
  REQUIRE_USER_KEY: Type.Boolean({
    default: false,
    description:
      'Refuses voice callers who bring nothing: neither a key of the upstream, nor one of this server, nor an account.',
  }),
  VOICE_REQUESTS_PER_MINUTE: integer(
    'Requests of the voice app that one address, and one key, may make per minute.',
    { default: 300, minimum: 1 },
  ),
  VOICE_REALTIME: choice(['auto', 'proxy', 'local'], {
    default: 'auto',
    description:
      'Who serves /v1/realtime: the upstream (proxy), this server’s own engines (local), or the upstream where there is a key for it and it has such an endpoint (auto).',
  }),
  VOICE_SESSIONS_PER_ADDRESS: integer('Realtime connections that one address may hold open on one node.', {
    default: 100,
    minimum: 1,
  }),
  VOICE_HISTORY: Type.Boolean({
    default: false,
    description: 'Keeps the conversations of voice clients that ask for it on the server (/api/sessions).',
  }),
  VOICE_HISTORY_DAYS: integer('Days after its last message that such a conversation is kept.', {
    default: 30,
    minimum: 1,
  }),

  MASTER_API_KEY: text('Lets /setup make support apps at any time, sent as X-Master-API-Key.'),
  SUPPORT_SIGNUP: choice(['open', 'closed'], {
    default: 'open',
    description: 'closed: support accounts are made by invitation or by /setup only.',
  }),
  FIREBASE_SERVICE_ACCOUNT_JSON: text(
    'The JSON text of a Firebase service account; switches on push to Android and iOS.',
  ),
  FCM_BASE_URL: Type.String({
    default: 'https://fcm.googleapis.com',
    minLength: 1,
    description:
      'Where Firebase Cloud Messaging is reached; the token address comes from the service account.',
  }),
  VAPID_PUBLIC_KEY: text(
    'Public half of the Web Push key, base64url; with VAPID_PRIVATE_KEY. Derived from SERVER_SECRET when unset.',
  ),
  VAPID_PRIVATE_KEY: text('Private half of the Web Push key, base64url.'),
  VAPID_SUBJECT: text(
    'mailto: or https: address at which push services reach the operator; PUBLIC_URL when that is https.',
  ),
  ALLOW_PRIVATE_WEBHOOKS: Type.Boolean({
    default: false,
    description: 'Lets webhooks and Web Push reach private and loopback addresses. For development only.',
  }),

  LEGACY_SOCKETS: Type.Boolean({
    default: true,
    description:
      'Serves the plain WebSockets of older support SDKs and pages (/v1/realtime, /admin/realtime) beside Socket.IO.',
  }),
  SUPPORT_REQUESTS_PER_MINUTE: integer('Requests that one support SDK installation may make per minute.', {
    default: 1_200,
    minimum: 100,
  }),
  SUPPORT_MESSAGES_PER_MINUTE: integer(
    'Messages that one support SDK installation or operator may send per minute; a phone that comes back online sends its whole queue at once.',
    { default: 600, minimum: 100 },
  ),

  SENTRY_DSN: text('Reports unexpected errors to Sentry.'),
  OTEL_EXPORTER_OTLP_ENDPOINT: text('Sends traces to this OpenTelemetry collector.'),
});
