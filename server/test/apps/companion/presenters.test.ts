import fc from 'fast-check';
import { expect, it } from 'vitest';
import { presentActionItem } from '../../../src/apps/companion/action-items/presenter.js';
import { presentConversation } from '../../../src/apps/companion/conversations/presenter.js';
import { presentMemory } from '../../../src/apps/companion/memories/presenter.js';
import { presentPerson } from '../../../src/apps/companion/people/routes.js';
import type { WholeConversation } from '../../../src/apps/companion/services.js';
import type {
  ActionItemRow,
  ConversationRow,
  MemoryRow,
  PersonRow,
  SegmentRow,
} from '../../../src/apps/companion/tables.js';
import { companionJson } from '../../../src/apps/companion/wire/json.js';
import { readAnswer } from './strict-model.js';

const headers = new Headers({ 'content-type': 'application/json; charset=utf-8' });
/** Gives what is shown to the app's parsers. */
const parsed = (path: string, shown: unknown): void =>
  readAnswer('GET', path, { status: 200, headers, text: companionJson(shown) });

// What the database may hold: any text without NUL characters, any number.
const text = fc
  .oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('\\u000037.0', '"37.0"', '37', 'null', '\u2028'))
  .map((words) => words.replaceAll('\0', ''));
const name = text.map((words) => words || 'x');
const id = fc.uuid();
const instant = fc.integer({ min: -62_200_000_000_000, max: 8_640_000_000_000_000 });
const flag = fc.constantFrom(0, 1);
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.constant(-0));

const segment: fc.Arbitrary<SegmentRow> = fc.record({
  id,
  conversation_id: id,
  user_id: id,
  text,
  speaker: fc.oneof(fc.constantFrom('SPEAKER_00', 'SPEAKER_17', 'SPEAKER', 'SPEAKER_x', ''), text),
  is_user: flag,
  person_id: orNull(id),
  start_at: number,
  end_at: number,
  translations: fc.array(fc.record({ lang: text, text })).map((list) => JSON.stringify(list)),
  source: orNull(text),
  asr_provider: orNull(text),
  created_at: instant,
  updated_at: instant,
});
const actionItem: fc.Arbitrary<ActionItemRow> = fc.record({
  id,
  user_id: id,
  conversation_id: orNull(id),
  position: fc.nat(),
  description: name,
  completed: flag,
  due_at: orNull(instant),
  completed_at: orNull(instant),
  deleted: fc.constant(0),
  created_at: instant,
  updated_at: instant,
});
const place = fc.record(
  { latitude: number, longitude: number, altitude: orNull(number), accuracy: number, address: orNull(text) },
  { requiredKeys: ['latitude'] },
);
const row: fc.Arbitrary<ConversationRow> = fc.record({
  id,
  user_id: id,
  status: fc.constantFrom('in_progress', 'processing', 'completed', 'failed'),
  source: fc.constantFrom('omi', 'openglass', 'sdcard'),
  language: orNull(text),
  created_at: instant,
  started_at: instant,
  finished_at: instant,
  timeout_seconds: fc.nat(),
  title: text,
  overview: text,
  emoji: text,
  category: text,
  events: fc
    .array(
      fc.record({
        title: text,
        start: instant,
        duration: fc.double({ min: 0, max: 1e6, noNaN: true }),
        description: text,
        created: fc.boolean(),
      }),
    )
    .map((list) => JSON.stringify(list)),
  discarded: flag,
  visibility: fc.constantFrom('private', 'shared', 'public'),
  geolocation: orNull(place.map((kept) => JSON.stringify(kept))),
  apps_results: fc
    .array(fc.record({ app_id: orNull(text), content: text }))
    .map((list) => JSON.stringify(list)),
  external_data: orNull(fc.constant('{"text":"words"}')),
  revision: fc.nat(),
  updated_at: instant,
});
const conversation: fc.Arbitrary<WholeConversation> = fc
  .tuple(row, fc.array(segment, { maxLength: 5 }), fc.array(actionItem, { maxLength: 3 }))
  .map(([header, segments, action_items]) => ({ ...header, segments, action_items, photos: [] }));
const memory: fc.Arbitrary<MemoryRow> = fc.record({
  id,
  user_id: id,
  conversation_id: orNull(id),
  content: text,
  category: fc.constantFrom('interesting', 'system'),
  visibility: fc.constantFrom('private', 'public'),
  tags: fc.array(text).map((list) => JSON.stringify(list)),
  reviewed: flag,
  user_review: orNull(flag),
  manually_added: flag,
  edited: flag,
  app_id: orNull(text),
  created_at: instant,
  updated_at: instant,
});
const person: fc.Arbitrary<PersonRow> = fc.record({
  id,
  user_id: id,
  name,
  speech_samples: fc.constant('[]'),
  created_at: instant,
  updated_at: instant,
});

it('§11 shows conversations as the app’s parser takes them, whatever is kept of them', () => {
  fc.assert(
    fc.property(fc.array(conversation, { maxLength: 3 }), (list) => {
      parsed(
        'v1/conversations',
        list.map((one) => presentConversation(one)),
      );
      for (const one of list) {
        // Texts come through as they are, also those that look like numbers.
        const { structured } = JSON.parse(companionJson(presentConversation(one)));
        expect(structured.title).toBe(one.title);
      }
    }),
  );
});

it('§11 shows to-dos, memories and people likewise', () => {
  fc.assert(
    fc.property(fc.array(actionItem), fc.array(memory), fc.array(person), (items, memories, people) => {
      parsed('v1/action-items', { action_items: items.map(presentActionItem), has_more: false });
      parsed('v3/memories', memories.map(presentMemory));
      parsed('v1/users/people', people.map(presentPerson));
    }),
  );
});
