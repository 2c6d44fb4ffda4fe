import type { Transaction } from '../database/database.js';

/** A text that its owner can find again. */
export interface SearchDocument {
  readonly owner: string;
  /** What kind of thing, for example `companion.memory`. */
  readonly collection: string;
  readonly id: string;
  /** Counts more than the body. */
  readonly title: string;
  readonly body: string;
  /** Milliseconds since the epoch: between equally good matches the newer one comes first. */
  readonly at: number;
}

export interface SearchQuery {
  readonly owner: string;
  readonly collections: readonly string[];
  /** What somebody typed. */
  readonly words: string;
  /** `all`: every word occurs, the last one perhaps only begun. `any`: the more of them, the better. */
  readonly match: 'all' | 'any';
  /** Best matches first (default), which has to weigh all of them, or newest first. */
  readonly order?: 'relevance' | 'newest';
  readonly limit: number;
  readonly offset?: number;
}

export interface SearchMatch {
  readonly collection: string;
  readonly id: string;
}

/**
 * The search port: full-text search over what belongs to one owner. Letters' case and accents do not matter, and both adapters
 * take the same words from a text, so that they find the same documents. Adapters: `sqlite/` (FTS5) and `postgres/`
 * (tsvector).
 */
export interface Search {
  /** Makes a document findable, or replaces it, when `tx` commits. */
  put(tx: Transaction, document: SearchDocument): Promise<void>;
  /** Makes it unfindable when `tx` commits; it is no error when it was. */
  remove(tx: Transaction, owner: string, collection: string, ids: readonly string[]): Promise<void>;
  /** Words that mean nothing (punctuation only) find nothing. */
  find(query: SearchQuery): Promise<readonly SearchMatch[]>;
}
