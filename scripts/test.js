// `npm test`: types, lint, house rules, then every suite. Skipped tests are listed by name; the last line counts.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildIfStale, installIfStale, requireNode, root, run, runNpm, runTool } from './workspace.js';

requireNode();
await installIfStale();
await buildIfStale();

const filters = process.argv.slice(2);
let passed = 0;
let failed = 0;

async function check(name, work) {
  process.stdout.write(`${name} … `);
  const code = await work();
  console.log(code === 0 ? 'ok' : 'FAILED');
  if (code === 0) passed += 1;
  else failed += 1;
}

if (filters.length === 0) {
  for (const workspace of ['server', 'client', 'client/test/end-to-end', 'web', 'bench']) {
    await check(`types of ${workspace}`, () => runTool('typescript', 'tsc', ['-p', workspace, '--noEmit']));
  }
  await check('lock file', () =>
    runNpm(['ci', '--dry-run', '--ignore-scripts', '--loglevel=error'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    }),
  );
  await check('lint', () => runTool('@biomejs/biome', 'biome', ['check', '.']));
  await check('house rules', () => run(process.execPath, ['scripts/house-rules.js']));
  await check('dependencies', () => run(process.execPath, ['scripts/dependency-rules.js']));
}

const folder = mkdtempSync(join(tmpdir(), 'earshot-test-'));
const reportFile = join(folder, 'report.json');
await runTool('vitest', 'vitest', [
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${reportFile}`,
  ...filters,
]);

const report = readReport(reportFile);
const tests = report.testResults.flatMap((file) =>
  file.assertionResults.map((test) => ({ ...test, file: file.name.replace(root, '') })),
);
const brokenFiles = report.testResults.filter(
  (file) => file.status === 'failed' && file.assertionResults.length === 0,
);
passed += tests.filter((test) => test.status === 'passed').length;
failed += tests.filter((test) => test.status === 'failed').length + brokenFiles.length;
if (tests.length === 0) failed += 1;
rmSync(folder, { recursive: true, force: true });

const skipped = tests.filter((test) => !['passed', 'failed'].includes(test.status));
if (skipped.length > 0) {
  console.log(`\nSkipped (${skipped.length}):`);
  for (const test of skipped) console.log(`  ${test.file}: ${test.fullName}`);
}
const broken = tests.filter((test) => test.status === 'failed');
if (failed > 0) {
  console.log('\nFailed:');
  for (const test of broken) console.log(`  ${test.file}: ${test.fullName}`);
  for (const file of brokenFiles) console.log(`  ${file.name.replace(root, '')}: could not be run`);
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    console.error('The test runner left no report:', error.message);
    return { testResults: [] };
  }
}
