import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { machine } from './house/report.js';
import { growthPerMinute, lowestOfEachMinute, type Sample, type SoakReport, soak } from './house/soak.js';

/** `npm run test:soak` sets it; in the suite a few seconds show that the measurement works. */
const { SOAK_MINUTES } = process.env;
const minutes = Number(SOAK_MINUTES ?? 0.1);
/** Between two steps of a resident: keeps about half a processor busy. */
const PACE_MS = 500;
/** A slope of fewer minutes says nothing. */
const SHORTEST = 10;
const page = fileURLToPath(new URL('../../../docs/benchmarks/soak.md', import.meta.url));

interface Figure {
  readonly name: string;
  readonly of: (sample: Sample) => number;
  /** In the second half, per minute. An app that leaks one request's worth each second grows by far more. */
  readonly mayGrowBy: number;
}

const figures: readonly Figure[] = [
  { name: 'Resident memory, MB', of: ({ rssMB }) => rssMB, mayGrowBy: 1 },
  { name: 'Heap after the collector, MB', of: ({ heapMB }) => heapMB, mayGrowBy: 0.2 },
  { name: 'Open handles', of: ({ handles }) => handles, mayGrowBy: 0.5 },
  { name: 'Event loop delay p99, ms', of: ({ loopP99Ms }) => loopP99Ms, mayGrowBy: 2 },
];

it(`${minutes} minutes of all five apps leave memory, handles and event loop as they were`, {
  timeout: minutes * 60_000 + 600_000,
}, async () => {
  const report = await soak(minutes, PACE_MS, (line) => SOAK_MINUTES && console.info(line));
  expect(report.problems).toEqual([]);
  expect(report.samples.length).toBeGreaterThan(0);
  if (minutes < SHORTEST) return;
  const rows = figures.map((figure) => judged(report, figure));
  const text = pageOf(report, rows);
  console.info(text);
  await writeFile(page, text);
  expect(rows.filter(({ isFlat }) => !isFlat).map(({ name }) => name)).toEqual([]);
});

/** The figure at five moments, and whether its second half is flat. */
function judged({ samples }: SoakReport, { name, of, mayGrowBy }: Figure) {
  const lowest = lowestOfEachMinute(samples, of);
  const growth = growthPerMinute(lowest.slice(Math.floor(lowest.length / 2)));
  const moments = [0, 0.25, 0.5, 0.75, 1].map((part) => lowest[Math.round(part * (lowest.length - 1))] ?? 0);
  return { name, moments, growth, mayGrowBy, isFlat: growth < mayGrowBy };
}

const pageOf = (report: SoakReport, rows: readonly ReturnType<typeof judged>[]): string => `# Soak

\`npm run test:soak -- --minutes ${report.minutes}\`, ${new Date().toISOString().slice(0, 10)}, ${machine()}: users of all five apps (the residents of
[the faults](faults.md)) on one undisturbed server with SQLite, which used ${((100 * report.cpuSeconds) / (report.minutes * 60)).toFixed(0)} % of a processor. In the end everything
acknowledged was there, once and whole: ${[...report.acknowledged].map(([app, count]) => `${app} ${count.toLocaleString('en')}`).join(', ')}. Errors logged: ${[...report.errors.values()].reduce((sum, count) => sum + count, 0)}.

The lowest value of each minute, at five moments, and how it grew per minute in the second half (least squares). The collector is sent
through the heap before each look at it, by the inspector. Made by the command; do not edit.

| Figure | Beginning | 1/4 | 1/2 | 3/4 | End | Growth per minute | May be | |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
${rows
  .map(
    ({ name, moments, growth, mayGrowBy, isFlat }) =>
      `| ${name} | ${moments.map((value) => value.toFixed(1)).join(' | ')} | ${growth.toFixed(3)} | < ${mayGrowBy} | ${isFlat ? 'flat' : 'GROWS'} |`,
  )
  .join('\n')}
`;
