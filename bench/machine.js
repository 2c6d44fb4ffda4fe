// @ts-check
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { availableParallelism, cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { percentile, rounded } from './statistics.js';

/** Writes of a database page, each flushed. */
const FLUSHES = 200;

/**
 * What the figures depend on. No names of hosts or folders.
 *
 * @param {string} folder where the server's data will be
 */
export function describeMachine(folder) {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGigabytes: rounded(totalmem() / 1e9, 1),
    system: platform(),
    node: process.versions.node,
    flush: flushLatency(folder),
  };
}

/** @param {string} folder */
function flushLatency(folder) {
  const path = join(folder, 'flush-probe');
  const file = openSync(path, 'w');
  const page = Buffer.alloc(4_096, 1);
  const milliseconds = [];
  for (let n = 0; n < FLUSHES; n += 1) {
    const began = performance.now();
    writeSync(file, page);
    fsyncSync(file);
    milliseconds.push(performance.now() - began);
  }
  closeSync(file);
  rmSync(path);
  return {
    p50: rounded(percentile(milliseconds, 0.5), 2),
    p95: rounded(percentile(milliseconds, 0.95), 2),
  };
}
