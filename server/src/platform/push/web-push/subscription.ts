import { Type } from 'typebox';
import { Value } from 'typebox/value';

const Subscription = Type.Object({
  endpoint: Type.String({ maxLength: 2_048, pattern: '^https?://' }),
  keys: Type.Object({
    p256dh: Type.String({ minLength: 80, maxLength: 120 }),
    auth: Type.String({ minLength: 16, maxLength: 64 }),
  }),
});

/** A browser's `PushSubscription.toJSON()`. */
export interface WebSubscription {
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

/** Reads a subscription that was kept as text; null when it is none. */
export function parseSubscription(text: string): WebSubscription | null {
  try {
    const value: unknown = JSON.parse(text);
    if (!Value.Check(Subscription, value) || !URL.canParse(value.endpoint)) return null;
    return { endpoint: value.endpoint, keys: { p256dh: value.keys.p256dh, auth: value.keys.auth } };
  } catch {
    return null;
  }
}
