import type { FileStatus, SpeechFile } from './api.ts';

/** One text with its audio, as the library shows it. */
export interface Note {
  readonly id: string;
  readonly contentHash: string;
  readonly title: string;
  /** The beginning of the text; empty when the title says it all. */
  readonly snippet: string;
  readonly text: string;
  readonly givenTitle: string | null;
  readonly voice: string;
  readonly model: string;
  readonly format: string;
  readonly speed: number;
  /** Bytes, once ready. */
  readonly size: number | null;
  /** Length, once known. */
  readonly seconds: number | null;
  readonly status: FileStatus;
  /** Why it failed, in the server's words. */
  readonly failure: string | null;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly expiresAt: number;
  /** Every row of this content: failed attempts before a retry are deleted together with it. */
  readonly fileIds: readonly string[];
}

const titleLength = 50;
const snippetLength = 180;

function shorten(text: string, length: number): string {
  const points = Array.from(text);
  if (points.length <= length) return text;
  const cut = points.slice(0, length - 1).join('');
  const words = cut.replace(/\s+\S*$/u, '');
  // At the last word that fits; scripts without spaces, and giant words, are cut where they are.
  return `${(points[length - 1] === ' ' || words.length < cut.length / 2 ? cut : words).trimEnd()}…`;
}

/** The given title, or else the first line cut to at most 50 characters. */
export function titleOf(givenTitle: string | null, text: string): string {
  if (givenTitle?.trim()) return givenTitle.trim();
  const line = text.split('\n').find((candidate) => candidate.trim() !== '') ?? 'Untitled';
  return shorten(line.trim(), titleLength);
}

function snippetOf(title: string, text: string): string {
  // No more than this much of 50,000 characters is needed for one or two lines.
  const flat = text.slice(0, 600).replace(/\s+/g, ' ').trim();
  if (flat === title) return '';
  const cut = title.endsWith('…') ? title.slice(0, -1) : title;
  const rest = flat.startsWith(cut) ? `${cut === title ? '' : '…'}${flat.slice(cut.length).trim()}` : flat;
  return shorten(rest, snippetLength);
}

function toNote(file: SpeechFile, fileIds: readonly string[]): Note {
  const givenTitle = file.title?.trim() ? file.title.trim() : null;
  const title = titleOf(givenTitle, file.text_content);
  return {
    id: file.id,
    contentHash: file.content_hash,
    title,
    snippet: snippetOf(title, file.text_content),
    text: file.text_content,
    givenTitle,
    voice: file.voice,
    model: file.model,
    format: file.format,
    speed: file.speed,
    size: file.file_size || null,
    seconds: file.duration_seconds ?? null,
    status: file.status,
    failure: file.error ?? null,
    createdAt: Date.parse(file.created_at),
    expiresAt: Date.parse(file.expires_at),
    fileIds,
  };
}

/** One note per content, newest first: a retry makes a new row and the failed one stays in the server's list. */
export function toNotes(files: readonly SpeechFile[]): readonly Note[] {
  const rows = new Map<string, SpeechFile[]>();
  for (const file of files) {
    const same = rows.get(file.content_hash);
    if (same) same.push(file);
    else rows.set(file.content_hash, [file]);
  }
  const notes: Note[] = [];
  for (const same of rows.values()) {
    const newest = same.reduce((a, b) => (Date.parse(b.created_at) > Date.parse(a.created_at) ? b : a));
    notes.push(
      toNote(
        newest,
        same.map((file) => file.id),
      ),
    );
  }
  return notes.sort((a, b) => b.createdAt - a.createdAt);
}

/** Notes whose title, text or voice contain every word of `words`, whatever its case. */
export function search(notes: readonly Note[], words: string): readonly Note[] {
  const wanted = words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return notes;
  return notes.filter((note) => {
    const hay = `${note.title}\n${note.text}\n${note.voice}`.toLocaleLowerCase();
    return wanted.every((word) => hay.includes(word));
  });
}
