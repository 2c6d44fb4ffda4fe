/** Contract §9: from 22:00 to 08:00 where the device is. */
const FROM = 22;
const UNTIL = 8;

/**
 * Whether it is night at the device. A device that names no zone that we know is never in its night.
 *
 * @param now epoch milliseconds
 * @param timeZone an IANA name such as `Europe/Rome`, as the SDK says it
 */
export function isQuietHour(now: number, timeZone: unknown): boolean {
  if (typeof timeZone !== 'string') return false;
  try {
    const hour = Number(
      new Intl.DateTimeFormat('en-GB', { hour: 'numeric', hourCycle: 'h23', timeZone }).format(now),
    );
    return hour >= FROM || hour < UNTIL;
  } catch {
    return false; // no zone of that name
  }
}
