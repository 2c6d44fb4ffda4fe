import { isoInstant } from '../../platform/http/timestamps.js';

/** An instant as answers write it, or null when there is none. */
export const isoOrNull = (at: number | null): string | null => (at === null ? null : isoInstant(at));
