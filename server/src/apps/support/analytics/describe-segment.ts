import { type Comparison, isLeaf, type SegmentLeaf, type SegmentQuery } from './segment.js';

const WORDS: Readonly<Record<Comparison, string>> = {
  equals: 'is',
  not_equals: 'is not',
  gt: 'is more than',
  gte: 'is at least',
  lt: 'is less than',
  lte: 'is at most',
  contains: 'contains',
  not_contains: 'does not contain',
  in: 'is one of',
  not_in: 'is none of',
  exists: 'is known',
  not_exists: 'is not known',
};

/** A segment in words, for the people who made it. */
export const describeSegment = ({ operator, conditions }: SegmentQuery): string =>
  conditions
    .map((condition) => (isLeaf(condition) ? describeLeaf(condition) : `(${describeSegment(condition)})`))
    .join(` ${operator} `);

function describeLeaf(leaf: SegmentLeaf): string {
  const { type, field, comparison, values, eventName, aggregation } = leaf;
  const event = type === 'event' ? `event ${eventName ?? 'of any name'}` : '';
  const subject = aggregation
    ? `${aggregation.function} of ${aggregation.field ?? (field || 'events')}`
    : field || 'name';
  return [event, subject, WORDS[comparison], values.join(', '), timeOf(leaf)].filter(Boolean).join(' ');
}

function timeOf({ timeframe }: SegmentLeaf): string {
  if (!timeframe) return '';
  if ('lastMs' in timeframe) return timeframe.words;
  const day = (at: number | null) => (at === null ? '' : new Date(at).toISOString().slice(0, 10));
  return [
    timeframe.from === null ? '' : `from ${day(timeframe.from)}`,
    timeframe.to === null ? '' : `to ${day(timeframe.to)}`,
  ]
    .filter(Boolean)
    .join(' ');
}
