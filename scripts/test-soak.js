// `npm run test:soak -- --minutes 30`: users of all five apps at a modest rate on one server, whose memory, handles and event
// loop are watched. Writes docs/benchmarks/soak.md.
import { parseArgs } from 'node:util';
import { buildIfStale, installIfStale, requireNode, runTool } from './workspace.js';

requireNode();
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '30' } } });
if (!/^[1-9]\d*$/.test(values.minutes)) {
  console.error('Usage: npm run test:soak -- [--minutes N]');
  process.exit(1);
}
await installIfStale();
await buildIfStale();
process.exitCode = await runTool('vitest', 'vitest', ['run', 'server/test/faults/soak.test.ts'], {
  env: { ...process.env, SOAK_MINUTES: values.minutes },
});
