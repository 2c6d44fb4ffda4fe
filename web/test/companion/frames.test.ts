import { expect, it } from 'vitest';
import { createFrameReader } from '../../src/pages/companion/chat/frames.ts';
import { readPlace } from '../../src/pages/companion/place.ts';
import { dayWords, lengthWords, placeWords, speakerWords } from '../../src/pages/companion/words.ts';

const done = (text: string) =>
  `done: ${btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify({ id: '1', text }))))}\n\n`;

it('reads the frames of an answer, however they are cut on the way', () => {
  const stream = `think: Looking …\n\ndata: One line__CRLF__and\n\ndata:  another.\n\n${done('Grüße – “done”')}`;
  for (const size of [1, 7, 1_000]) {
    const read = createFrameReader();
    const frames = [];
    for (let from = 0; from < stream.length; from += size)
      frames.push(...read(stream.slice(from, from + size)));
    expect(frames).toEqual([
      { kind: 'think', text: 'Looking …' },
      { kind: 'data', text: 'One line\nand' },
      { kind: 'data', text: ' another.' },
      { kind: 'done', message: { id: '1', text: 'Grüße – “done”' } },
    ]);
  }
});

it('leaves out what is no frame, and what has not ended', () => {
  const read = createFrameReader();
  expect(read('event: x\n\ndata: kept\n\ndata: not yet')).toEqual([{ kind: 'data', text: 'kept' }]);
});

it('takes only places that there are from the address', () => {
  expect(readPlace({ view: 'chat', id: 'x' })).toEqual({ view: 'chat' });
  expect(readPlace({ id: '0198-abc' })).toEqual({ id: '0198-abc' });
  expect(readPlace({ view: 'elsewhere', id: '../etc' })).toEqual({});
});

it('says when, how long and who', () => {
  const now = new Date(2026, 10, 21, 12);
  expect(dayWords(new Date(2026, 10, 21, 0, 1).toISOString(), now)).toBe('Today');
  expect(dayWords(new Date(2026, 10, 20, 23, 59).toISOString(), now)).toBe('Yesterday');
  expect(dayWords(new Date(2026, 10, 22, 9).toISOString(), now)).toBe('Tomorrow');
  expect(placeWords(3_725.9)).toBe('1:02:05');
  expect(placeWords(61)).toBe('1:01');
  expect(lengthWords(0.2)).toBe('1 s');
  expect(lengthWords(5_400)).toBe('1 h 30 min');
  const names = new Map([['p', 'Ann']]);
  expect(speakerWords({ is_user: false, person_id: 'p', speaker: 'SPEAKER_00' }, names)).toBe('Ann');
  expect(speakerWords({ is_user: false, person_id: null, speaker: 'SPEAKER_02' }, names)).toBe('Speaker 3');
  expect(speakerWords({ is_user: true, person_id: null, speaker: 'SPEAKER_00' }, names)).toBe('You');
});
