import { supportErrors } from '../errors.js';
import { DAY_MS, HOUR_MS } from './period.js';
import {
  type Aggregation,
  type Comparison,
  comparisons,
  type SegmentLeaf,
  type SegmentQuery,
  type SegmentValue,
  type Timeframe,
} from './segment.js';

/** Bounds the work of one query. */
const MAX_DEPTH = 5;
const MAX_LEAVES = 50;
const MAX_VALUES = 500;
const MAX_TEXT = 1_000;
const MAX_FIELD = 100;
const UNITS: Readonly<Record<string, number>> = { days: DAY_MS, hours: HOUR_MS, minutes: 60_000 };
const FUNCTIONS = ['count', 'sum', 'avg', 'min', 'max'] as const;

type Given = Readonly<Record<string, unknown>>;

/** What is wrong with a query, by place. */
class Problems {
  readonly found: string[] = [];
  leaves = 0;

  at(place: string, words: string): void {
    this.found.push(`${place}: ${words}`);
  }
}

/**
 * Reads a segment query.
 *
 * @throws AppError 400 `MISSING_QUERY`, or `INVALID_QUERY` with `errors`, each naming its place
 */
export function parseSegment(given: unknown): SegmentQuery {
  if (given === undefined || given === null) throw supportErrors.missingQuery();
  const problems = new Problems();
  const query = readQuery(given, 'query', 1, problems);
  if (problems.found.length > 0 || !query) {
    throw supportErrors.invalidQuery(undefined, { details: { errors: problems.found } });
  }
  return query;
}

function readQuery(given: unknown, place: string, depth: number, problems: Problems): SegmentQuery | null {
  if (!isObject(given)) return refuse(problems, place, 'must be an object');
  if (depth > MAX_DEPTH) return refuse(problems, place, `must not be nested deeper than ${MAX_DEPTH} levels`);
  const { operator, conditions } = given;
  if (operator !== 'AND' && operator !== 'OR') {
    return refuse(problems, `${place}.operator`, 'must be AND or OR');
  }
  if (!Array.isArray(conditions) || conditions.length === 0) {
    return refuse(problems, `${place}.conditions`, 'must be a list with at least one condition');
  }
  if (conditions.length > MAX_LEAVES) {
    return refuse(problems, `${place}.conditions`, `must not be more than ${MAX_LEAVES}`);
  }
  const read = conditions.flatMap((condition: unknown, index) => {
    const inside = `${place}.conditions[${index}]`;
    const isQuery = isObject(condition) && 'conditions' in condition;
    return (
      (isQuery ? readQuery(condition, inside, depth + 1, problems) : readLeaf(condition, inside, problems)) ??
      []
    );
  });
  return { operator, conditions: read };
}

function readLeaf(given: unknown, place: string, problems: Problems): SegmentLeaf | null {
  if (!isObject(given)) return refuse(problems, place, 'must be an object');
  problems.leaves += 1;
  if (problems.leaves > MAX_LEAVES)
    return refuse(problems, place, `more than ${MAX_LEAVES} conditions in all`);
  const { type, operator, eventName } = given;
  if (type !== 'user_attribute' && type !== 'event') {
    return refuse(problems, `${place}.type`, 'must be user_attribute or event');
  }
  const comparison = comparisons.find((known) => known === operator);
  if (!comparison) {
    return refuse(problems, `${place}.operator`, `must be one of ${comparisons.join(', ')}`);
  }
  const aggregation = readAggregation(given.aggregation, `${place}.aggregation`, problems);
  const field = given.field ?? (type === 'event' ? '' : undefined);
  if (!isField(field) || (type === 'user_attribute' && field === '')) {
    return refuse(
      problems,
      `${place}.field`,
      `must be a name of at most ${MAX_FIELD} characters without quotes`,
    );
  }
  if (eventName !== undefined && eventName !== null && !isText(eventName)) {
    return refuse(problems, `${place}.eventName`, 'must be a text');
  }
  const values = readValues(given.value, comparison, `${place}.value`, problems);
  if (!values) return null;
  if (isNumeric(type, field, aggregation) && !fitsNumbers(comparison, values)) {
    return refuse(problems, place, 'a count or sum is compared with numbers');
  }
  const timeframe = readTimeframe(given.timeframe, `${place}.timeframe`, problems);
  return { type, field, comparison, values, eventName: eventName ?? null, timeframe, aggregation };
}

