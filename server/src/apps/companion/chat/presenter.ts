import type { ChatFileRow, ChatMessageRow, ConversationRow } from '../tables.js';
import { isoOf } from '../wire/instants.js';

/** How many cited conversations a message shows (contract §5.5). */
const MOST_CITED = 5;

/** What messages refer to, by id. */
export interface ChatReferences {
  readonly conversations: ReadonlyMap<string, ConversationRow>;
  readonly files: ReadonlyMap<string, ChatFileRow>;
}

/** A chat message as contract §6.5 writes it. What it refers to and is gone is left out. */
export function presentMessage(
  message: ChatMessageRow,
  { conversations, files }: ChatReferences,
): Record<string, unknown> {
  const cited = (JSON.parse(message.conversation_ids) as string[])
    .flatMap((id) => conversations.get(id) ?? [])
    .slice(0, MOST_CITED);
  const sent = (JSON.parse(message.file_ids) as string[]).flatMap((id) => files.get(id) ?? []);
  return {
    ...presentBareMessage(message),
    files: sent.map(presentFile),
    files_id: sent.map(({ id }) => id),
    memories: cited.map(({ id, created_at, title, emoji }) => ({
      id,
      created_at: isoOf(created_at),
      structured: { title, emoji },
    })),
    memories_id: cited.map(({ id }) => id),
    reported: message.reported === 1,
    report_reason: null,
    chat_session_id: null,
    data_protection_level: 'standard',
    ask_for_nps: false,
  };
}

/** Without optional fields: what must fit into one short frame. */
export const presentBareMessage = (message: ChatMessageRow) => ({
  id: message.id,
  created_at: isoOf(message.created_at),
  text: message.text,
  sender: message.sender,
  type: message.type,
  plugin_id: message.app_id || null,
  app_id: message.app_id || null,
  from_integration: false,
  from_external_integration: false,
});

/** A file of a chat; the app calls its id by the name of the original server's upstream. */
export const presentFile = (file: ChatFileRow) => ({
  id: file.id,
  name: file.name,
  mime_type: file.mime_type,
  openai_file_id: file.id,
  created_at: isoOf(file.created_at),
});
