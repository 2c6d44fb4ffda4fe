import { describe, expect, it } from 'vitest';
import { resultOfSum } from '../../../src/platform/ai/builtin/arithmetic.js';
import { datesIn } from '../../../src/platform/ai/builtin/dates.js';
import {
  detectLanguage,
  keywords,
  splitSentences,
  summarize,
  titleFor,
} from '../../../src/platform/ai/builtin/language.js';
import { actionItemsIn, factsIn } from '../../../src/platform/ai/builtin/remarks.js';

describe('language by rules', () => {
  it.each([
    ['en', 'The weather is nice and we should go to the park.'],
    ['fr', 'Il fait beau et nous allons au parc avec les enfants.'],
    ['es', 'El tiempo es bueno y vamos al parque con los niños.'],
    ['de', 'Das Wetter ist schön und wir gehen mit den Kindern in den Park.'],
    ['it', 'Il tempo è bello e andiamo al parco con i bambini della scuola.'],
  ])('tells %s', (language, text) => {
    expect(detectLanguage(text)).toBe(language);
  });

  it('tells nothing from nothing', () => {
    expect(detectLanguage('')).toBeNull();
    expect([splitSentences(''), keywords(''), summarize(''), titleFor('')]).toEqual([[], [], '', '']);
  });

  const talk =
    'Yes. We looked at the budget for the garden project. The garden project needs new tools and more money. It was sunny. We should ask the council about the garden budget.';

  it('finds what a text is about, and sums it up in its own words', () => {
    expect(keywords(talk, 3)).toEqual(expect.arrayContaining(['garden', 'budget']));
    const summary = summarize(talk, 2);
    expect(splitSentences(talk)).toEqual(expect.arrayContaining(splitSentences(summary)));
    expect(summary).toContain('garden');
    expect(titleFor(talk).split(' ').length).toBeLessThanOrEqual(6);
    expect(titleFor(talk).toLowerCase()).toContain('garden');
  });

  it('finds what is to be done', () => {
    const said =
      'Remind me to call the dentist tomorrow. I need to buy milk. Nice weather. We should book the train. Should I go?';
    expect(actionItemsIn(said)).toEqual(['Call the dentist tomorrow', 'Buy milk', 'Book the train']);
    expect(actionItemsIn('Il faut acheter du pain.')).toEqual(['Acheter du pain']);
  });

  it('finds what somebody told about themselves', () => {
    expect(
      factsIn('I live in Lyon. It rains. I am going home. My sister is a doctor. Do I like tea?'),
    ).toEqual(['The user lives in Lyon.', "The user's sister is a doctor."]);
  });

  it.each([
    ['Call me tomorrow at 5 pm', '2026-11-22T17:00:00.000Z'],
    ['Call me tomorrow at nine', '2026-11-22T09:00:00.000Z'],
    ['Rendez-vous demain à 17h avec les enfants', '2026-11-22T17:00:00.000Z'],
  ])('finds the date in %j', (text, iso) => {
    const [date] = datesIn(text, new Date('2026-11-21T09:00:00Z'));
    expect(date?.start.toISOString()).toBe(iso);
    expect(date?.hasTime).toBe(true);
  });

  it.each<[string, number | null]>([
    ['what is two plus three', 5],
    ['10 divided by 4', 2.5],
    ['1,000 * 2', 2_000],
    ['call me at 5', null],
    ['1 / 0', null],
    ['2026-11-21', null],
  ])('does the sum in %j', (question, result) => {
    expect(resultOfSum(question)?.result ?? null).toBe(result);
  });
});
