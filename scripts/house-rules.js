// The walls of the house, checked: who may import whom, and which words must not be left behind.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { root } from './workspace.js';

const SERVER = 'server/src/';
const CONSOLE = `${SERVER}console/`;
/** Vendors' SDKs and the folders (adapters) that may import them. */
const VENDORS = [
  [/^openai(\/|$)/, /\/platform\/ai\/openai\//],
  [/^@aws-sdk\//, /\/platform\/media\/s3\//],
  [/^ioredis$/, /\/redis\//],
  [/^graphile-worker$/, /\/platform\/jobs\/graphile\//],
  [/^better-sqlite3$/, /\/platform\/database\/sqlite\//],
  [/^pg$/, /\/(postgres|graphile)\//],
  [/^(@better-auth\/|better-auth(\/|$)|better-call)/, /\/platform\/identity\/better-auth\//],
  [/^jose$/, /\/platform\/(identity|push\/fcm)\/|\/operators\/access-tokens/],
  [/^sherpa-onnx/, /\/platform\/ai\/sherpa\//],
  [/^(mediabunny|opus-decoder)$/, /\/platform\/audio\//],
  [/^web-push$/, /\/platform\/push\/web-push\//],
  [/^(@resvg\/|compromise|chrono-node)/, /\/platform\/ai\/builtin\//],
  [/^@sentry\//, /\/platform\/telemetry\/sentry\//],
  [/^@opentelemetry\//, /\/platform\/telemetry\/opentelemetry\//],
  [
    /^(@echogarden\/|@bjorn3\/|wasm-media-encoders|libflacjs|opusscript)/,
    /\/platform\/(ai\/builtin|audio)\//,
  ],
];
const IMPORT =
  /(?:^|\n)\s*(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g;
const LEFT_BEHIND = /\b(TODO|FIXME|XXX|HACK)\b|@ts-ignore|@ts-expect-error|\.only\(/;

const problems = [];
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => /\.(ts|tsx|js)$/.test(file));

for (const file of files) {
  const source = readSource(file);
  if (source === null) continue;
  if (!file.startsWith('scripts/')) {
    source.split('\n').forEach((line, index) => {
      if (LEFT_BEHIND.test(line)) problems.push(`${file}:${index + 1}: left behind: ${line.trim()}`);
    });
  }
  if (!file.startsWith(SERVER)) continue;
  for (const [, fromStatic, fromDynamic] of source.matchAll(IMPORT))
    checkImport(file, fromStatic ?? fromDynamic);
}

function checkImport(file, target) {
  if (!target.startsWith('.')) {
    for (const [vendor, home] of VENDORS) {
      if (vendor.test(target) && !home.test(`/${file}`))
        problems.push(`${file}: only an adapter may import ${target}`);
    }
    return;
  }
  const resolved = normalize(join(dirname(file), target)).replaceAll('\\', '/');
  const from = appOf(file);
  const to = appOf(resolved);
  if (from && to && from !== to) problems.push(`${file}: the app ${from} imports the app ${to}`);
  if (file.startsWith(`${SERVER}platform/`) && to)
    problems.push(`${file}: the platform imports the app ${to}`);
  const isBelowConsole = from || file.startsWith(`${SERVER}platform/`);
  if (isBelowConsole && resolved.startsWith(CONSOLE))
    problems.push(`${file}: only build.ts knows the console`);
  if (file.startsWith(CONSOLE) && to)
    problems.push(`${file}: the console imports the app ${to}, which it knows by its manifest`);
}

function appOf(file) {
  return /^server\/src\/apps\/([^/]+)\//.exec(file)?.[1];
}

/** Null for a file that git still knows but that has just been removed. */
function readSource(file) {
  try {
    return readFileSync(join(root, file), 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
