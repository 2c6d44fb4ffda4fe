import { buffer } from 'node:stream/consumers';
import { errors } from '../../../platform/http/errors.js';
import { uuidV7 } from '../../../platform/ids.js';
import type { Platform } from '../../../platform/platform.js';
import { mediaKey } from '../media/keys.js';
import type { Rooms } from '../rooms.js';
import type { ChatFileRow, ChatMessageRow } from '../tables.js';
import type { Upload } from '../wire/uploads.js';
import type { Answerer, AttachedFile } from './answerer.js';
import { answerFrames } from './answering.js';
import { fileTypeOf } from './file-types.js';
import { knowledgeFor } from './knowledge.js';
import { newMessage } from './new-message.js';
import { presentMessage } from './presenter.js';
import { createPromptedAnswerer } from './prompted-answerer.js';
import { createRulesAnswerer } from './rules-answerer.js';
import type { ChatStore } from './store.js';
import { chatWords } from './words.js';

/** Contract §5.4. */
const SHOWN_MESSAGES = 100;
/** How many earlier messages an answer takes into account. */
const HISTORY = 12;
/** Two devices of one user may write at the same moment. */
const PLACE_ATTEMPTS = 20;

type Said = Parameters<typeof newMessage>[1];

export function createChatService(platform: Platform, rooms: Rooms, store: ChatStore) {
  const { accounts, clock, database, media } = platform;
  const answerer: Answerer =
    platform.text.engine === 'builtin' ? createRulesAnswerer() : createPromptedAnswerer(platform.text);

  const add = async (message: Said): Promise<ChatMessageRow> => {
    const row = newMessage(clock.now(), message);
    for (let attempt = 1; attempt <= PLACE_ATTEMPTS; attempt += 1) {
      const added = await database.transaction((tx) => store.add(tx, row));
      if (added) return added;
    }
    throw errors.conflict('Too many messages at the same moment. Please try again.');
  };
  const settingsOf = async (userId: string) => {
    const profile = await rooms.users.profile(userId);
    return { language: profile?.language ?? null, timeZone: profile?.time_zone ?? 'UTC' };
  };
  const greeting = async (userId: string, appId: string): Promise<Said> => {
    const [settings, account] = await Promise.all([settingsOf(userId), accounts.profile(userId)]);
    const words = chatWords(settings.language?.startsWith('fr') ? 'fr' : 'en', settings.timeZone);
    return { user_id: userId, app_id: appId, sender: 'ai', text: words.greeting(account?.name ?? null) };
  };

  const present = async (
    userId: string,
    messages: readonly ChatMessageRow[],
  ): Promise<Record<string, unknown>[]> => {
    const idsIn = (column: 'conversation_ids' | 'file_ids') => [
      ...new Set(messages.flatMap((message) => JSON.parse(message[column]) as string[])),
    ];
    const [conversations, files] = await Promise.all([
      rooms.conversations.headers(userId, idsIn('conversation_ids')),
      store.files(null, userId, idsIn('file_ids')),
    ]);
    const references = { conversations: byId(conversations), files: byId(files) };
    return messages.map((message) => presentMessage(message, references));
  };
  const presentOne = async (userId: string, message: ChatMessageRow) => (await present(userId, [message]))[0];

  const attached = (files: readonly ChatFileRow[]): Promise<AttachedFile[]> =>
    Promise.all(
      files.map(async ({ name, mime_type, media_key }) => {
        const content = await media.read(media_key);
        const bytes =
          content === null ? Buffer.alloc(0) : Buffer.isBuffer(content) ? content : await buffer(content);
        return { name, mimeType: mime_type, bytes };
      }),
    );

  const clear = async (userId: string, appId: string): Promise<void> => {
    await database.transaction(async (tx) => {
      const files = await store.files(tx, userId, await store.clear(tx, userId, appId));
      await store.removeFiles(
        tx,
        files.map(({ id }) => id),
      );
      await rooms.erasing.erase(
        tx,
        userId,
        files.map(({ media_key }) => media_key),
      );
    });
  };

  return {
    add,
    presentOne,

    /** Newest first; a chat without messages begins with a greeting. */
    list: async (userId: string, appId: string): Promise<Record<string, unknown>[]> => {
      const messages = await store.newest(userId, appId, SHOWN_MESSAGES);
      if (messages.length > 0) return present(userId, messages);
      const first = newMessage(clock.now(), await greeting(userId, appId));
      await database.transaction((tx) => store.begin(tx, first));
      return present(userId, await store.newest(userId, appId, SHOWN_MESSAGES));
    },

    /** A greeting at the end of the chat. */
    greet: async (userId: string, appId: string) =>
      presentOne(userId, await add(await greeting(userId, appId))),

    /** Removes everything, with the files that were sent, and begins anew. */
    clear: async (userId: string, appId: string) => {
      await clear(userId, appId);
      return presentOne(userId, await add(await greeting(userId, appId)));
    },

    /** @throws AppError 404 */
    mark: async (userId: string, id: string, change: Parameters<ChatStore['mark']>[3]): Promise<void> => {
      if (!(await database.transaction((tx) => store.mark(tx, userId, id, change)))) {
        throw errors.notFound('Message not found');
      }
    },

    addFiles: async (userId: string, uploads: readonly Upload[]): Promise<ChatFileRow[]> => {
      const now = clock.now();
      const rows: ChatFileRow[] = [];
      for (const upload of uploads) {
        const id = uuidV7(now);
        const { key, size } = await media.put(mediaKey(userId, 'chat', id), upload.bytes);
        rows.push({
          id,
          user_id: userId,
          name: upload.name,
          mime_type: fileTypeOf(upload),
          media_key: key,
          thumbnail_key: null,
          size,
          created_at: now,
        });
      }
      await database.transaction((tx) => store.addFiles(tx, rows));
      return rows;
    },

    /**
     * Stores what the user wrote; the answer is written while its frames are read.
     *
     * @param fileIds those that are not the user's are left out
     * @param signal aborts when the client goes away
     */
    ask: async (
      userId: string,
      question: { readonly appId: string; readonly text: string; readonly fileIds: readonly string[] },
      signal: AbortSignal,
    ): Promise<{ readonly asked: ChatMessageRow; readonly frames: AsyncGenerator<string> }> => {
      const { appId, text } = question;
      const [settings, found, earlier] = await Promise.all([
        settingsOf(userId),
        store.files(null, userId, question.fileIds),
        store.newest(userId, appId, HISTORY),
      ]);
      const foundById = byId(found);
      const files = question.fileIds.flatMap((id) => foundById.get(id) ?? []);
      const asked = await add({
        user_id: userId,
        app_id: appId,
        sender: 'human',
        text,
        file_ids: JSON.stringify(files.map(({ id }) => id)),
      });
      const now = clock.now();
      const context = {
        gather: async () => ({
          text,
          now,
          ...settings,
          history: earlier.toReversed(),
          files: await attached(files),
          knowledge: await knowledgeFor(rooms, userId, { text, now, timeZone: settings.timeZone }),
        }),
        keep: (answer: string, cited: readonly string[]) =>
          add({
            user_id: userId,
            app_id: appId,
            sender: 'ai',
            text: answer,
            conversation_ids: JSON.stringify(cited),
          }),
        present: (message: ChatMessageRow) => presentOne(userId, message),
      };
      return {
        asked,
        frames: answerFrames(platform, answerer, context, { text, timeZone: settings.timeZone }, signal),
      };
    },
  };
}

export type ChatService = ReturnType<typeof createChatService>;

const byId = <Row extends { readonly id: string }>(rows: readonly Row[]): ReadonlyMap<string, Row> =>
  new Map(rows.map((row) => [row.id, row]));
