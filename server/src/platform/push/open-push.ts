import { type Config, ConfigError } from '../../config.js';
import type { Clock } from '../clock.js';
import type { PublicHttp } from '../http/public-addresses.js';
import type { Log } from '../log.js';
import type { Secrets } from '../secrets.js';
import { fcmPush, readServiceAccount } from './fcm/index.js';
import { offPush } from './off/index.js';
import type { Push, PushSender } from './push.js';
import { webPush } from './web-push/index.js';
import { areVapidKeys, deriveVapidKeys, type VapidKeys } from './web-push/vapid-keys.js';

/** A well-formed address that nobody has, for installations that name none. */
const NOBODY = 'mailto:operator@example.invalid';

interface PushParts {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly log: Log;
  readonly http: PublicHttp;
}

/**
 * The push port as the configuration says.
 *
 * @throws ConfigError when a credential cannot be read
 */
export function openPush(parts: PushParts): Push {
  const { config, secrets, clock, http } = parts;
  const phones = phoneSender(parts);
  const keys = configuredKeys(config) ?? deriveVapidKeys(secrets.derive('web-push'));
  const web = webPush({ keys, subject: subjectOf(config), http, clock });
  return {
    senderOf: (provider) => (provider === 'web' ? web : phones),
    webPublicKey: keys.publicKey,
  };
}

function phoneSender({ config, clock, log }: PushParts): PushSender {
  const { FIREBASE_SERVICE_ACCOUNT_JSON: json, FCM_BASE_URL } = config;
  if (!json) return offPush(log, 'Android and iOS', 'set FIREBASE_SERVICE_ACCOUNT_JSON');
  try {
    const account = readServiceAccount(json);
    return fcmPush({ account, baseUrl: FCM_BASE_URL.replace(/\/+$/, ''), clock });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`FIREBASE_SERVICE_ACCOUNT_JSON cannot be used: ${reason}.`);
  }
}

function configuredKeys({ VAPID_PUBLIC_KEY, VAPID_PRIVATE_KEY }: Config): VapidKeys | null {
  if (!VAPID_PUBLIC_KEY || !VAPID_PRIVATE_KEY) return null;
  const keys = { publicKey: VAPID_PUBLIC_KEY, privateKey: VAPID_PRIVATE_KEY };
  if (areVapidKeys(keys)) return keys;
  throw new ConfigError(
    'VAPID_PUBLIC_KEY and VAPID_PRIVATE_KEY are not one key pair. Make one with `npx web-push generate-vapid-keys`, or leave both unset.',
  );
}

function subjectOf({ VAPID_SUBJECT: subject, PUBLIC_URL }: Config): string {
  if (subject === undefined) return PUBLIC_URL?.startsWith('https:') ? PUBLIC_URL : NOBODY;
  if (URL.canParse(subject) && /^(mailto|https):/.test(subject)) return subject;
  throw new ConfigError('VAPID_SUBJECT must be a mailto: or https: address.');
}
