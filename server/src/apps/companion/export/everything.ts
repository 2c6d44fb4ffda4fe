import type { Platform } from '../../../platform/platform.js';
import { presentActionItem } from '../action-items/presenter.js';
import { presentMessage } from '../chat/presenter.js';
import { presentConversation } from '../conversations/presenter.js';
import { prefixOf } from '../media/keys.js';
import { presentMemory } from '../memories/presenter.js';
import { presentPerson } from '../people/routes.js';
import type { Rooms } from '../rooms.js';
import type { ChatMessageRow } from '../tables.js';
import { companionJson } from '../wire/json.js';
import { type ArchiveEntry, jsonEntry } from './archive.js';

const PAGE = 200;
const CHAT_PAGE = 1_000;

const README = `Everything that this server's companion app keeps of you.

account.json            who you are, your settings and what was used
conversations/          one file each: summary, transcript, to-dos, photos' descriptions
memories.json           facts about you
action-items.json       to-dos
people.json             people whose voices were named
chat/                   what you asked and what was answered, oldest first
media/                  photos, your voice sample, recordings and files of the chat; the names are those that the files above tell
`;

/** Writes down everything that a user owns here, as it is while it is read. */
export async function* everythingOf(
  { accounts, clock, media, users }: Pick<Platform, 'accounts' | 'clock' | 'media' | 'users'>,
  rooms: Rooms,
  userId: string,
): AsyncGenerator<ArchiveEntry> {
  const now = clock.now();
  const readme = Buffer.from(README);

  yield { name: 'README.txt', modifiedAt: now, size: readme.byteLength, content: readme };
  yield jsonEntry('account.json', now, {
    id: userId,
    account: await accounts.profile(userId),
    settings: await rooms.users.profile(userId),
    webhooks: await rooms.webhooks.list(userId),
    usage: await rooms.users.usage(userId, 'all_time'),
  });

  for (let offset = 0; ; offset += PAGE) {
    const page = await rooms.conversations.list(
      userId,
      { statuses: ['in_progress', 'processing', 'completed', 'failed'], includeDiscarded: true },
      { limit: PAGE, offset },
    );
    for (const conversation of page) {
      const day = new Date(conversation.started_at).toISOString().slice(0, 10);
      const presented = {
        ...presentConversation(conversation),
        media: conversation.photos.map(({ media_key }) => nameOf(media_key)),
      };
      const name = `conversations/${day}-${conversation.id}.json`;
      yield jsonEntry(name, conversation.updated_at, JSON.parse(companionJson(presented)));
    }
    if (page.length < PAGE) break;
  }

  yield jsonEntry(
    'memories.json',
    now,
    await allOf((page) => rooms.memories.list(userId, page), presentMemory),
  );
  yield jsonEntry(
    'action-items.json',
    now,
    await allOf((page) => rooms.items.list(userId, {}, page), presentActionItem),
  );
  yield jsonEntry('people.json', now, (await rooms.people.list(userId)).map(presentPerson));
  yield* chatOf(rooms, userId, now);
  for (const owner of [userId, ...(await users.formerIds(userId))]) yield* mediaOf(media, owner);
}

/** Page by page, so that no list is cut off. */
async function allOf<Row>(
  list: (page: { limit: number; offset: number }) => Promise<readonly Row[]>,
  present: (row: Row) => unknown,
): Promise<unknown[]> {
  const all: unknown[] = [];
  for (let offset = 0; ; offset += CHAT_PAGE) {
    const page = await list({ limit: CHAT_PAGE, offset });
    all.push(...page.map(present));
    if (page.length < CHAT_PAGE) return all;
  }
}

async function* chatOf(rooms: Rooms, userId: string, now: number): AsyncGenerator<ArchiveEntry> {
  const files = new Map((await rooms.stores.chat.allFiles(userId)).map((file) => [file.id, file]));
  let last: ChatMessageRow | null = null;
  for (let number = 1; ; number += 1) {
    const page: ChatMessageRow[] = await rooms.stores.chat.page(userId, last, CHAT_PAGE);
    if (page.length === 0) return;
    const cited = page.flatMap(({ conversation_ids }) => JSON.parse(conversation_ids) as string[]);
    const conversations = await rooms.conversations.headers(userId, [...new Set(cited)]);
    const references = { files, conversations: new Map(conversations.map((row) => [row.id, row])) };
    yield jsonEntry(
      `chat/${String(number).padStart(4, '0')}.json`,
      now,
      page.map((message) => presentMessage(message, references)),
    );
    last = page.at(-1) ?? null;
  }
}

async function* mediaOf(media: Platform['media'], owner: string): AsyncGenerator<ArchiveEntry> {
  for await (const { key, size, modifiedAt } of media.list(prefixOf(owner))) {
    const content = await media.read(key);
    if (content === null) continue; // removed since it was listed
    yield {
      name: nameOf(key),
      modifiedAt,
      size: Buffer.isBuffer(content) ? content.byteLength : size,
      content,
    };
  }
}

/** Without the app and the owner. */
const nameOf = (key: string): string => ['media', ...key.split('/').slice(2)].join('/');
