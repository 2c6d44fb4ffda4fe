import { describe, expect, it } from 'vitest';
import type { HouseDatabase } from './house/ground.js';
import { reportOf, writeReport } from './house/report.js';
import { runRounds } from './house/rounds.js';

/** `npm run test:faults` sets these. */
const { HOUSE_ROUNDS, HOUSE_SEED, HOUSE_DATABASE } = process.env;
/** In the suite each fault comes once. */
const scenes: { database: HouseDatabase; usualRounds: number }[] = [
  { database: 'sqlite', usualRounds: 6 },
  { database: 'postgres', usualRounds: 11 },
];
/** Of a run that is whole, and so written down. */
const WHOLE_RUN = 200;
const SECONDS_PER_ROUND = 60;

describe.each(scenes.filter(({ database }) => database === (HOUSE_DATABASE ?? database)))(
  'users of all five apps on $database, while things go wrong',
  ({ database, usualRounds }) => {
    const rounds = Number(HOUSE_ROUNDS ?? usualRounds);
    const seed = Number(HOUSE_SEED ?? 1);

    it(`have everything that was acknowledged, once and whole, after ${rounds} faults`, {
      timeout: 600_000 + rounds * SECONDS_PER_ROUND * 1_000,
    }, async () => {
      const report = await runRounds({
        database,
        rounds,
        seed,
        ...(HOUSE_ROUNDS ? { progress: (line) => console.info(`${database}, seed ${seed}: ${line}`) } : {}),
      });
      console.info(reportOf(report));
      if (rounds >= WHOLE_RUN && report.problems.length === 0) await writeReport(report);
      expect(report.problems).toEqual([]);
      for (const app of ['speech', 'support', 'stories', 'companion', 'voice'])
        expect(report.acknowledged.get(app)).toBeGreaterThan(rounds);
    });
  },
);
