import { errors } from '../../../platform/http/errors.js';

/** Before this instant there was no device that records (contract §7.1). */
const EARLIEST = Date.UTC(2024, 0, 1);
/** Larger numbers are milliseconds. */
const SECONDS_UP_TO = 1e10;
/** Phones' clocks run ahead. */
const AHEAD_MS = 120_000;

/**
 * When a recording began, by its name: `audio_phone_opus_16000_1_fs160_1731686236.bin`.
 *
 * @returns epoch milliseconds
 * @throws AppError 400 for any other name
 */
export function recordedAt(name: string, now: number): number {
  const said = /_(\d{1,16})\.bin$/i.exec(name)?.[1];
  const number = Number(said ?? Number.NaN);
  const instant = number > SECONDS_UP_TO ? number : number * 1_000;
  if (!(instant >= EARLIEST && instant <= now + AHEAD_MS)) {
    throw errors.badRequest(
      'A recording is named audio_<device>_<codec>_<rate>_<channels>_fs<size>_<seconds since 1970>.bin',
      { field: 'files' },
    );
  }
  return Math.min(instant, now);
}
