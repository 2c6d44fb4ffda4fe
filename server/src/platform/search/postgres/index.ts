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

/** Search by tsvector. The words are ours already, so the `simple` configuration takes them as they are. */
export function postgresSearch(database: Database): Search {
  return {
    ...searchDocuments,
    find: async (query) => {
      const expression = matchExpression(query);
      if (!expression) return { matches: [], total: 0 };
      const matching = sql`from search_documents
        where words @@ to_tsquery('simple', ${expression})
          and owner = ${query.owner}
          and collection in (${sql.join([...query.collections])})`;
      const order = query.order === 'newest' ? sql`at desc, id` : sql`score desc, at desc, id`;
      const page = await sql<Match>`select collection, id,
          ts_rank('{0.25, 0.25, 0.25, 1.0}', words, to_tsquery('simple', ${expression}), 1) as score
        ${matching} order by ${order} limit ${query.limit} offset ${query.offset ?? 0}`.execute(
        database.read,
      );
      const count = await sql<{ total: number }>`select count(*) as total ${matching}`.execute(database.read);
      return { matches: page.rows, total: Number(count.rows[0]?.total ?? 0) };
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
