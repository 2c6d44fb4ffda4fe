/** Says whether a key for the speech provider is good. */
export interface KeyVerifier {
  /**
   * Resolves when the provider accepts the key.
   *
   * @throws AppError 401 when the provider refuses the key, 429 (with `retryAfterSeconds`) when it is asked too
   * often, 503 when it cannot be reached; the signal's reason when the signal is aborted
   */
  verify(apiKey: string, signal?: AbortSignal): Promise<void>;
}
