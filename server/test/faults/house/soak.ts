import { setTimeout as sleep } from 'node:timers/promises';
import { acknowledgedBy, beginShift, metrics, openHouse } from './house.js';
import { INSPECTED, inspectHeap } from './inspected-heap.js';

/** What a server was like at one moment. */
export interface Sample {
  /** Minutes since the beginning. */
  readonly at: number;
  readonly rssMB: number;
  readonly heapMB: number;
  readonly handles: number;
  readonly loopP99Ms: number;
}

export interface SoakReport {
  readonly minutes: number;
  readonly samples: readonly Sample[];
  /** Seconds of processor time that the server used. */
  readonly cpuSeconds: number;
  readonly acknowledged: ReadonlyMap<string, number>;
  readonly errors: ReadonlyMap<string, number>;
  readonly problems: readonly string[];
}

/** Seldom enough for the collector's pauses not to count. */
const SAMPLE_EVERY_MS = 15_000;

/** Users of all five apps at a modest rate on an undisturbed server, which is looked at meanwhile. */
export async function soak(
  minutes: number,
  paceMs: number,
  progress: (line: string) => void,
): Promise<SoakReport> {
  const house = await openHouse('sqlite', INSPECTED);
  const { url } = house.server();
  const began = performance.now();
  const minutesSince = () => (performance.now() - began) / 60_000;
  const samples: Sample[] = [];
  const heap = await inspectHeap(house.server().output());
  try {
    const shift = beginShift(house, paceMs);
    for (let told = 0; minutesSince() < minutes && !shift.hasFailed(); ) {
      // All at once: looking resets what is known of the event loop.
      const figure = await metrics(url);
      const sample: Sample = {
        at: minutesSince(),
        rssMB: figure('process_resident_memory_bytes') / 1e6,
        heapMB: (await heap.used()) / 1e6,
        handles: figure('nodejs_active_handles_total'),
        loopP99Ms: figure('nodejs_eventloop_lag_p99_seconds') * 1_000,
      };
      samples.push(sample);
      if (sample.at >= told) {
        told += 1;
        progress(
          Object.entries(sample)
            .map(([name, value]) => `${name} ${value.toFixed(1)}`)
            .join(', '),
        );
      }
      await sleep(Math.min(SAMPLE_EVERY_MS, minutes * 15_000));
    }
    const cpuSeconds = (await metrics(url))('process_cpu_seconds_total');
    await shift.end();
    const problems = await house.judge();
    return {
      minutes,
      samples,
      cpuSeconds,
      acknowledged: acknowledgedBy(house),
      errors: house.errors(),
      problems,
    };
  } finally {
    heap.close();
    await house.close();
  }
}

/** The lowest value of each minute. */
export function lowestOfEachMinute(samples: readonly Sample[], of: (sample: Sample) => number): number[] {
  const lowest: number[] = [];
  for (const sample of samples) {
    const minute = Math.floor(sample.at);
    lowest[minute] = Math.min(lowest[minute] ?? Number.POSITIVE_INFINITY, of(sample));
  }
  return lowest.filter((value) => value !== undefined);
}

/** By how much values that are one minute apart grow in a minute: least squares. */
export function growthPerMinute(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let [above, below] = [0, 0];
  for (const [minute, value] of values.entries()) {
    above += (minute - middle) * (value - mean);
    below += (minute - middle) ** 2;
  }
  return below === 0 ? 0 : above / below;
}
