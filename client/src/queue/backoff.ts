import type { Environment } from '../environment.js';

export const BACKOFF_CAP_S = 300;
export const BACKOFF_JITTER = 0.2;

/** 2^n seconds, at most 300, ±20 %; in milliseconds. `failures` counts from 1. */
export function backoffMs(failures: number, environment: Pick<Environment, 'random'>): number {
  const seconds = Math.min(2 ** failures, BACKOFF_CAP_S);
  return Math.round(seconds * 1000 * (1 + BACKOFF_JITTER * (2 * environment.random() - 1)));
}
