import type { IllustrationRow, IllustrationsStatus } from '../tables.js';

type Counted = Pick<IllustrationRow, 'status'>;

/** How many of a story's pictures are in which state. */
export function countsOf(illustrations: readonly Counted[]) {
  const inState = (wanted: Counted['status']) =>
    illustrations.filter(({ status }) => status === wanted).length;
  return {
    total: illustrations.length,
    completed: inState('completed'),
    processing: inState('processing'),
    failed: inState('failed'),
    pending: inState('pending'),
  };
}

/**
 * What a story says of its pictures once nobody draws any more: all done → completed, some → partial, none and one
 * failed → failed, else pending (contract §5).
 */
export function restingStatusOf(illustrations: readonly Counted[]): IllustrationsStatus {
  const { total, completed, failed } = countsOf(illustrations);
  if (total === 0) return 'none';
  if (completed === total) return 'completed';
  if (completed > 0) return 'partial';
  return failed > 0 ? 'failed' : 'pending';
}
