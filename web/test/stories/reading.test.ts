import { describe, expect, it } from 'vitest';
import { draftOf, emptyDraft, fieldsOf } from '../../src/pages/stories/heroes/draft.ts';
import { barsOf } from '../../src/pages/stories/journey/activity-chart.tsx';
import { readPlace } from '../../src/pages/stories/place.ts';
import { paragraphAt } from '../../src/pages/stories/reader/pages.ts';

describe('the paragraph that is read now', () => {
  const paragraphs = ['a'.repeat(10), 'b'.repeat(30), 'c'.repeat(60)];
  it('has its share of the letters', () => {
    expect([0, 0.09, 0.1, 0.39, 0.4, 0.99, 1].map((share) => paragraphAt(paragraphs, share))).toEqual([
      0, 0, 1, 1, 2, 2, 2,
    ]);
  });
  it('is the first of an empty text', () => {
    expect(paragraphAt([], 0.5)).toBe(0);
  });
});

describe('the address', () => {
  it('is read without what it does not know', () => {
    expect(readPlace({ view: 'heroes', hero: 'new', other: 1 })).toEqual({ view: 'heroes', hero: 'new' });
    expect(readPlace({ view: 'nowhere', story: '' })).toEqual({});
  });
});

describe('a hero in the form', () => {
  const hero = {
    id: 'h',
    createdAt: '2026-11-21T10:00:00.000Z',
    updatedAt: '2026-11-21T10:00:00.000Z',
    name: 'Luna',
    age: 6,
    traits: ['Brave'],
    specialAbilities: ['talks to cats'],
    hairColor: 'red, curly',
    eyeColor: 'green',
  };
  it('is told in the words of the wire, and taken back from them', () => {
    const draft = draftOf(hero);
    expect(draft).toMatchObject({
      hair: 'red',
      hairStyle: 'curly',
      eyes: 'green',
      skin: '',
      ability: 'talks to cats',
    });
    expect(fieldsOf(draft)).toEqual({
      name: 'Luna',
      age: 6,
      traits: ['Brave'],
      specialAbilities: ['talks to cats'],
      hairColor: 'red, curly',
      eyeColor: 'green',
    });
  });
  it('leaves out what was not answered', () => {
    expect(fieldsOf({ ...emptyDraft, name: ' Max ', traits: ['Funny'] })).toEqual({
      name: 'Max',
      age: 6,
      traits: ['Funny'],
    });
  });
});

describe('the bars of the journey', () => {
  const days = (count: number) =>
    Array.from({ length: count }, (_, day) => ({
      date: new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10),
      minutes: 1,
    }));
  it('are days, or weeks that end today when there are many', () => {
    expect(barsOf(days(30))).toHaveLength(30);
    const weeks = barsOf(days(365));
    expect(weeks).toHaveLength(53);
    expect(weeks.at(-1)).toEqual({ date: '2026-12-25', minutes: 7 });
    expect(weeks.reduce((sum, { minutes }) => sum + minutes, 0)).toBe(365);
  });
});
