/** What a team decides about its app; kept as JSON in the app's row. */
export interface AppSettings {
  /** After so many days messages are deleted; null keeps them. */
  readonly messageRetentionDays: number | null;
  /** The same for analytics events. */
  readonly eventRetentionDays: number | null;
  readonly pushEnabled: boolean;
  /** No push between 22:00 and 08:00 where the device is. */
  readonly pushQuietHours: boolean;
  /** For how long a rotated API key keeps working when nothing else is said. */
  readonly graceSeconds: number;
  /** Nothing of this app is deleted by age while it is true. */
  readonly legalHold: boolean;
}

/** What holds for an app whose team has decided nothing. Installed apps take a day to fetch a new configuration. */
const DEFAULT_APP_SETTINGS: AppSettings = {
  messageRetentionDays: null,
  eventRetentionDays: 365,
  pushEnabled: true,
  pushQuietHours: false,
  graceSeconds: 86_400,
  legalHold: false,
};

/** Reads the `settings` column of an app: what was never decided is filled in. */
export const parseAppSettings = (settings: string): AppSettings => ({
  ...DEFAULT_APP_SETTINGS,
  ...(JSON.parse(settings) as Partial<AppSettings>),
});
