import { EarshotError, isEarshotError, isServiceFailure } from './http/errors.js';

/** Where a read looks (contract §7.3). */
export type CachePolicy =
  /** Only on the device. */
  | 'cacheOnly'
  /** Only on the server. */
  | 'networkOnly'
  /** At once what is on the device, and a refresh in the background. */
  | 'cacheFirst'
  /** The server, and what is on the device when the server cannot be reached. */
  | 'networkFirst'
  /** At once what is on the device, then what the server has. */
  | 'cacheAndNetwork';

export interface CacheSources<T> {
  /** Undefined when it is not on the device. */
  readonly cached: () => Promise<T | undefined>;
  /** Asks the server, keeps the answer on the device and returns it. */
  readonly fetched: () => Promise<T>;
  /** Told what came later than the answer, and why it did not come. */
  readonly later?: ((value: T) => void) | undefined;
  readonly failed?: ((error: unknown) => void) | undefined;
}

/** @throws EarshotError `notCached`, or why the server could not be asked */
export async function readThrough<T>(policy: CachePolicy, sources: CacheSources<T>): Promise<T> {
  const { cached, fetched } = sources;
  switch (policy) {
    case 'cacheOnly':
      return required(await cached());
    case 'networkOnly':
      return await fetched();
    case 'networkFirst':
      return await fetched().catch(async (error: unknown) => {
        const kept = mayFallBack(error) ? await cached() : undefined;
        if (kept === undefined) throw error;
        return kept;
      });
    case 'cacheFirst':
    case 'cacheAndNetwork': {
      const kept = await cached();
      if (kept === undefined) return await fetched();
      fetched().then(
        (value) => sources.later?.(value),
        (error: unknown) => sources.failed?.(error),
      );
      return kept;
    }
  }
}

/** Trouble on the way or on the server is no reason to show nothing; a refusal is one. */
export const mayFallBack = (error: unknown): boolean =>
  isServiceFailure(error) || isEarshotError(error, 'server', 'signedOut', 'unauthorized');

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new EarshotError('notCached');
  return value;
}
