/** What a key opens, by the kinds of `GET /api/account/keys`. */
export type KeyKind = 'voice' | 'mcp' | 'dev';

/** Where keys of a kind are made (POST) and taken back (DELETE, with the id behind it). */
export const keyPaths: Readonly<Record<KeyKind, string>> = {
  voice: '/api/voice/keys',
  mcp: '/v1/mcp/keys',
  dev: '/v1/dev/keys',
};

export const kindWords: Readonly<Record<KeyKind, string>> = {
  voice: 'OpenAI packages',
  mcp: 'Assistants',
  dev: 'Scripts',
};

/** For whom a key of the kind is. */
export const kindUses: Readonly<Record<KeyKind, string>> = {
  voice: 'Programs that use an openai package: chat, speech, transcription, Realtime',
  mcp: 'Assistants that read the companion by MCP',
  dev: 'Scripts that read the companion by its developer API',
};

/** One line that uses the key. The official packages take the address and the key from the environment. */
export const examples: Readonly<Record<KeyKind, (origin: string, key: string) => string>> = {
  voice: (origin, key) => `OPENAI_BASE_URL=${origin}/v1 OPENAI_API_KEY=${key} python app.py`,
  mcp: (origin, key) => `${origin}/v1/mcp  Authorization: Bearer ${key}`,
  dev: (origin, key) => `curl -H 'Authorization: Bearer ${key}' ${origin}/v1/dev/user/memories`,
};
