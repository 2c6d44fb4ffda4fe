/** What went wrong, as far as a person can do something about it. */
export type ErrorCode = keyof typeof CATALOGUE;

/** Every message says what happened, every hint what to do next; both are meant for the screen. */
const CATALOGUE = {
  offline: ['You are offline.', 'Your changes are kept and will be sent when you are connected again.'],
  timeout: ['The server took too long to answer.', 'Try again; long stories can take some minutes.'],
  aborted: ['This was cancelled.', 'Start it again whenever you like.'],
  signedOut: ['You are not signed in.', 'Sign in to go on; what is on this device stays here.'],
  unauthorized: ['Your session has ended.', 'Sign in again; your unsent changes are kept.'],
  invalidCredentials: [
    'The e-mail address or the password is wrong.',
    'Check both and try again, or make an account.',
  ],
  emailTaken: ['There is already an account with this e-mail address.', 'Sign in instead.'],
  passwordTooShort: ['This password is too short.', 'Use at least 8 characters.'],
  passwordTooLong: ['This password is too long.', 'Use at most 128 characters.'],
  validation: ['Something that was entered is not right.', 'Correct the marked fields and try again.'],
  badRequest: ['The server could not do this.', 'Check what you entered and try again.'],
  unsafeContent: ['This text is not suitable for children.', 'Describe it in other words and try again.'],
  forbidden: ['This belongs to another account.', 'Sign in with the account that made it.'],
  notFound: [
    'This does not exist any more.',
    'Refresh the list; it may have been deleted on another device.',
  ],
  conflict: ['This was changed elsewhere in the meantime.', 'Look at both versions and choose one.'],
  tooLarge: ['This is too large to send.', 'Use a smaller file or a shorter text.'],
  rateLimited: ['You have used this as often as is allowed for now.', 'Wait until the limit is lifted.'],
  aiBusy: ['The storyteller is busy.', 'Try again in a minute.'],
  aiFailed: [
    'The storyteller could not finish this.',
    'Try again; nothing was counted for the failed attempt.',
  ],
  unavailable: [
    'The server cannot be used right now.',
    'Go on offline; syncing resumes by itself when the server is back.',
  ],
  server: ['Something went wrong on the server.', 'Try again later; nothing of yours is lost.'],
  invalidAnswer: ['The server gave an answer that makes no sense.', 'Update the app, or try again later.'],
  truncated: ['The download broke off.', 'Check the connection and try again.'],
  wifiOnly: [
    'This is downloaded over Wi-Fi only.',
    'Connect to Wi-Fi, or allow other networks in the settings.',
  ],
  notCached: ['This is not on this device yet.', 'Connect to the internet once to get it.'],
  notUploaded: ['This has not reached the server yet.', 'Connect to the internet and let it sync first.'],
  invalidExport: ['This is not an export of stories.', 'Choose the file that the other app has saved.'],
  otherExport: [
    'Another export is half-way to the server.',
    'Finish that one, or undo it, before you begin with this one.',
  ],
  migrationRunning: ['An import is running already.', 'Wait until it has ended.'],
  migrationIncomplete: [
    'Not everything has reached the server.',
    'Try again; what is on the server already is not sent twice.',
  ],
  nothingToRollBack: ['There is no import to undo.', 'Nothing needs to be done.'],
  unknown: ['Something unexpected happened.', 'Try again; if it stays, restart the app.'],
} as const satisfies Record<string, readonly [message: string, hint: string]>;

export const ERROR_CODES = Object.keys(CATALOGUE) as readonly ErrorCode[];

export interface ErrorFacts {
  /** HTTP status, when there was an answer. */
  readonly status?: number;
  /** The server's own words, for the log and for developers. */
  readonly serverMessage?: string;
  /** The server's code, for example `ValidationError`. */
  readonly serverCode?: string;
  /** Problems by field. */
  readonly fields?: Readonly<Record<string, string>>;
  /** When it may be tried again, in epoch milliseconds. */
  readonly resetAt?: number;
  /** What was limited, for example `story_generation`. */
  readonly operation?: string;
  readonly cause?: unknown;
}

/** The one error of this library: `message` and `hint` can be shown as they are. */
export class EarshotError extends Error {
  override readonly name = 'EarshotError';
  readonly code: ErrorCode;
  readonly hint: string;
  readonly status: number | undefined;
  readonly serverMessage: string | undefined;
  readonly serverCode: string | undefined;
  readonly fields: Readonly<Record<string, string>>;
  readonly resetAt: number | undefined;
  readonly operation: string | undefined;

  constructor(code: ErrorCode, facts: ErrorFacts = {}) {
    const [message, hint] = CATALOGUE[code];
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.hint = hint;
    this.status = facts.status;
    this.serverMessage = facts.serverMessage;
    this.serverCode = facts.serverCode;
    this.fields = facts.fields ?? {};
    this.resetAt = facts.resetAt;
    this.operation = facts.operation;
  }
}

export const isEarshotError = (error: unknown, ...codes: readonly ErrorCode[]): error is EarshotError =>
  error instanceof EarshotError && (codes.length === 0 || codes.includes(error.code));

/** True when nothing was wrong with the request itself: the service was out of reach. It is worth going on later. */
export const isServiceFailure = (error: unknown): error is EarshotError =>
  isEarshotError(
    error,
    'offline',
    'timeout',
    'aborted',
    'unavailable',
    'rateLimited',
    'aiBusy',
    'invalidAnswer',
    'truncated',
  );

/** The words and the hint of an error code, for example to translate them. */
export function wordsOf(code: ErrorCode): { readonly message: string; readonly hint: string } {
  const [message, hint] = CATALOGUE[code];
  return { message, hint };
}
