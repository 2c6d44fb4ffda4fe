import type { Upload } from '../wire/uploads.js';

/** By their first bytes. */
const signatures: readonly (readonly [type: string, matches: (bytes: Buffer) => boolean])[] = [
  ['image/png', (bytes) => bytes.subarray(0, 4).toString('latin1') === '\x89PNG'],
  ['image/jpeg', (bytes) => bytes[0] === 0xff && bytes[1] === 0xd8],
  ['image/gif', (bytes) => bytes.subarray(0, 4).toString('latin1') === 'GIF8'],
  ['image/webp', (bytes) => bytes.subarray(8, 12).toString('latin1') === 'WEBP'],
  ['application/pdf', (bytes) => bytes.subarray(0, 5).toString('latin1') === '%PDF-'],
];

const byExtension: Readonly<Record<string, string>> = {
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  html: 'text/html',
  json: 'application/json',
  xml: 'application/xml',
};

const NOT_SAID = 'application/octet-stream';

/** What a file is: the app does not always say, and pictures are what their bytes are. */
export function fileTypeOf({ name, mimeType, bytes }: Upload): string {
  const known = signatures.find(([, matches]) => matches(bytes));
  if (known) return known[0];
  const said = mimeType === '' || mimeType.startsWith('image/') ? NOT_SAID : mimeType;
  return said === NOT_SAID ? (byExtension[name.split('.').at(-1)?.toLowerCase() ?? ''] ?? NOT_SAID) : said;
}
