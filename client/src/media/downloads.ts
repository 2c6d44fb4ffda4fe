import type { OnProgress } from '../http/client.js';
import { EarshotError } from '../http/errors.js';

interface Running<T> {
  readonly result: Promise<T>;
  readonly abort: AbortController;
  readonly listeners: Set<OnProgress>;
  waiting: number;
}

/** Downloads by name: who asks while one is under way shares it. It is ended when nobody waits for it any more. */
export function createDownloads<T>() {
  const running = new Map<string, Running<T>>();

  function begin(
    name: string,
    download: (signal: AbortSignal, onProgress: OnProgress) => Promise<T>,
  ): Running<T> {
    const abort = new AbortController();
    const listeners = new Set<OnProgress>();
    const result = download(abort.signal, (share) => {
      for (const listener of listeners) listener(share);
    }).finally(() => {
      if (running.get(name) === begun) running.delete(name);
    });
    const begun: Running<T> = { result, abort, listeners, waiting: 0 };
    running.set(name, begun);
    return begun;
  }

  function stop(name: string, one: Running<T>): void {
    if (running.get(name) === one) running.delete(name);
    one.abort.abort();
  }

  return {
    share: async (
      name: string,
      options: { readonly onProgress?: OnProgress; readonly signal?: AbortSignal },
      download: (signal: AbortSignal, onProgress: OnProgress) => Promise<T>,
    ): Promise<T> => {
      const { onProgress, signal } = options;
      if (signal?.aborted) throw new EarshotError('aborted', { cause: signal.reason });
      const one = running.get(name) ?? begin(name, download);
      one.waiting += 1;
      if (onProgress) one.listeners.add(onProgress);
      let leave = (): void => undefined;
      const left = new Promise<never>((_, reject) => {
        leave = () => reject(new EarshotError('aborted', { cause: signal?.reason }));
        signal?.addEventListener('abort', leave, { once: true });
      });
      try {
        return await Promise.race([one.result, left]);
      } finally {
        signal?.removeEventListener('abort', leave);
        if (onProgress) one.listeners.delete(onProgress);
        one.waiting -= 1;
        if (one.waiting === 0) stop(name, one);
      }
    },
    stopAll: (): void => {
      for (const [name, one] of [...running]) stop(name, one);
    },
  };
}
