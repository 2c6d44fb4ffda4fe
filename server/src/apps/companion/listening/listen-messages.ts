import { Type } from 'typebox';
import { presentConversation, presentSegment, speakerNumber } from '../conversations/presenter.js';
import { companionJson } from '../wire/json.js';
import type { SessionNews } from './session-voice.js';

/** What `/v4/listen` is sent (contract §4.4). */
export function listenMessage(news: SessionNews): string {
  if (news.kind === 'segments') return companionJson(news.segments.map(presentSegment));
  return companionJson(objectOf(news));
}

function objectOf(news: Exclude<SessionNews, { kind: 'segments' }>): Record<string, unknown> {
  switch (news.kind) {
    case 'status':
      return {
        type: 'service_status',
        status: news.status,
        ...(news.text === undefined ? {} : { status_text: news.text }),
      };
    case 'last':
      return { type: 'last_memory', memory_id: news.conversationId };
    case 'translating':
      return { type: 'translating', segments: news.segments.map(presentSegment) };
    case 'processing':
      return {
        type: 'memory_processing_started',
        memory: presentConversation(news.conversation),
        messages: [],
      };
    case 'created':
      return { type: 'memory_created', memory: presentConversation(news.conversation), messages: [] };
    case 'photo-received':
      return { type: 'photo_processing', temp_id: news.temporaryId, photo_id: news.photoId };
    case 'photo-described':
      return {
        type: 'photo_described',
        photo_id: news.photoId,
        description: news.description,
        discarded: news.discarded,
      };
    case 'speaker':
      return {
        type: 'speaker_label_suggestion',
        speaker_id: speakerNumber(news.speaker),
        person_id: news.personId,
        person_name: news.personName,
        segment_id: news.segmentId,
      };
  }
}

export const ImageChunk = Type.Object({
  id: Type.String(),
  index: Type.Integer(),
  total: Type.Integer(),
  data: Type.String(),
});

export const SpeakerAssigned = Type.Object({
  speaker_id: Type.Integer(),
  person_id: Type.String(),
  segment_ids: Type.Array(Type.String(), { maxItems: 10_000 }),
});

/** The object in a text message; null for what is none (contract §4.3: ignored). */
export function messageIn(text: string): ({ readonly type: string } & Record<string, unknown>) | null {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === 'object' &&
      message !== null &&
      'type' in message &&
      typeof message.type === 'string'
      ? { ...message, type: message.type }
      : null;
  } catch {
    return null;
  }
}
