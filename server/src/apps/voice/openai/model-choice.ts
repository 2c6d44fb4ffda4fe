import type { VoiceCaller } from '../callers.js';

/**
 * The model that a call asks the upstream for. Whoever brings nothing spends the operator's money, and so does not choose;
 * the answer says which model it was.
 *
 * @param own the operator's model, when one is set
 */
export function modelFor(
  { apiKey, account }: VoiceCaller,
  asked: string | undefined,
  own: string | undefined,
): { readonly model?: string } {
  const model = apiKey !== undefined || account ? (asked ?? own) : own;
  return model === undefined ? {} : { model };
}
