import type { Static, TSchema } from 'typebox';
import { Type } from 'typebox';
import { presentMemory } from '../../memories/presenter.js';
import { instantOrNull } from '../../wire/instants.js';
import type { Notes } from '../notes.js';

/** Something that an assistant can do for its user. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: TSchema;
  readonly isReadOnly: boolean;
  /** @param input satisfies the schema */
  run(userId: string, input: unknown): Promise<unknown>;
}

const limit = (usual: number) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: `Default ${usual}.` }));
const offset = Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 }));
const date = (what: string) =>
  Type.Optional(Type.String({ maxLength: 40, description: `${what}, such as 2026-11-21T03:37:31Z.` }));
const categories = Type.Optional(Type.Array(Type.String({ maxLength: 100 }), { maxItems: 50 }));
const id = Type.String({ minLength: 1, maxLength: 100 });
const content = Type.String({ minLength: 1, maxLength: 10_000 });
const exact = { additionalProperties: false };

/** Types what a tool is given by its schema. */
const tool = <Input extends TSchema>(
  definition: Omit<Tool, 'run' | 'input'> & {
    readonly input: Input;
    run(userId: string, input: Static<Input>): Promise<unknown>;
  },
): Tool => ({
  ...definition,
  run: (userId, input) => definition.run(userId, input as Static<Input>),
});

/** The tools over a user's notes. */
export const toolsFor = (notes: Notes): readonly Tool[] => [
  tool({
    name: 'search',
    title: 'Search',
    description: 'Finds conversations and memories of the user by words; the best matches come first.',
    input: Type.Object({ query: Type.String({ minLength: 1, maxLength: 2_000 }), limit: limit(10) }, exact),
    isReadOnly: true,
    run: (userId, input) => notes.search(userId, input.query, input.limit ?? 10),
  }),
  tool({
    name: 'list_conversations',
    title: 'List conversations',
    description: "Titles and overviews of the user's conversations, newest first.",
    input: Type.Object(
      {
        start_date: date('Not before'),
        end_date: date('Not after'),
        categories,
        limit: limit(25),
        offset,
      },
      exact,
    ),
    isReadOnly: true,
    run: (userId, input) =>
      notes.conversations(
        userId,
        {
          from: instantOrNull(input.start_date, 'start_date'),
          to: instantOrNull(input.end_date, 'end_date'),
          categories: input.categories ?? [],
        },
        { limit: input.limit ?? 25, offset: input.offset ?? 0 },
      ),
  }),
  tool({
    name: 'get_conversation',
    title: 'Read a conversation',
    description: 'One conversation with its whole transcript.',
    input: Type.Object({ id }, exact),
    isReadOnly: true,
    run: (userId, input) => notes.conversation(userId, input.id),
  }),
  tool({
    name: 'list_memories',
    title: 'List memories',
    description: 'Lasting facts about the user.',
    input: Type.Object({ categories, limit: limit(50), offset }, exact),
    isReadOnly: true,
    run: (userId, input) =>
      notes.memories(userId, {
        categories: input.categories ?? [],
        limit: input.limit ?? 50,
        offset: input.offset ?? 0,
      }),
  }),
  tool({
    name: 'add_memory',
    title: 'Write a memory down',
    description: 'Keeps a lasting fact about the user.',
    input: Type.Object({ content, category: Type.Optional(Type.String({ maxLength: 100 })) }, exact),
    isReadOnly: false,
    run: async (userId, input) =>
      presentMemory(await notes.addMemory(userId, input.content, input.category ?? null)),
  }),
  tool({
    name: 'edit_memory',
    title: 'Rewrite a memory',
    description: 'Replaces the words of a fact about the user.',
    input: Type.Object({ id, content }, exact),
    isReadOnly: false,
    run: async (userId, input) => presentMemory(await notes.editMemory(userId, input.id, input.content)),
  }),
  tool({
    name: 'delete_memory',
    title: 'Remove a memory',
    description: 'Forgets a fact about the user for ever.',
    input: Type.Object({ id }, exact),
    isReadOnly: false,
    run: async (userId, input) => {
      await notes.removeMemory(userId, input.id);
      return { removed: input.id };
    },
  }),
  tool({
    name: 'list_action_items',
    title: 'List to-dos',
    description: "The user's to-dos, those that are due first.",
    input: Type.Object({ completed: Type.Optional(Type.Boolean()), limit: limit(50), offset }, exact),
    isReadOnly: true,
    run: (userId, input) =>
      notes.actionItems(userId, input.completed ?? null, {
        limit: input.limit ?? 50,
        offset: input.offset ?? 0,
      }),
  }),
];
