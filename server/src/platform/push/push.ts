/** Whose service a device's token belongs to. iOS devices register with Firebase too, so one sender serves both. */
export type PushProvider = 'fcm' | 'apns' | 'web';

/** A notification for one device. */
export interface PushNotice {
  /** Null sends data only, and the app on the device makes the notification. */
  readonly title: string | null;
  readonly body: string;
  /** For the app on the device. Everything together must stay below 4 kB, the limit of all services. */
  readonly data: Readonly<Record<string, string>>;
  /** A later notice with the same key replaces an earlier one that was not shown or read yet. */
  readonly collapseKey: string;
}

export type PushResult =
  | { readonly kind: 'sent' }
  /** The service will not deliver it, however often it is asked. */
  | {
      readonly kind: 'refused';
      /** Firebase's name of the reason, for example `messaging/registration-token-not-registered`. */
      readonly code: string;
      /** The token will never work again and must be forgotten. */
      readonly isTokenDead: boolean;
    };

/** One way to devices. Adapters: `fcm/`, `web-push/`, and `off/` where none is configured. */
export interface PushSender {
  /** False when there is no way: nothing needs to be queued for it. */
  readonly isOn: boolean;
  /**
   * @param token a registration token, or a Web Push subscription as JSON
   * @throws PushUnavailable when it should be tried again later
   */
  send(token: string, notice: PushNotice, signal: AbortSignal): Promise<PushResult>;
}

/** The push service cannot take it now: overloaded, unreachable, or our credentials could not be renewed. */
export class PushUnavailable extends Error {
  override readonly name = 'PushUnavailable';

  /** @param retryAfterMs how long the service asked us to wait */
  constructor(
    message: string,
    readonly retryAfterMs?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The reasons that contracts name, in Firebase's spelling; the first three mean that the token is dead. */
export const refusals = {
  invalidToken: 'messaging/invalid-registration-token',
  notRegistered: 'messaging/registration-token-not-registered',
  invalidArgument: 'messaging/invalid-argument',
  mismatchedCredential: 'messaging/mismatched-credential',
  thirdPartyAuth: 'messaging/third-party-auth-error',
  tooLarge: 'messaging/payload-size-limit-exceeded',
  off: 'messaging/not-configured',
} as const;

const DEAD: ReadonlySet<string> = new Set([
  refusals.invalidToken,
  refusals.notRegistered,
  refusals.invalidArgument,
]);

export const refused = (code: string): PushResult => ({
  kind: 'refused',
  code,
  isTokenDead: DEAD.has(code),
});

/** The push port: the sender of each kind of token. */
export interface Push {
  readonly senderOf: (provider: PushProvider) => PushSender;
  /** What browsers need to subscribe (the VAPID public key, base64url). */
  readonly webPublicKey: string;
}
