import { Type } from 'typebox';
import { errors } from '../../../platform/http/errors.js';
import type { HttpServer } from '../../../platform/http/server.js';
import { type Caller, callerOf } from '../../../platform/identity/caller.js';
import type { Platform } from '../../../platform/platform.js';
import { ok, type RouteHooks } from '../route-hooks.js';
import { isoOf, saidOrNull } from '../wire/instants.js';
import { queryText, yesOr } from '../wire/query.js';
import { presentSubscription, presentUsage } from './presenter.js';
import { Place, TextOrNull } from './schemas.js';
import { type CompanionUsers, usagePeriods } from './service.js';

/** The user's own settings: contract §5.6, and `users/{id}` of §9. */
export function userRoutes(
  server: HttpServer,
  platform: Pick<Platform, 'accounts' | 'database' | 'users'>,
  users: CompanionUsers,
  hooks: RouteHooks,
): void {
  const route = hooks.authenticated;
  const tags = ['companion'];
  const value = Type.Object({ value: queryText });

  const userAnswer = async ({ userId, firebase }: Caller) => {
    const [account, profile, row] = await Promise.all([
      platform.accounts.profile(userId),
      users.profile(userId),
      platform.database.read
        .selectFrom('users')
        .select('created_at')
        .where('id', '=', userId)
        .executeTakeFirst(),
    ]);
    if (!row) throw errors.notFound('User not found');
    return {
      id: userId,
      uid: userId,
      email: account?.email ?? firebase?.email ?? null,
      name: account?.name ?? firebase?.name ?? null,
      created_at: isoOf(row.created_at),
      language: profile?.language ?? null,
      time_zone: profile?.time_zone ?? null,
      data_protection_level: 'standard',
      migration_status: null,
    };
  };

  server.get(
    '/v1/users/profile',
    { ...route, schema: { tags, summary: 'Who the user is' } },
    async (request) => userAnswer(callerOf(request)),
  );

  server.get(
    '/v1/users/language',
    { ...route, schema: { tags, summary: "The user's language" } },
    async (request) => ({ language: (await users.profile(callerOf(request).userId))?.language ?? null }),
  );

  server.patch(
    '/v1/users/language',
    {
      ...route,
      schema: {
        tags,
        summary: 'Chooses a language',
        body: Type.Object({ language: Type.String({ maxLength: 35 }) }),
      },
    },
    async (request) => {
      await users.setLanguage(callerOf(request).userId, request.body.language);
      return ok;
    },
  );

  server.patch(
    '/v1/users/geolocation',
    { ...route, schema: { tags, summary: 'Tells where the user is', body: Place } },
    async (request) => {
      const { googlePlaceId, google_place_id, locationType, location_type, ...place } = request.body;
      await users.setPlace(callerOf(request).userId, {
        latitude: place.latitude,
        longitude: place.longitude,
        altitude: place.altitude ?? null,
        accuracy: place.accuracy ?? null,
        time: place.time ?? null,
        address: place.address ?? null,
        google_place_id: google_place_id ?? googlePlaceId ?? null,
        location_type: location_type ?? locationType ?? null,
      });
      return ok;
    },
  );

  server.get(
    '/v1/users/store-recording-permission',
    { ...route, schema: { tags, summary: 'Whether recordings may be kept' } },
    async (request) => {
      const kept = (await users.profile(callerOf(request).userId))?.store_recordings ?? null;
      return { store_recording_permission: kept === null ? null : kept === 1 };
    },
  );
  server.post(
    '/v1/users/store-recording-permission',
    { ...route, schema: { tags, summary: 'Says whether recordings may be kept', querystring: value } },
    async (request) => {
      await users.setRecordings(callerOf(request).userId, yesOr(request.query.value, false));
      return ok;
    },
  );
  server.delete(
    '/v1/users/store-recording-permission',
    { ...route, schema: { tags, summary: 'Keeps no recordings any more' } },
    async (request) => {
      await users.setRecordings(callerOf(request).userId, false);
      return ok;
    },
  );

  server.get(
    '/v1/users/private-cloud-sync',
    { ...route, schema: { tags, summary: 'Whether audio is kept on the server' } },
    async (request) => ({
      private_cloud_sync_enabled: (await users.profile(callerOf(request).userId))?.private_cloud_sync === 1,
    }),
  );
  server.post(
    '/v1/users/private-cloud-sync',
    { ...route, schema: { tags, summary: 'Says whether audio is kept on the server', querystring: value } },
    async (request) => {
      await users.setCloudSync(callerOf(request).userId, yesOr(request.query.value, false));
      return ok;
    },
  );

  server.post(
    '/v1/users/fcm-token',
    {
      ...route,
      schema: {
        tags,
        summary: 'Tells where the phone is reached by push, and its time zone',
        body: Type.Object({ fcm_token: TextOrNull, time_zone: TextOrNull }),
      },
    },
    async (request) => {
      const { fcm_token, time_zone } = request.body;
      await users.setDevice(callerOf(request).userId, saidOrNull(fcm_token), zoneOrNull(time_zone));
      return ok;
    },
  );

  server.put(
    '/v1/users/preferences/app',
    {
      ...route,
      schema: {
        tags,
        summary: 'Chooses the app that summarises',
        querystring: Type.Object({ app_id: queryText }),
      },
    },
    async (request) => {
      await users.setPreferredApp(callerOf(request).userId, saidOrNull(request.query.app_id));
      return ok;
    },
  );

  server.get(
    '/v1/users/me/subscription',
    { ...route, schema: { tags, summary: 'Everything is included: this server is your own' } },
    async (request) => {
      const { total } = await users.usage(callerOf(request).userId, 'monthly');
      return presentSubscription(total);
    },
  );

  server.get(
    '/v1/users/me/usage',
    {
      ...route,
      schema: { tags, summary: 'What was used', querystring: Type.Object({ period: queryText }) },
    },
    async (request) => {
      const period = usagePeriods.find((known) => known === request.query.period) ?? 'today';
      return presentUsage(period, await users.usage(callerOf(request).userId, period));
    },
  );

  server.delete(
    '/v1/users/delete-account',
    { ...route, schema: { tags, summary: 'Removes the account and everything that belongs to it' } },
    async (request) => {
      await platform.accounts.remove(callerOf(request).userId);
      return ok;
    },
  );

  server.get(
    '/v1/users/:userId',
    {
      ...route,
      schema: {
        tags,
        summary: 'Oneself, by id, by Firebase uid or as `me`',
        params: Type.Object({ userId: Type.String() }),
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const asked = request.params.userId;
      if (!['me', caller.userId, caller.firebase?.uid].includes(asked)) {
        if (!(await platform.users.exists(asked))) throw errors.notFound('User not found');
        throw errors.forbidden('You may read your own profile only.');
      }
      return userAnswer(caller);
    },
  );
}

/** A zone that this server's calendar knows; null for anything else. */
function zoneOrNull(text: string | null | undefined): string | null {
  const said = saidOrNull(text);
  if (said === null) return null;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: said }).resolvedOptions().timeZone;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
