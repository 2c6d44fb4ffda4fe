import { sql } from 'kysely';
import type { Database } from '../../database/database.js';
import { searchDocuments } from '../documents.js';
import type { Search, SearchQuery } from '../search.js';
import { queryWordsOf } from '../words.js';

interface Match {
  readonly collection: string;
  readonly id: string;
  readonly score: number;
}

/** How much a word counts in the owner's id (not at all), the title and the body. */
const WEIGHTS = sql.raw('0.0, 4.0, 1.0');

/** Search by FTS5. */
export function sqliteSearch(database: Database): Search {
  return {
    ...searchDocuments,
    find: async (query) => {
      const expression = matchExpression(query);
      if (!expression) return { matches: [], total: 0 };
      const matching = sql`from search_index
        join search_documents d on d.document = search_index.rowid
        where search_index match ${expression}
          and d.owner = ${query.owner}
          and d.collection in (${sql.join([...query.collections])})`;
      const order = query.order === 'newest' ? sql`d.at desc, d.id` : sql`score desc, d.at desc, d.id`;
      const page = await sql<Match>`select d.collection as collection, d.id as id,
          -bm25(search_index, ${WEIGHTS}) as score
        ${matching} order by ${order} limit ${query.limit} offset ${query.offset ?? 0}`.execute(
        database.read,
      );
      const count = await sql<{ total: number }>`select count(*) as total ${matching}`.execute(database.read);
      return { matches: page.rows, total: Number(count.rows[0]?.total ?? 0) };
    },
  };
}

/** Every part is a quoted string, so nothing that somebody typed is taken for an operator. */
function matchExpression({ owner, words, match }: SearchQuery): string | null {
  const asked = queryWordsOf(words);
  if (asked.length === 0) return null;
  const quoted = asked.map((word, index) =>
    match === 'all' && index === asked.length - 1 ? `"${word}"*` : `"${word}"`,
  );
  const joined = quoted.join(match === 'all' ? ' AND ' : ' OR ');
  return `owner : "${owner.replaceAll('"', '')}" AND {title body} : (${joined})`;
}
