// `npm run audit`: asks the registry whether something that we ship has a known vulnerability of weight.

import { execFileSync } from 'node:child_process';
import { root } from './workspace.js';

const WEIGHTS = ['high', 'critical'];

const report = ask();
if (report === null) {
  console.error(
    [
      'The registry does not answer audits, so nothing is known about vulnerabilities.',
      'Mirrors often have no such service: try  npm run audit --registry=https://registry.npmjs.org',
      'Licences and install scripts are checked without it, by  node scripts/dependency-rules.js',
    ].join('\n'),
  );
  // Neither good nor bad: a pipeline can tell this from a finding.
  process.exitCode = 2;
} else {
  const found = Object.values(report.vulnerabilities).filter(({ severity }) => WEIGHTS.includes(severity));
  for (const { name, severity, range, via } of found) {
    const titles = via.map((one) => one.title ?? `by way of ${one}`);
    console.error(`${severity}: ${name} ${range}: ${titles.join('; ')}`);
  }
  const { dependencies } = report.metadata;
  console.log(`${dependencies.prod} packages that we ship, ${found.length} with a weighty vulnerability`);
  process.exitCode = found.length === 0 ? 0 : 1;
}

/** @returns npm's report, null when the registry has none to give */
function ask() {
  const output = npmAudit();
  try {
    const answer = JSON.parse(output);
    return answer.vulnerabilities && answer.metadata ? answer : null;
  } catch {
    return null; // not even JSON: a proxy's page
  }
}

/** npm ends with 1 for vulnerabilities and for failures alike; what it writes tells which. */
function npmAudit() {
  const command = process.env.npm_execpath;
  const asked = ['audit', '--omit=dev', '--json'];
  const [program, given] = command ? [process.execPath, [command, ...asked]] : ['npm', asked];
  try {
    return execFileSync(program, given, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch (error) {
    return error.stdout ?? '';
  }
}
