import { describe, expect, it } from 'vitest';
import { daysOf, durationWords, lastDays, roundTop } from '../../src/pages/admin/analytics/days.ts';
import { contextRows, dayWords, initials, shortAge } from '../../src/pages/admin/inbox/words.ts';
import { readPlace } from '../../src/pages/admin/place.ts';
import { textOn } from '../../src/widget/config.ts';

const minute = 60_000;
const hour = 60 * minute;

describe('words of the inbox', () => {
  it('tell ages shortly', () => {
    const now = Date.UTC(2026, 5, 15, 12);
    expect([10_000, 5 * minute, 3 * hour].map((age) => shortAge(now - age, now))).toEqual([
      'now',
      '5 min',
      '3 h',
    ]);
  });

  it('name days', () => {
    const now = new Date(2026, 5, 15, 12).getTime();
    expect(dayWords(now - hour, now)).toBe('Today');
    expect(dayWords(now - 24 * hour, now)).toBe('Yesterday');
  });

  it('make initials of names and addresses', () => {
    expect(['Ada Lovelace', 'ada', 'maria.da.silva@example.com', '', '👍 up'].map(initials)).toEqual([
      'AL',
      'A',
      'MS',
      '',
      '👍U',
    ]);
  });

  it('say what a device said of itself, without what it left out', () => {
    expect(contextRows({ locale: 'en', platform: 'web', app_version: null })).toEqual([
      ['Platform', 'web'],
      ['Language', 'en'],
    ]);
    expect(contextRows(null)).toEqual([]);
  });
});

describe('figures', () => {
  it('cover every day of a period, also across months', () => {
    const period = lastDays(3, Date.UTC(2026, 2, 1, 10));
    expect(daysOf(period)).toEqual(['2026-02-27', '2026-02-28', '2026-03-01']);
  });

  it('tell durations', () => {
    expect([45, 720, 12_600, 172_800].map(durationWords)).toEqual(['45 s', '12 min', '3.5 h', '2 days']);
  });

  it('end their scale at a round number', () => {
    expect([0, 1, 3, 12, 157, 501].map(roundTop)).toEqual([1, 1, 5, 20, 200, 1_000]);
  });
});

describe('the address', () => {
  it('is read without what it does not know', () => {
    expect(readPlace({ view: 'inbox', id: 'conv_1', filter: 'mine', x: 'y' })).toEqual({
      view: 'inbox',
      id: 'conv_1',
      filter: 'mine',
    });
    expect(readPlace({ view: 'nowhere', id: '', filter: 7 })).toEqual({});
  });
});

describe('the color of the chat bubble', () => {
  it('gets a text that can be read on it', () => {
    expect(textOn('#ffffff')).toBe('#10201a');
    expect(textOn('#102030')).toBe('#ffffff');
  });
});
