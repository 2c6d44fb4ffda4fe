/** So many `points` per `seconds`, counted separately for every key. `name` keeps rules apart and must be unique. */
export interface RateLimitRule {
  readonly name: string;
  readonly points: number;
  readonly seconds: number;
}

export type RateLimitVerdict =
  | { readonly allowed: true; readonly remaining: number; readonly resetSeconds: number }
  | { readonly allowed: false; readonly retryAfterSeconds: number };

/**
 * The limits port: fixed windows that open with a key's first use. Adapters: `memory/` (this process) and `redis/` (all
 * nodes together; each for itself while Redis is away).
 */
export interface RateLimits {
  /**
   * Takes `cost` points (1 unless told otherwise). A refused call also counts, so hammering does not get in.
   *
   * @returns whether it may, and in how many whole seconds (at least 1) the window ends
   */
  consume(rule: RateLimitRule, key: string, cost?: number): Promise<RateLimitVerdict>;
  /** What `consume` would say now, without taking a point. */
  peek(rule: RateLimitRule, key: string): Promise<RateLimitVerdict>;
  /** Forgets what the key has used. */
  reset(rule: RateLimitRule, key: string): Promise<void>;
  close(): Promise<void>;
}
