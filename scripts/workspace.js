// What all scripts share: finding the root, installing and building what is stale, running steps with a visible name.
// Plain JavaScript without dependencies, because it runs before anything is installed.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

const NEEDED_NODE = [20, 19];

/** The workspaces in the order in which they are built, with what their build is made from. */
const BUILDS = [
  { name: 'client', sources: ['client/src', 'client/package.json', 'client/tsconfig.build.json'] },
  { name: 'server', sources: ['server/src', 'server/package.json', 'server/tsconfig.build.json'] },
  {
    name: 'web',
    sources: [
      'web/src',
      'web/public',
      'web/index.html',
      'web/vite.config.ts',
      'web/shell-build.ts',
      'web/widget-build.ts',
      'web/package.json',
      'client/src',
    ],
  },
];

/** Ends the process with a clear sentence when Node is too old. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [neededMajor = 0, neededMinor = 0] = NEEDED_NODE;
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return;
  console.error(`Earshot needs Node.js ${NEEDED_NODE.join('.')} or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

/** Runs a command of the workspace; resolves with its exit code. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(signal ? 1 : (code ?? 1)));
  });
}

/** Runs a locally installed tool by the file behind its name, so that no shell and no npm stands between. */
export function runTool(packageName, binary, args, options = {}) {
  const folder = join(root, 'node_modules', packageName);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[binary];
  return run(process.execPath, [join(folder, file), ...args], options);
}

/** Runs npm: the one that called us, or else the one on the PATH. */
export function runNpm(args, options = {}) {
  const npm = process.env.npm_execpath;
  return npm
    ? run(process.execPath, [npm, ...args], options)
    : run('npm', args, { shell: process.platform === 'win32', ...options });
}

async function orExit(what, code) {
  if (code === 0) return;
  console.error(`\n${what} failed; see above.`);
  process.exit(code);
}

/** Installs the dependencies when they are missing or older than the lock file. */
export async function installIfStale() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  const isFresh =
    existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
  if (isFresh) return;
  console.log('Installing dependencies (needed once, about a minute) …');
  await orExit('The installation', await runNpm(['ci', '--no-audit', '--no-fund', '--loglevel=error']));
}

/** Builds the workspaces whose sources are newer than their last build. */
export async function buildIfStale() {
  const stale = BUILDS.filter(isStale);
  for (const [index, { name }] of stale.entries()) {
    const began = Date.now();
    process.stdout.write(`Building ${name} (${index + 1} of ${stale.length}) … `);
    await orExit(`The build of ${name}`, await build(name));
    writeFileSync(join(root, name, 'dist', '.built'), '');
    console.log(`done in ${((Date.now() - began) / 1000).toFixed(1)} s`);
  }
}

async function build(name) {
  mkdirSync(join(root, name, 'dist'), { recursive: true });
  if (name !== 'web') return runTool('typescript', 'tsc', ['-p', join(name, 'tsconfig.build.json')]);
  const code = await runTool('vite', 'vite', ['build', '--logLevel', 'warn'], { cwd: join(root, 'web') });
  if (code === 0)
    await run(process.execPath, [join(root, 'scripts', 'compress-assets.js'), join(root, 'web', 'dist')]);
  return code;
}

function isStale({ name, sources }) {
  const stamp = join(root, name, 'dist', '.built');
  if (!existsSync(stamp)) return true;
  const builtAt = statSync(stamp).mtimeMs;
  return sources.some((source) => newestIn(join(root, source)) > builtAt);
}

function newestIn(path) {
  if (!existsSync(path)) return 0;
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  return readdirSync(path).reduce(
    (newest, name) => Math.max(newest, newestIn(join(path, name))),
    found.mtimeMs,
  );
}
