// @ts-check
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { availableParallelism, cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { percentile, rounded } from './statistics.js';

/** Writes of a database page, each flushed. */
const FLUSHES = 200;
/** How long the processors are watched before anything is started. */
const IDLE_MS = 2_000;

/**
 * What the figures depend on. No names of hosts or folders.
 *
 * @param {string} folder where the server's data will be
 */
export async function describeMachine(folder) {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGigabytes: rounded(totalmem() / 1e9, 1),
    system: platform(),
    node: process.versions.node,
    busyBefore: await busyShare(),
    flush: flushLatency(folder),
  };
}

/** How busy the processors are with other programs' work, in percent, while this one does nothing. */
async function busyShare() {
  const before = processorTimes();
  await sleep(IDLE_MS);
  const after = processorTimes();
  return rounded(100 * (1 - (after.idle - before.idle) / (after.all - before.all)));
}

function processorTimes() {
  const all = cpus().flatMap(({ times }) => Object.values(times));
  const idle = cpus().map(({ times }) => times.idle);
  const sum = (/** @type {number[]} */ values) => values.reduce((total, value) => total + value, 0);
  return { all: sum(all), idle: sum(idle) };
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
