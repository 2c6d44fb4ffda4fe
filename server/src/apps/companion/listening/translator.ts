import { detectLanguage } from '../../../platform/ai/builtin/language.js';
import type { Platform } from '../../../platform/platform.js';
import type { Rooms } from '../rooms.js';
import type { SegmentRow } from '../tables.js';

const milliseconds = 20_000;

/** Puts what is said in a language that is not the user's into theirs, where there is a language model. */
export interface Translator {
  /** The segments that were translated; none when there is nothing to do or nobody to do it. */
  translate(userId: string, rows: readonly SegmentRow[]): Promise<readonly SegmentRow[]>;
}

export function createTranslator(
  { text, database }: Pick<Platform, 'text' | 'database'>,
  { stores, users }: Rooms,
): Translator {
  const translated = async (row: SegmentRow, lang: string): Promise<SegmentRow> => {
    const { text: said } = await text.text(
      [
        {
          role: 'system',
          content: `Translate what the user says to the language "${lang}". Answer with the translation only.`,
        },
        { role: 'user', content: row.text },
      ],
      { signal: AbortSignal.timeout(milliseconds) },
    );
    const translations = JSON.stringify([{ lang, text: said.trim() }]);
    // The text is the same: it counts as no change of the segment.
    const { updated_at } = row;
    await database.transaction((tx) =>
      stores.conversations.changeSegment(tx, row.id, { translations, updated_at }),
    );
    return { ...row, translations };
  };
  return {
    translate: async (userId, rows) => {
      if (text.engine === 'builtin') return [];
      const lang = (await users.profile(userId))?.language?.split('-')[0] ?? null;
      if (lang === null || lang === 'multi') return [];
      const foreign = rows.filter((row) => {
        const spoken = detectLanguage(row.text);
        return spoken !== null && spoken !== lang;
      });
      return Promise.all(foreign.map((row) => translated(row, lang)));
    },
  };
}
