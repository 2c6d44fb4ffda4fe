// `node scripts/configuration-docs.js`: writes docs/configuration.md from the schema of the built server.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const page = fileURLToPath(new URL('../docs/configuration.md', import.meta.url));

/** The variables by what an operator wants to do, in the order in which they come up. */
const SECTIONS = [
  [
    'Reaching the server',
    'NODE_ENV PORT HOST PUBLIC_URL TLS_CERT_FILE TLS_KEY_FILE TRUST_PROXY ALLOWED_ORIGINS APPS LOG_LEVEL',
  ],
  ['Where things are kept', 'DATA_DIR DATABASE_PATH STORAGE_PATH'],
  [
    'Several machines',
    'DATABASE_URL DATABASE_POOL DATABASE_READ_URL REDIS_URL REDIS_CLUSTER NODES S3_ENDPOINT S3_BUCKET S3_REGION S3_ACCESS_KEY_ID S3_SECRET_ACCESS_KEY',
  ],
  ['Secrets', 'SERVER_SECRET JWT_SECRET'],
  ['Who speaks', 'OPENAI_BASE_URL OPENAI_API_KEY AI_SPEECH'],
  [
    'Who writes and draws',
    'AI_TEXT TEXT_MODEL TEXT_FIRST_TOKEN_SECONDS TEXT_DEADLINE_SECONDS AI_IMAGE IMAGE_MODEL',
  ],
  ['Who listens', 'AI_TRANSCRIPTION TRANSCRIPTION_MODEL TRANSCRIPTION_STREAMING'],
  [
    'Speech: retention and limits',
    'FILE_RETENTION_DAYS FILE_RETENTION_HOURS RATE_LIMIT_MAX RATE_LIMIT_WINDOW SPEECH_CHARACTERS_PER_DAY SPEECH_QUEUE_PER_USER SPEECH_CONCURRENCY',
  ],
  [
    'Stories: limits',
    'RATE_LIMIT_STORY_GENERATION RATE_LIMIT_AUDIO_GENERATION RATE_LIMIT_AVATAR_GENERATION RATE_LIMIT_ILLUSTRATION_GENERATION RATE_LIMIT_AI_ASSISTANT',
  ],
  [
    'Voice',
    'VOICE_MODEL VOICE_REALTIME_MODEL VOICE_SPEECH_MODEL VOICE_INSTRUCTIONS REQUIRE_USER_KEY VOICE_REQUESTS_PER_MINUTE VOICE_REALTIME VOICE_SESSIONS_PER_ADDRESS VOICE_HISTORY VOICE_HISTORY_DAYS',
  ],
  [
    'Who signs in',
    'AUTH_FAILURES_PER_MINUTE SIGN_IN_FAILURES_PER_HOUR SIGN_UPS_PER_HOUR APPLE_BUNDLE_ID APPLE_KEYS_URL APPLE_KEYS_FILE FIREBASE_PROJECT_ID FIREBASE_KEYS_URL FIREBASE_JWKS_FILE FIREBASE_EMULATOR GOOGLE_CLIENT_ID GOOGLE_CLIENT_SECRET GOOGLE_AUTHORIZE_URL GOOGLE_TOKEN_URL APPLE_SERVICES_ID APPLE_TEAM_ID APPLE_KEY_ID APPLE_PRIVATE_KEY_FILE APPLE_AUTHORIZE_URL APPLE_TOKEN_URL AUTH_REDIRECT_URIS ADMIN_KEY LOCAL_DEVELOPMENT',
  ],
  ['Support: set-up and accounts', 'MASTER_API_KEY SUPPORT_SIGNUP'],
  [
    'Support: push and webhooks',
    'FIREBASE_SERVICE_ACCOUNT_JSON FCM_BASE_URL VAPID_PUBLIC_KEY VAPID_PRIVATE_KEY VAPID_SUBJECT ALLOW_PRIVATE_WEBHOOKS',
  ],
  ['Support: limits and sockets', 'LEGACY_SOCKETS SUPPORT_REQUESTS_PER_MINUTE SUPPORT_MESSAGES_PER_MINUTE'],
  ['Watching the server', 'SENTRY_DSN OTEL_EXPORTER_OTLP_ENDPOINT'],
].map(([title, names]) => ({ title, names: names.split(' ') }));

const INTRODUCTION = `# Configuration

<!-- Written by scripts/configuration-docs.js from server/src/config-schema.ts. Change it there, then run that script. -->

Everything is set by environment variables, and nothing has to be: \`npm start\` without any of them serves every
feature on one machine. A value that cannot be right stops the start with a sentence that names the variable. No
\`.env\` file is read; let your shell, systemd (\`EnvironmentFile\`) or Compose do that.
`;

/**
 * The whole page.
 *
 * @param {readonly { name: string, description: string, default: string | null }[]} variables as \`describeConfig()\` gives them
 * @throws when a variable belongs to no section
 */
export function configurationPage(variables) {
  const waiting = new Map(variables.map((variable) => [variable.name, variable]));
  const parts = SECTIONS.flatMap(({ title, names }) => {
    const rows = names.flatMap((name) => {
      const variable = waiting.get(name);
      waiting.delete(name);
      return variable ? [rowOf(variable)] : [];
    });
    return rows.length === 0
      ? []
      : [`\n## ${title}\n\n| Variable | Default | What it does |\n|---|---|---|\n${rows.join('')}`];
  });
  if (waiting.size > 0)
    throw new Error(`scripts/configuration-docs.js has no section for ${[...waiting.keys()].join(', ')}.`);
  return INTRODUCTION + parts.join('');
}

const cell = (text) => text.replaceAll('|', '\\|');
const rowOf = ({ name, description, default: value }) =>
  `| \`${name}\` | ${value === null ? '' : `\`${cell(value)}\``} | ${cell(description)} |\n`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { describeConfig } = await import('../server/dist/config.js');
  const written = configurationPage(describeConfig());
  const before = readFileSync(page, { encoding: 'utf8', flag: 'a+' });
  if (before !== written) writeFileSync(page, written);
  console.log(
    before === written ? 'docs/configuration.md is up to date.' : 'docs/configuration.md is written anew.',
  );
}
