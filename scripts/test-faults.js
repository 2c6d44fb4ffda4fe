// `npm run test:faults -- --rounds 200 --database sqlite|postgres --seed 1`: users of all five apps on a real server, while
// server, database, Redis, S3, disk and upstream fail one after the other. A run that fails names its seed.
import { parseArgs } from 'node:util';
import { buildIfStale, installIfStale, requireNode, runTool } from './workspace.js';

requireNode();
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '200' },
    database: { type: 'string' },
    seed: { type: 'string', default: String(1 + Math.floor(Math.random() * 1_000_000)) },
  },
});
const isWrong =
  [values.rounds, values.seed].some((number) => !/^[1-9]\d*$/.test(number)) ||
  !['sqlite', 'postgres', undefined].includes(values.database);
if (isWrong) {
  console.error('Usage: npm run test:faults -- [--rounds N] [--database sqlite|postgres] [--seed N]');
  process.exit(1);
}
await installIfStale();
await buildIfStale();
console.log(`seed ${values.seed}`);
process.exitCode = await runTool('vitest', 'vitest', ['run', 'server/test/faults/house.test.ts'], {
  env: {
    ...process.env,
    HOUSE_ROUNDS: values.rounds,
    HOUSE_SEED: values.seed,
    ...(values.database && { HOUSE_DATABASE: values.database }),
  },
});
