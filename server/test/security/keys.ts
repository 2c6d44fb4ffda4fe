import { SignJWT, UnsecuredJWT } from 'jose';
import { createAccessTokens } from '../../src/apps/support/operators/access-tokens.js';
import { createSessionTokens } from '../../src/platform/identity/session-tokens.js';
import type { TestServer } from '../support/servers.js';
import type { Household } from './household.js';
import type { Door } from './route-table.js';

type Headers = Readonly<Record<string, string>>;

export const MASTER_KEY = 'zqx-master-key-of-the-tests-that-is-long-enough';

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** By what each door knows somebody. */
export const keyOf = ({ credentials, device }: Household): Readonly<Record<Door, Headers>> => ({
  account: bearer(credentials.session),
  mcp: bearer(credentials.mcp),
  dev: bearer(credentials.dev),
  history: { 'x-device-token': credentials.deviceToken },
  device,
  operator: bearer(credentials.operator),
  setup: { 'x-master-api-key': MASTER_KEY },
  signed: {},
});

/** Everything of somebody's that is, or looks like, a token, and opens none of the doors that it does not name. */
async function tokensOf(
  { built }: Pick<TestServer, 'built'>,
  { credentials, ids, email }: Household,
): Promise<Readonly<Record<string, string>>> {
  const longAgo = { now: () => Date.now() - 30 * 86_400_000 };
  const { secrets } = built.platform;
  const seconds = Math.floor(Date.now() / 1_000);
  const claims = { userId: ids.user, iat: seconds, exp: seconds + 600 };
  const operator = { userId: ids.operator, appId: ids.app, role: 'OWNER', email } as const;
  return {
    'a forged token': await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .sign(Buffer.from('a key that is not the server’s own')),
    'an unsigned token': new UnsecuredJWT(claims).encode(),
    'an expired token': await createSessionTokens(secrets.sessionKey, longAgo).issue(ids.user),
    'an expired operator’s token': await createAccessTokens(
      secrets.derive('support-operators'),
      longAgo,
    ).issue(operator),
    'a mangled session': `${credentials.session.slice(0, -2)}zz`,
    'a user’s id': ids.user,
    'a key for assistants': credentials.mcp,
    'a key for scripts': credentials.dev,
    'a key of the voice app': credentials.voice,
    'a client secret of the voice app': credentials.clientSecret,
    'a device token of the voice app': credentials.deviceToken,
    'a key of the upstream': credentials.providerKey,
    'an operator’s token': credentials.operator,
    'an operator’s refresh token': credentials.refresh,
    'an invitation': credentials.invitation,
    'a key of a support app': credentials.appKey,
  };
}

/** The one that each door is for. */
const RIGHT: Partial<Record<Door, string>> = {
  mcp: 'a key for assistants',
  dev: 'a key for scripts',
  operator: 'an operator’s token',
  device: 'a key of a support app',
};

/** What opens other doors, or none, by who comes with it. */
export async function wrongKeys(
  server: Pick<TestServer, 'built'>,
  owner: Household,
  stranger: Household,
): Promise<(door: Door) => Readonly<Record<string, Headers>>> {
  const { credentials, ids, device } = owner;
  const tokens = await tokensOf(server, owner);
  const asHeaders = (door: Door, headersOf: (token: string) => Headers) =>
    Object.fromEntries(
      Object.entries(tokens)
        .filter(([who]) => who !== RIGHT[door])
        .map(([who, token]) => [who, headersOf(token)]),
    );
  const strangers = {
    nobody: {},
    'an account': bearer(credentials.session),
    'an operator': bearer(credentials.operator),
  };
  const byDoor: Readonly<Record<Door, Readonly<Record<string, Headers>>>> = {
    account: {},
    mcp: {},
    dev: {},
    signed: {},
    operator: { 'an account': bearer(credentials.session) },
    history: strangers,
    setup: { ...strangers, ...asHeaders('setup', (token) => ({ 'x-master-api-key': token.slice(0, 900) })) },
    device: {
      ...strangers,
      'an app’s key alone': { 'x-api-key': credentials.appKey },
      'an installation without a key': { 'x-app-id': ids.app, 'x-device-id': ids.deviceId },
      'a key of another app': { ...device, 'x-api-key': stranger.credentials.appKey },
      'a key that was taken back': { ...device, 'x-api-key': credentials.revokedAppKey },
      'a key of this app at another': { ...device, 'x-app-id': stranger.ids.app },
      ...asHeaders('device', (token) => ({ ...device, 'x-api-key': token.slice(0, 190) })),
    },
  };
  return (door) =>
    door === 'history' || door === 'setup' || door === 'device'
      ? byDoor[door]
      : {
          nobody: {},
          'an empty token': { authorization: 'Bearer ' },
          'a support installation': device,
          'the master key': { 'x-master-api-key': MASTER_KEY },
          'a forged cookie': { cookie: `${credentials.cookie.split('=')[0]}=forged.forged` },
          ...byDoor[door],
          ...asHeaders(door, bearer),
        };
}
