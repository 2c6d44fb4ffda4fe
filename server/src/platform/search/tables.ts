import type { Generated } from 'kysely';

/** Tables of the search port. */
export interface SearchTables {
  search_documents: SearchDocumentRow;
}

export interface SearchDocumentRow {
  document: Generated<number>;
  owner: string;
  collection: string;
  id: string;
  /** Words, as `words.ts` makes them, joined by blanks. */
  title: string;
  body: string;
  at: number;
}
