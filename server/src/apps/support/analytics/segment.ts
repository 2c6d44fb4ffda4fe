/** Who belongs to a segment: conditions joined by one operator; a condition may be such a query itself (contract §11.7). */
export interface SegmentQuery {
  readonly operator: 'AND' | 'OR';
  readonly conditions: readonly (SegmentLeaf | SegmentQuery)[];
}

export const comparisons = [
  'equals',
  'not_equals',
  'gt',
  'gte',
  'lt',
  'lte',
  'contains',
  'not_contains',
  'in',
  'not_in',
  'exists',
  'not_exists',
] as const;
export type Comparison = (typeof comparisons)[number];

export type SegmentValue = string | number | boolean;

export type Timeframe =
  | { readonly lastMs: number; readonly words: string }
  | { readonly from: number | null; readonly to: number | null };

export interface Aggregation {
  readonly function: 'count' | 'sum' | 'avg' | 'min' | 'max';
  /** The property that is summed; none for `count`. */
  readonly field: string | null;
}

export interface SegmentLeaf {
  readonly type: 'user_attribute' | 'event';
  readonly field: string;
  readonly comparison: Comparison;
  /** What it is compared with; several for `in` and `not_in`, none for `exists` and `not_exists`. */
  readonly values: readonly SegmentValue[];
  readonly eventName: string | null;
  readonly timeframe: Timeframe | null;
  readonly aggregation: Aggregation | null;
}

export const isLeaf = (condition: SegmentLeaf | SegmentQuery): condition is SegmentLeaf =>
  'type' in condition;
