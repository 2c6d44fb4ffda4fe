import { prefixedId } from '../../../platform/ids.js';
import { isMembers } from '../realtime-sessions/configuration.js';
import { fromOlderSession, toOlderSession } from '../realtime-sessions/older-shape.js';
import { type RealtimeEvent, serverEvent } from './events.js';

type Members = Readonly<Record<string, unknown>>;

/** How a client speaks; inside the house everything is in the current dialect (contract §8.3). */
export interface Dialect {
  readonly name: 'current' | 'older';
  fromClient(event: RealtimeEvent): RealtimeEvent;
  toClient(event: RealtimeEvent): readonly RealtimeEvent[];
}

export const currentDialect: Dialect = {
  name: 'current',
  fromClient: (event) => event,
  toClient: (event) => [event],
};

/** Names of events of the current dialect by their older ones. */
const OLDER_NAMES: Readonly<Record<string, string>> = {
  'response.output_text.delta': 'response.text.delta',
  'response.output_text.done': 'response.text.done',
  'response.output_audio.delta': 'response.audio.delta',
  'response.output_audio.done': 'response.audio.done',
  'response.output_audio_transcript.delta': 'response.audio_transcript.delta',
  'response.output_audio_transcript.done': 'response.audio_transcript.done',
};
const SESSION_EVENTS: Readonly<Record<string, string>> = {
  'session.created': 'session.created',
  'session.updated': 'session.updated',
};

/** @param isTranscription of a connection with `intent=transcription`, whose sessions have names of their own */
export const olderDialect = (isTranscription: boolean): Dialect => ({
  name: 'older',
  fromClient: (event) => {
    const { session, response, item } = event;
    if (event.type === 'session.update' || event.type === 'transcription_session.update') {
      if (!isMembers(session)) return { ...event, type: 'session.update' };
      const current = fromOlderSession(session);
      return {
        ...event,
        type: 'session.update',
        session: isTranscription ? { type: 'transcription', audio: current.audio } : current,
      };
    }
    if (event.type === 'response.create' && isMembers(response))
      return { ...event, response: fromOlderResponse(response) };
    if (event.type === 'conversation.item.create') return { ...event, item: currentItem(item) };
    return event;
  },
  toClient: (event) => {
    const { type, session, item, response, part } = event;
    if (SESSION_EVENTS[type] && isMembers(session)) {
      const older = {
        ...event,
        type: isTranscription ? `transcription_${type}` : type,
        session: toOlderSession(session),
      };
      const conversation = { id: prefixedId('conv_'), object: 'realtime.conversation' };
      return type === 'session.created' && !isTranscription
        ? [older, serverEvent('conversation.created', { conversation })]
        : [older];
    }
    if (type === 'conversation.item.done') return [];
    const older: RealtimeEvent = {
      ...event,
      type: type === 'conversation.item.added' ? 'conversation.item.created' : (OLDER_NAMES[type] ?? type),
      ...(isMembers(item) ? { item: olderItem(item) } : {}),
      ...(isMembers(response) ? { response: toOlderResponse(response) } : {}),
      ...(isMembers(part) ? { part: olderPart(part) } : {}),
    };
    return [older];
  },
});

const OLDER_PARTS: Readonly<Record<string, string>> = { output_text: 'text', output_audio: 'audio' };
const CURRENT_PARTS: Readonly<Record<string, string>> = { text: 'output_text', audio: 'output_audio' };

const renamed = (part: unknown, names: Readonly<Record<string, string>>): unknown =>
  isMembers(part) && typeof part.type === 'string' ? { ...part, type: names[part.type] ?? part.type } : part;

const olderPart = (part: Members): unknown => renamed(part, OLDER_PARTS);

function olderItem(item: unknown): unknown {
  if (!isMembers(item) || !Array.isArray(item.content)) return item;
  return { ...item, content: item.content.map((part) => renamed(part, OLDER_PARTS)) };
}

/** Only an assistant's parts have other names; a user's begin with `input_` in both dialects. */
function currentItem(item: unknown): unknown {
  if (!isMembers(item) || !Array.isArray(item.content)) return item;
  return { ...item, content: item.content.map((part) => renamed(part, CURRENT_PARTS)) };
}

/** A response's members of its own are few; the rest is spelt as in a session. */
function fromOlderResponse(response: Members): Members {
  const { type: _, ...likeSession } = fromOlderSession(response);
  const { conversation, metadata, input } = response;
  const most = response.max_output_tokens ?? response.max_response_output_tokens;
  return {
    ...likeSession,
    ...(conversation === undefined ? {} : { conversation }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(Array.isArray(input) ? { input: input.map(currentItem) } : {}),
    ...(most === undefined ? {} : { max_output_tokens: most }),
  };
}

function toOlderResponse({ output_modalities, audio, output, ...rest }: Members): Members {
  const { voice, output_audio_format } = toOlderSession({ audio });
  return {
    ...rest,
    ...(Array.isArray(output_modalities)
      ? { modalities: output_modalities.includes('audio') ? ['audio', 'text'] : ['text'] }
      : {}),
    ...(voice === undefined ? {} : { voice }),
    ...(output_audio_format === undefined ? {} : { output_audio_format }),
    ...(Array.isArray(output) ? { output: output.map(olderItem) } : {}),
  };
}
