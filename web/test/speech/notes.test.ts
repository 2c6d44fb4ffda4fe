import { describe, expect, it } from 'vitest';
import type { SpeechFile } from '../../src/pages/speech/api.ts';
import { search, titleOf, toNotes } from '../../src/pages/speech/notes.ts';

function file(change: Partial<SpeechFile>): SpeechFile {
  return {
    id: 'a',
    content_hash: 'h',
    text_content: 'A line\nand another',
    voice: 'nova',
    model: 'tts-1',
    format: 'mp3',
    speed: 1,
    status: 'ready',
    created_at: '2026-11-21T10:00:00.000Z',
    expires_at: '2026-11-28T10:00:00.000Z',
    ...change,
  };
}

describe('titles', () => {
  it('prefer the given one', () => {
    expect(titleOf('  Harbour ', 'text')).toBe('Harbour');
  });

  it('are otherwise the first line that says something', () => {
    expect(titleOf(null, '\n  \nFirst\nSecond')).toBe('First');
  });

  it('are cut to 50 characters, never inside one', () => {
    const title = titleOf(null, '😀'.repeat(80));
    expect(Array.from(title)).toHaveLength(50);
    expect(title).toBe(`${'😀'.repeat(49)}…`);
  });
});

describe('the library', () => {
  it('shows the newest first', () => {
    const notes = toNotes([
      file({ id: 'old', content_hash: '1', created_at: '2026-11-20T10:00:00.000Z' }),
      file({ id: 'new', content_hash: '2' }),
    ]);
    expect(notes.map((note) => note.id)).toEqual(['new', 'old']);
  });

  it('shows one note for a content that failed and was made again, and knows both rows', () => {
    const notes = toNotes([
      file({ id: 'second', created_at: '2026-11-21T10:05:00.000Z' }),
      file({ id: 'first', status: 'failed' }),
    ]);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatchObject({ id: 'second', status: 'ready', fileIds: ['second', 'first'] });
  });

  it('does not repeat a title that is the whole text', () => {
    expect(toNotes([file({ text_content: 'Good night, moon.' })])[0]?.snippet).toBe('');
  });

  it('goes on where a cut title ends', () => {
    const text = `${'word '.repeat(9)}word tail of the text`;
    const note = toNotes([file({ text_content: text })])[0];
    expect(note?.title.endsWith('…')).toBe(true);
    expect(note?.snippet.startsWith('…')).toBe(true);
    expect(note?.snippet.endsWith('tail of the text')).toBe(true);
  });

  it('is searched by every word, in title, text and voice, whatever the case', () => {
    const notes = toNotes([
      file({ id: 'tide', content_hash: '1', title: 'Tides', voice: 'onyx' }),
      file({ id: 'bread', content_hash: '2', title: 'Bread' }),
    ]);
    expect(search(notes, ' ONYX another ').map((note) => note.id)).toEqual(['tide']);
    expect(search(notes, '')).toHaveLength(2);
    expect(search(notes, 'nobody')).toHaveLength(0);
  });
});
