import { prefixedId } from '../../../platform/ids.js';

type Members = Readonly<Record<string, unknown>>;

/** A Realtime session's configuration in the current ("GA") shape (contract §8.4), with only what somebody has said. */
export interface RealtimeSession extends Members {
  readonly type: 'realtime' | 'transcription';
}

/** The whole configuration that holds: what was said over the defaults. */
export interface EffectiveSession extends RealtimeSession {
  readonly id: string;
  readonly object: 'realtime.session' | 'realtime.transcription_session';
}

export interface SessionDefaults {
  readonly model: string;
  readonly instructions: string;
}

const FORMAT = { type: 'audio/pcm', rate: 24_000 } as const;

/** What `server_vad` does unless told otherwise. */
const SERVER_VAD = {
  type: 'server_vad',
  threshold: 0.5,
  prefix_padding_ms: 300,
  silence_duration_ms: 500,
  idle_timeout_ms: null,
  create_response: true,
  interrupt_response: true,
} as const;

/** What `semantic_vad` does unless told otherwise. */
const SEMANTIC_VAD = {
  type: 'semantic_vad',
  eagerness: 'auto',
  create_response: true,
  interrupt_response: true,
} as const;

/**
 * The configuration that holds for a connection.
 *
 * @param expiresAt epoch seconds
 */
export function effectiveSession(
  session: RealtimeSession,
  { model, instructions }: SessionDefaults,
  expiresAt = 0,
): EffectiveSession {
  const isTranscription = session.type === 'transcription';
  const input = {
    format: FORMAT,
    transcription: null,
    noise_reduction: null,
    turn_detection: SERVER_VAD,
  };
  const defaults: Members = isTranscription
    ? { include: null, audio: { input } }
    : {
        model,
        output_modalities: ['audio'],
        instructions,
        audio: { input, output: { format: FORMAT, voice: 'alloy', speed: 1 } },
        tools: [],
        tool_choice: 'auto',
        max_output_tokens: 'inf',
        truncation: 'auto',
        tracing: null,
        include: null,
        prompt: null,
      };
  return {
    ...mergeSession(defaults, session),
    type: session.type,
    id: prefixedId('sess_'),
    object: isTranscription ? 'realtime.transcription_session' : 'realtime.session',
    expires_at: expiresAt,
  };
}

/**
 * Only given keys change; lists, texts and null replace what was there; a turn detection of another type starts from its
 * own defaults (contract §8.4).
 */
export function mergeSession(before: Members, change: Members): Members {
  const merged: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(change)) {
    const old = before[name];
    if (!isMembers(value)) merged[name] = value;
    else if (name === 'turn_detection') merged[name] = mergeTurnDetection(old, value);
    else if (name === 'format') merged[name] = value;
    else merged[name] = isMembers(old) ? mergeSession(old, value) : value;
  }
  return merged;
}

function mergeTurnDetection(before: unknown, change: Members): Members {
  const type = change.type ?? (isMembers(before) ? before.type : undefined) ?? 'server_vad';
  const isSame = isMembers(before) && before.type === type;
  const base = isSame ? before : type === 'semantic_vad' ? SEMANTIC_VAD : SERVER_VAD;
  return { ...base, ...change, type };
}

export const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