const NUMERIC: ReadonlySet<Comparison> = new Set([
  'equals',
  'not_equals',
  'gt',
  'gte',
  'lt',
  'lte',
  'in',
  'not_in',
]);

const isNumeric = (type: string, field: string, aggregation: Aggregation | null): boolean =>
  type === 'event' && (aggregation !== null || field === 'count' || field === 'event_count');

const fitsNumbers = (comparison: Comparison, values: readonly SegmentValue[]): boolean =>
  NUMERIC.has(comparison) &&
  values.every((value) => typeof value !== 'boolean' && value !== '' && Number.isFinite(Number(value)));

function readValues(
  given: unknown,
  comparison: Comparison,
  place: string,
  problems: Problems,
): readonly SegmentValue[] | null {
  if (comparison === 'exists' || comparison === 'not_exists') return [];
  const several = comparison === 'in' || comparison === 'not_in';
  const values: unknown[] = several && Array.isArray(given) ? given : [given];
  if (values.length === 0 || values.length > MAX_VALUES) {
    return refuse(problems, place, `must hold 1 to ${MAX_VALUES} values`);
  }
  return values.every(isValue) ? values : refuse(problems, place, 'must be text, a number, true or false');
}

function readTimeframe(given: unknown, place: string, problems: Problems): Timeframe | null {
  if (given === undefined || given === null) return null;
  if (!isObject(given)) return refuse(problems, place, 'must be an object');
  if (given.type === 'relative') {
    const { value, unit } = given;
    const unitMs = typeof unit === 'string' ? UNITS[unit] : undefined;
    if (typeof value !== 'number' || !(value > 0) || !(value <= 1e6) || unitMs === undefined) {
      return refuse(problems, place, 'needs a positive value and a unit of days, hours or minutes');
    }
    return { lastMs: value * unitMs, words: `in the last ${value} ${String(unit)}` };
  }
  if (given.type !== 'absolute') return refuse(problems, `${place}.type`, 'must be relative or absolute');
  const from = readDate(given.startDate);
  const to = readDate(given.endDate);
  return Number.isNaN(from) || Number.isNaN(to)
    ? refuse(problems, place, 'startDate and endDate must be dates')
    : { from, to };
}

const readDate = (given: unknown): number | null =>
  given === undefined || given === null ? null : Date.parse(String(given));

function readAggregation(given: unknown, place: string, problems: Problems): Aggregation | null {
  if (given === undefined || given === null) return null;
  const name = isObject(given) ? FUNCTIONS.find((known) => known === given.function) : undefined;
  if (!isObject(given) || !name) {
    return refuse(problems, `${place}.function`, `must be one of ${FUNCTIONS.join(', ')}`);
  }
  const field = given.field ?? null;
  return field === null || isField(field)
    ? { function: name, field }
    : refuse(problems, `${place}.field`, 'must be a name');
}

function refuse(problems: Problems, place: string, words: string): null {
  problems.at(place, words);
  return null;
}

const isObject = (given: unknown): given is Given =>
  typeof given === 'object' && given !== null && !Array.isArray(given);
const isText = (given: unknown): given is string => typeof given === 'string' && given.length <= MAX_TEXT;
const isValue = (given: unknown): given is SegmentValue =>
  isText(given) || typeof given === 'boolean' || (typeof given === 'number' && Number.isFinite(given));
/** Quotes and backslashes cannot be named in SQLite's paths into JSON. */
const isField = (given: unknown): given is string =>
  typeof given === 'string' && given.length <= MAX_FIELD && !/["\\]/.test(given);
