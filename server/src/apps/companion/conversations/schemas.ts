import { Type } from 'typebox';

const Text = Type.String();
const Flag = Type.Boolean();
const TextOrNull = Type.Union([Text, Type.Null()]);

const SegmentShape = Type.Object({
  id: Text,
  text: Text,
  speaker: Type.String({ description: '`SPEAKER_00`' }),
  speaker_id: Type.Integer(),
  is_user: Flag,
  person_id: TextOrNull,
  start: Type.Number({ description: 'Seconds from started_at.' }),
  end: Type.Number(),
  translations: Type.Array(Type.Object({ lang: Text, text: Text })),
  speech_profile_processed: Flag,
  source: TextOrNull,
  asr_provider: TextOrNull,
});

/** Contract §6.1. For the manual: the presenter makes the answers, and `wire/json.ts` writes them. */
export const ConversationShape = Type.Unsafe<Record<string, unknown>>(
  Type.Object(
    {
      id: Text,
      created_at: Text,
      started_at: Text,
      finished_at: Text,
      structured: Type.Object({
        title: Text,
        overview: Text,
        emoji: Text,
        category: Text,
        action_items: Type.Array(Type.Object({}, { additionalProperties: true })),
        events: Type.Array(Type.Object({}, { additionalProperties: true })),
      }),
      transcript_segments: Type.Array(SegmentShape),
      status: Text,
      discarded: Flag,
      visibility: Text,
    },
    { additionalProperties: true },
  ),
);

export const SearchBody = Type.Object({
  query: Type.String({ maxLength: 2_000 }),
  page: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
  per_page: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
  include_discarded: Type.Optional(Type.Union([Flag, Type.Null()])),
  start_date: Type.Optional(TextOrNull),
  end_date: Type.Optional(TextOrNull),
});

export const EventsBody = Type.Object({
  events_idx: Type.Array(Type.Integer(), { maxItems: 1_000 }),
  values: Type.Array(Flag, { maxItems: 1_000 }),
});

export const AssignBody = Type.Object({
  segment_ids: Type.Array(Type.String({ maxLength: 100 }), { maxItems: 10_000 }),
  assign_type: Text,
  value: Type.Optional(Type.Union([Text, Flag, Type.Null()])),
});
