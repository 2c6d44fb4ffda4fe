/** Says at most once a second how far long work is. */
export type Progress = (words: () => string) => void;

const INTERVAL_MS = 1_000;

export function createProgress(): Progress {
  let next = Date.now() + INTERVAL_MS;
  return (words) => {
    if (Date.now() < next) return;
    next = Date.now() + INTERVAL_MS;
    console.log(`  ${words()}`);
  };
}

const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB'];

/** A number of bytes for people, for example `1.4 GB`. */
export function inBytes(count: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, count)) / 3));
  const digits = power === 0 ? 0 : 1;
  return `${(count / 1_000 ** power).toFixed(digits)} ${UNITS[power]}`;
}
