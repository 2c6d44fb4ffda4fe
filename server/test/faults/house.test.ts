import { describe, expect, it } from 'vitest';
import { redisOrSkip } from '../support/redis.js';
import type { HouseDatabase } from './house/ground.js';
import { reportOf, writeReport } from './house/report.js';
import { runRounds } from './house/rounds.js';

/** `npm run test:faults` sets these. */
const { HOUSE_ROUNDS, HOUSE_SEED, HOUSE_DATABASE } = process.env;
const databases: readonly HouseDatabase[] = redisOrSkip('the house') ? ['sqlite', 'postgres'] : ['sqlite'];
/** In the suite; on SQLite each fault comes once. */
const USUAL_ROUNDS = 6;
/** Of a run that is whole, and so written down. */
const WHOLE_RUN = 200;
const SECONDS_PER_ROUND = 60;

describe.each(databases.filter((database) => database === (HOUSE_DATABASE ?? database)))(
  'users of all five apps on %s, while things go wrong',
  (database) => {
    const rounds = Number(HOUSE_ROUNDS ?? USUAL_ROUNDS);
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
        expect(report.acknowledged.get(app), app).toBeGreaterThan(0);
    });
  },
);
