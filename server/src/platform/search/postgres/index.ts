import { sql } from 'kysely';
import type { Database } from '../../database/database.js';
import { searchDocuments } from '../documents.js';
import type { Search, SearchMatch, SearchQuery } from '../search.js';
import { queryWordsOf } from '../words.js';

/** Search by tsvector. The words are ours already, so the `simple` configuration takes them as they are. */
export function postgresSearch(database: Database): Search {
  return {
    ...searchDocuments,
    find: async (query) => {
      const expression = matchExpression(query);
      if (!expression) return [];
      const rank = sql`ts_rank('{0.25, 0.25, 0.25, 1.0}', words, to_tsquery('simple', ${expression}), 1)`;
      const order = query.order === 'newest' ? sql`` : sql`${rank} desc,`;
      const { rows } = await sql<SearchMatch>`select collection, id
        from search_documents
        where words @@ to_tsquery('simple', ${expression})
          and owner = ${query.owner}
          and collection in (${sql.join([...query.collections])})
        order by ${order} at desc, id
        limit ${query.limit} offset ${query.offset ?? 0}`.execute(database.read);
      return rows;
    },
  };
}

/** The words hold letters and digits only, and the quotes keep what is an operator elsewhere from being one. */
function matchExpression({ words, match }: SearchQuery): string | null {
  const asked = queryWordsOf(words);
  if (asked.length === 0) return null;
  return asked
    .map((word, index) => (match === 'all' && index === asked.length - 1 ? `'${word}':*` : `'${word}'`))
    .join(match === 'all' ? ' & ' : ' | ');
}
