import { type Transaction, withTables } from '../database/database.js';
import type { Search } from './search.js';
import type { SearchTables } from './tables.js';
import { wordsOf } from './words.js';

/** What both adapters do alike: their indexes follow the rows of `search_documents` by themselves. */
export const searchDocuments: Pick<Search, 'put' | 'remove'> = {
  put: async (tx: Transaction, { owner, collection, id, title, body, at }) => {
    const values = { title: wordsOf(title).join(' '), body: wordsOf(body).join(' '), at };
    await withTables<SearchTables>(tx)
      .insertInto('search_documents')
      .values({ owner, collection, id, ...values })
      .onConflict((conflict) => conflict.columns(['owner', 'collection', 'id']).doUpdateSet(values))
      .execute();
  },
  remove: async (tx, owner, collection, ids) => {
    if (ids.length === 0) return;
    await withTables<SearchTables>(tx)
      .deleteFrom('search_documents')
      .where('owner', '=', owner)
      .where('collection', '=', collection)
      .where('id', 'in', ids)
      .execute();
  },
};
