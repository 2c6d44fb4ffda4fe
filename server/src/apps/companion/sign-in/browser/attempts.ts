import type { Platform } from '../../../../platform/platform.js';
import { SIGN_IN_MS } from './codes.js';
import type { ProviderName } from './providers.js';

/** A sign-in that has begun in a browser. */
export interface SignInAttempt {
  readonly provider: ProviderName;
  readonly redirectUri: string;
  /** The app's own, given back to it as it came. */
  readonly state: string;
}

const PURPOSE = 'browser-sign-in';

/** Attempts travel through the provider as its `state`, sealed: whichever node the browser comes back to can read them. */
export const createSignInAttempts = ({ clock, secrets }: Pick<Platform, 'clock' | 'secrets'>) => ({
  begin: (attempt: SignInAttempt): string =>
    secrets.seal(JSON.stringify({ ...attempt, expiresAt: clock.now() + SIGN_IN_MS }), PURPOSE),

  /** @returns null for what this server did not begin with this provider in the last minutes */
  resume: (provider: ProviderName, sealed: string): SignInAttempt | null => {
    const text = secrets.unseal(sealed, PURPOSE);
    if (text === null) return null;
    const attempt = JSON.parse(text) as SignInAttempt & { readonly expiresAt: number };
    return attempt.provider === provider && attempt.expiresAt > clock.now() ? attempt : null;
  },
});
