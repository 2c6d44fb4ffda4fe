import { sql } from 'kysely';
import type { Database } from '../../database/database.js';
import { searchDocuments } from '../documents.js';
import type { Search, SearchMatch, SearchQuery } from '../search.js';
import { queryWordsOf } from '../words.js';

/** How much a word counts in the owner's id (not at all), the title and the body. */
const WEIGHTS = sql.raw('0.0, 4.0, 1.0');

/** Search by FTS5. */
export function sqliteSearch(database: Database): Search {
  return {
    ...searchDocuments,
    find: async (query) => {
      const expression = matchExpression(query);
      if (!expression) return [];
      const order = query.order === 'newest' ? sql`` : sql`bm25(search_index, ${WEIGHTS}),`;
      const { rows } = await sql<SearchMatch>`select d.collection as collection, d.id as id
        from search_index
        join search_documents d on d.document = search_index.rowid
        where search_index match ${expression}
          and d.owner = ${query.owner}
          and d.collection in (${sql.join([...query.collections])})
        order by ${order} d.at desc, d.id
        limit +${query.limit} offset ${query.offset ?? 0}`.execute(database.read);
      return rows;
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
  return `owner : "${owner.replaceAll(/["-]/g, '')}" AND {title body} : (${joined})`;
}
