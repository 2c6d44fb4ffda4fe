import { describe, expect, it } from 'vitest';
import { Deliveries } from '../../../../src/apps/support/realtime/deliveries.js';

/** Takes as long as writing to a slow socket. */
function busy(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

describe('deliveries to many sockets', () => {
  it('let everything else have its turn, and keep the order for everybody', async () => {
    const deliveries = new Deliveries<number>();
    const heard = new Map<number, string[]>();
    const everybody = Array.from({ length: 1_000 }, (_, n) => n);
    const hand = (what: string) => (who: number) => {
      busy(0.05);
      heard.set(who, [...(heard.get(who) ?? []), what]);
    };
    let turns = 0;
    const tick = setInterval(() => {
      turns += 1;
    }, 1);
    await Promise.all([
      deliveries.deliver(everybody, hand('first')),
      deliveries.deliver([...everybody].reverse(), hand('second')),
      deliveries.deliver([], hand('to nobody')),
    ]);
    clearInterval(tick);
    // 100 ms of work in slices of about 4 ms.
    expect(turns).toBeGreaterThan(5);
    expect([...heard.values()].every((what) => what.join() === 'first,second')).toBe(true);
  });

  it('to a few are made at once, also those that a delivery causes', () => {
    const deliveries = new Deliveries<string>();
    const heard: string[] = [];
    void deliveries.deliver(['a', 'b'], (who) => {
      heard.push(who);
      if (who === 'a') void deliveries.deliver(['c'], (other) => void heard.push(other));
    });
    expect(heard).toEqual(['a', 'b', 'c']);
  });
});
