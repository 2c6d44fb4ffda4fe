/** The longest wait that we let a push service impose. */
const LONGEST_MS = 3_600_000;

/**
 * Reads a `Retry-After` header in either of its forms.
 *
 * @param now epoch milliseconds
 * @returns milliseconds to wait, undefined when the header says nothing usable
 */
export function retryAfterMs(header: string | null | undefined, now: number): number | undefined {
  if (!header) return undefined;
  const wait = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isNaN(wait) ? undefined : Math.min(LONGEST_MS, Math.max(0, wait));
}
