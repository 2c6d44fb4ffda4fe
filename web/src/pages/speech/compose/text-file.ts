import { codePoints } from '../words.ts';

export type ReadText = { readonly text: string; readonly title: string } | { readonly refusal: string };

/** UTF-8 needs at most four bytes a character; the byte order mark is the rest. */
function byteLimit(maxCharacters: number): number {
  return maxCharacters * 4 + 3;
}

function decode(bytes: Uint8Array): string | null {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : 'utf-8';
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}

/** Reads a dropped or chosen text file, or says in words why not. Line ends become plain newlines. */
export async function readTextFile(file: File, maxCharacters: number): Promise<ReadText> {
  const limit = maxCharacters.toLocaleString('en');
  if (file.size > byteLimit(maxCharacters)) {
    return { refusal: `“${file.name}” is too large: one text may have up to ${limit} characters.` };
  }
  const decoded = decode(new Uint8Array(await file.arrayBuffer()));
  if (decoded === null) {
    return { refusal: `“${file.name}” is not a plain text. Please choose a .txt or .md file in UTF-8.` };
  }
  const text = decoded.replace(/\r\n?/g, '\n').trim();
  if (text === '') return { refusal: `“${file.name}” is empty.` };
  const length = codePoints(text);
  if (length > maxCharacters) {
    return {
      refusal: `“${file.name}” has ${length.toLocaleString('en')} characters; one text may have up to ${limit}. Please split it.`,
    };
  }
  return { text, title: file.name.replace(/\.[^.]*$/, '') };
}
