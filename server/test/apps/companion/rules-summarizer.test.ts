import { describe, expect, it } from 'vitest';
import { createRulesSummarizer } from '../../../src/apps/companion/summaries/rules-summarizer.js';
import type { SummaryRequest } from '../../../src/apps/companion/summaries/summarizer.js';
import { utterancesOf } from '../../../src/apps/companion/summaries/utterances.js';

const summarizer = createRulesSummarizer();
const summarize = (lines: string | SummaryRequest['lines'], more: Partial<SummaryRequest> = {}) =>
  summarizer.summarize(
    {
      lines: typeof lines === 'string' ? [{ speaker: 'Speaker 1', text: lines }] : lines,
      photos: [],
      language: 'en',
      timeZone: 'Europe/Paris',
      startedAt: Date.parse('2026-11-21T09:00:00Z'),
      keep: false,
      knownItems: [],
      ...more,
    },
    AbortSignal.timeout(10_000),
  );

describe('utterances where the recogniser wrote no punctuation', () => {
  it.each([
    [
      'My name is anna I live in paris Remind me to buy milk tomorrow The weather is nice',
      ['My name is anna', 'I live in paris', 'Remind me to buy milk tomorrow', 'The weather is nice'],
    ],
    [
      'remind me to call the dentist tomorrow and I work at the hospital we have a meeting on monday',
      ['Remind me to call the dentist tomorrow', 'And I work at the hospital', 'We have a meeting on monday'],
    ],
    ['I met Anna in Paris yesterday.', ['I met Anna in Paris yesterday.']],
    ['', []],
  ])('%j', (text, expected) => {
    expect(utterancesOf(text)).toEqual(expected);
  });
});

describe('§4.8: summaries by rules', () => {
  it('a reminder becomes a to-do that is due when its words say, on the user’s own clock', async () => {
    const { actionItems, title, category } = await summarize(
      'Remind me to call the dentist tomorrow at nine. The weather is nice.',
    );
    expect(actionItems).toEqual([
      { description: 'Call the dentist tomorrow at nine', dueAt: Date.parse('2026-11-22T08:00:00Z') },
    ]);
    expect([title, category]).toEqual(['Call the dentist', 'health']);
  });

  it('an appointment with a definite time becomes an event', async () => {
    const { events } = await summarize('We have a meeting with Peter on Monday at 10 am. Good.');
    expect(events).toEqual([
      {
        title: 'Meeting with Peter',
        start: Date.parse('2026-11-23T09:00:00Z'),
        duration: 60,
        description: 'We have a meeting with Peter on Monday at 10 am.',
      },
    ]);
  });

  it('facts are the user’s own, not those of whoever else spoke', async () => {
    const { memories } = await summarize([
      { speaker: 'You', text: 'I live in Lyon.' },
      { speaker: 'Peter', text: 'I work at the bank.' },
    ]);
    expect(memories.map(({ content }) => content)).toEqual(['The user lives in Lyon.']);
    const strangers = await summarize([
      { speaker: 'Speaker 1', text: 'I live in Lyon.' },
      { speaker: 'Speaker 2', text: 'I work at the bank.' },
    ]);
    expect(strangers.memories).toEqual([]);
  });

  it('at most four facts, and none from a few words', async () => {
    const many = await summarize(
      'I live in Lyon. I work at the bank. I like tea. I hate rain. I own a boat. I play the piano.',
    );
    expect(many.memories).toHaveLength(4);
    expect((await summarize('I like tea.')).memories).toEqual([]);
  });

  it('does not repeat what is on the list already', async () => {
    const { actionItems } = await summarize('Remind me to buy milk. Remind me to call Anna.', {
      knownItems: ['buy milk!'],
    });
    expect(actionItems.map(({ description }) => description)).toEqual(['Call Anna']);
  });

  it.each([
    ['small talk', "Hello. How's it going? Fine."],
    ['nothing', ''],
  ])('discards %s, unless the user asked for it', async (_, text) => {
    const kept = await summarize(text.replace('?', '.'), { keep: true });
    expect(kept.discarded).toBe(false);
    expect(kept.title).not.toBe('');
    expect(await summarize(text.replace("How's it going? ", ''))).toMatchObject({
      discarded: true,
      title: '',
      overview: '',
    });
  });

  it.each([
    ['more than 100 words', `${'well so '.repeat(60)}`],
    ['a question', 'Where is it? Yes.'],
    ['a decision', 'Yes. We agreed.'],
  ])('keeps %s', async (_, text) => {
    expect((await summarize(text)).discarded).toBe(false);
  });

  it('says so where the engine heard when, not what', async () => {
    const { discarded, overview } = await summarize('[speech 2.3 s] [speech 4.0 s]');
    expect(discarded).toBe(false);
    expect(overview).toContain('6 seconds');
  });

  it('understands some French', async () => {
    const { actionItems, title } = await summarize("Il faut acheter du pain demain à 17h. J'habite à Lyon.");
    expect(actionItems).toEqual([
      { description: 'Acheter du pain demain à 17h', dueAt: Date.parse('2026-11-22T16:00:00Z') },
    ]);
    expect(title).toBe('Acheter du pain');
  });

  it('takes a whole day of talk, in little memory and time', async () => {
    const text = 'We talked about the garden project, which needs new tools and more money. '.repeat(50);
    const lines = Array.from({ length: 80 }, () => ({ speaker: 'Speaker 1', text }));
    const { title, overview } = await summarize(lines);
    expect([title, overview].join(' ')).toContain('garden');
  }, 60_000);
});
