import { type Static, Type } from 'typebox';
import { checkMediaKey } from '../../platform/media/media.js';

export const FORMAT = 'earshot-backup';
/** Raised when an older program could not read the archive correctly. */
export const FORMAT_VERSION = 1;

const Content = {
  /** Bytes. */
  size: Type.Integer({ minimum: 0 }),
  sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
};

/** What an archive holds: its last entry, so that an archive that was cut off has none. */
export const Manifest = Type.Object({
  format: Type.Literal(FORMAT),
  formatVersion: Type.Integer({ minimum: 1 }),
  serverVersion: Type.String(),
  /** ISO 8601. */
  createdAt: Type.String(),
  /** Which database it came from; it restores into either. */
  dialect: Type.Union([Type.Literal('sqlite'), Type.Literal('postgres')]),
  /** Ids of the schema's steps that the rows fit. */
  migrations: Type.Array(Type.String()),
  /** Tables before those that refer to them. */
  tables: Type.Array(Type.Object({ name: Type.String(), rows: Type.Integer({ minimum: 0 }), ...Content })),
  media: Type.Array(Type.Object({ key: Type.String(), ...Content })),
  /** Null when the secret came from the configuration. */
  secrets: Type.Union([Type.Object(Content), Type.Null()]),
});

export type Manifest = Static<typeof Manifest>;

/** Size and hash of an entry's bytes. */
export interface EntryContent {
  readonly size: number;
  readonly sha256: string;
}

export const MANIFEST_ENTRY = 'manifest.json';
export const SECRETS_ENTRY = 'secrets.json';
export const tableEntry = (table: string): string => `database/${table}.ndjson`;
export const mediaEntry = (key: string): string => `media/${key}`;

export type EntryName =
  | { readonly kind: 'manifest' | 'secrets' }
  | { readonly kind: 'table'; readonly table: string }
  | { readonly kind: 'media'; readonly key: string };

const TABLE_ENTRY = /^database\/([a-z][a-z0-9_]{0,62})\.ndjson$/;

/** What an entry is by its name; null for a name that no backup has, such as one that leaves its folder. */
export function parseEntryName(name: string): EntryName | null {
  if (name === MANIFEST_ENTRY) return { kind: 'manifest' };
  if (name === SECRETS_ENTRY) return { kind: 'secrets' };
  const table = TABLE_ENTRY.exec(name)?.[1];
  if (table) return { kind: 'table', table };
  const key = name.startsWith('media/') ? name.slice('media/'.length) : '';
  try {
    checkMediaKey(key);
    return { kind: 'media', key };
  } catch {
    return null; // the caller says which entry it was
  }
}
