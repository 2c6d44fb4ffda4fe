import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { startChildServer } from '../support/child-server.js';

/** Where Chromium is; null when there is none, and the page tests are then skipped aloud. */
export const chromiumPath: string | null =
  [process.env.CHROMIUM_PATH, '/usr/bin/chromium'].find((path) => path && existsSync(path)) ?? null;

/** The system's Chromium, quiet and without a network of its own. @param more further switches */
export function openBrowser(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath ?? '',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...more,
    ],
  });
}

export interface RunningEarshot {
  readonly url: string;
  /** Everything it has written so far. */
  readonly output: () => string;
  readonly stop: () => Promise<void>;
}

/** The built server as its users start it, on a free port and an empty folder. */
export async function startEarshot(
  environment: Readonly<Record<string, string>> = {},
): Promise<RunningEarshot> {
  const data = mkdtempSync(join(tmpdir(), 'earshot-pages-'));
  const server = await startChildServer({ DATA_DIR: data, ...environment });
  return {
    url: server.url,
    output: server.output,
    stop: async () => {
      await server.end('SIGTERM');
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Collects what a developer would see in red: errors, failed scripts, violations of the content security policy. */
export function collectFaults(page: Page): readonly string[] {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
  });
  return faults;
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Waits until whatever fades or slides in has arrived: half faded in, every text has too little
 * contrast. What moves for ever (a spinner) is not waited for, nor what goes away on its way.
 */
async function arrivals(page: Page): Promise<void> {
  await page.evaluate(`Promise.allSettled(document.getAnimations()
    .filter((animation) => animation.effect.getComputedTiming().endTime !== Infinity)
    .map(({ finished }) => finished))`);
}

/** What axe finds serious or critical on the page as it is now: rule, element and why. */
export async function seriousBarriers(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  await arrivals(page);
  return page.evaluate<string[]>(`axe.run().then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + ' ' + target + ': ' + failureSummary)))`);
}

/** Whether the page can be scrolled sideways, which it never should. */
export function overflows(page: Page): Promise<boolean> {
  return page.evaluate<boolean>('document.documentElement.scrollWidth > window.innerWidth');
}
