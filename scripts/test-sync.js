// `npm run test:sync -- --runs 5000 --database sqlite|postgres --seed 1 --minutes 90`: random histories of devices on a
// real server that is killed now and then. A history that fails names its seed.
import { parseArgs } from 'node:util';
import { buildIfStale, installIfStale, requireNode, runTool } from './workspace.js';

requireNode();
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '200' },
    database: { type: 'string' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '90' },
  },
});
const isWrong =
  [values.runs, values.seed, values.minutes].some((number) => !/^[1-9]\d*$/.test(number)) ||
  !['sqlite', 'postgres', undefined].includes(values.database);
if (isWrong) {
  console.error(
    'Usage: npm run test:sync -- [--runs N] [--database sqlite|postgres] [--seed N] [--minutes N]',
  );
  process.exit(1);
}
await installIfStale();
await buildIfStale();
process.exitCode = await runTool('vitest', 'vitest', ['run', 'client/test/end-to-end/histories.test.ts'], {
  env: {
    ...process.env,
    HISTORIES: values.runs,
    SEED: values.seed,
    SYNC_MINUTES: values.minutes,
    ...(values.database && { SYNC_DATABASE: values.database }),
  },
});
