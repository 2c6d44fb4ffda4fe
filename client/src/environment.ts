/** Stops a timer that has not fired yet. */
export type Cancel = () => void;

/** Everything about the outside world that a test wants to decide: time, chance and the network. */
export interface Environment {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** A number in [0, 1). */
  random(): number;
  /** A new UUID. */
  newId(): string;
  /** Runs `work` once after `ms` milliseconds, which may be more than timers can hold (24.8 days). */
  after(ms: number, work: () => void): Cancel;
  readonly fetch: typeof globalThis.fetch;
}

/** Timers hold 32 bits; a session lives for 30 days, which is more. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

function after(ms: number, work: () => void): Cancel {
  let timer: ReturnType<typeof setTimeout>;
  const arm = (left: number): void => {
    const step = Math.min(Math.max(left, 0), LONGEST_TIMER_MS);
    timer = setTimeout(() => (left > step ? arm(left - step) : work()), step);
  };
  arm(ms);
  return () => clearTimeout(timer);
}

/** `crypto.randomUUID` exists on secure pages only, and React Native has neither of the two by itself. */
function newId(): string {
  const source: Crypto | undefined = globalThis.crypto;
  if (typeof source?.randomUUID === 'function') return source.randomUUID();
  const bytes = new Uint8Array(16);
  if (typeof source?.getRandomValues === 'function') source.getRandomValues(bytes);
  else for (let index = 0; index < 16; index += 1) bytes[index] = Math.floor(Math.random() * 256);
  bytes[6] = 0x40 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The real world. Single parts of it may be replaced. */
export function systemEnvironment(replaced: Partial<Environment> = {}): Environment {
  return {
    now: () => Date.now(),
    random: () => Math.random(),
    newId,
    after,
    fetch: (...request) => globalThis.fetch(...request),
    ...replaced,
  };
}

/** Resolves after `ms` milliseconds, or rejects with the signal's reason when it is aborted earlier. */
export function wait(
  environment: Pick<Environment, 'after'>,
  ms: number,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = (): void => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = environment.after(ms, () => {
      signal?.removeEventListener('abort', stop);
      resolve();
    });
    signal?.addEventListener('abort', stop, { once: true });
  });
}
