import { Type } from 'typebox';
import { errors } from '../../../platform/http/errors.js';
import type { HttpServer } from '../../../platform/http/server.js';
import { ok, type RouteHooks } from '../route-hooks.js';

/**
 * What the app asks of a marketplace, a shop and other things that a server of one's own does not have: harmless answers in
 * the shapes that its parsers take (contract §5.6, §7.4, §8.3, §8.4).
 */
type Harmless = 'not-found' | 'not-here' | object;
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const noApps = { total: 0, count: 0, offset: 0, limit: 20 };

const answers: readonly (readonly [Method, string, Harmless])[] = [
  ['GET', '/v2/apps', { groups: [], data: [], pagination: noApps, category: null, meta: {} }],
  ['GET', '/v2/apps/search', { data: [], pagination: noApps, filters: {} }],
  ...[
    '/v1/apps',
    '/v1/apps/popular',
    '/v1/approved-apps',
    '/v1/app-categories',
    '/v1/app-capabilities',
    '/v1/apps/proactive-notification-scopes',
    '/v1/app/plans',
    '/v1/apps/:id/reviews',
    '/v1/apps/:id/keys',
    '/v1/trends',
    '/v1/public-conversations',
  ].map((path) => ['GET', path, []] as const),
  ['GET', '/v1/apps/:id', 'not-found'],
  ['GET', '/v1/apps/:id/subscription', 'not-found'],
  ['GET', '/v1/personas', 'not-found'],
  ['GET', '/v1/personas/twitter/*', 'not-found'],
  ['POST', '/v1/apps/enable', ok],
  ['POST', '/v1/apps/disable', ok],
  ['POST', '/v1/apps/migrate-owner', ok],
  ['POST', '/v1/apps', 'not-here'],
  ['PATCH', '/v1/apps/:id', 'not-here'],
  ['DELETE', '/v1/apps/:id', 'not-here'],
  ['POST', '/v1/apps/:id/reviews', 'not-here'],
  ['PATCH', '/v1/apps/:id/reviews', 'not-here'],
  ['POST', '/v1/apps/:id/keys', 'not-here'],
  ['PATCH', '/v1/apps/:id/change-visibility', 'not-here'],
  ['POST', '/v1/personas', 'not-here'],
  ['POST', '/v1/app/thumbnails', 'not-here'],
  ['GET', '/v1/apps/check-username', { is_taken: false }],
  ['GET', '/v1/payments/available-plans', { plans: [] }],
  ['POST', '/v1/payments/checkout-session', 'not-found'],
  ['POST', '/v1/payments/upgrade-subscription', 'not-found'],
  ['DELETE', '/v1/payments/subscription', 'not-found'],
  ['GET', '/v1/payment-methods/status', 'not-found'],
  ['GET', '/v1/stripe/onboarded', 'not-found'],
  ['GET', '/v1/stripe/supported-countries', 'not-found'],
  ['GET', '/v1/paypal/payment-details', 'not-found'],
  ['GET', '/v2/firmware/latest', 'not-found'],
  ['GET', '/v1/users/training-data-opt-in', { opted_in: false, status: null }],
  ['POST', '/v1/users/training-data-opt-in', ok],
  // True keeps the app from asking for a rating.
  ['GET', '/v1/users/analytics/memory_summary', { has_rating: true }],
  ['POST', '/v1/users/analytics/memory_summary', ok],
  ['GET', '/v1/joan/:id/followup-question', { result: '' }],
  ['GET', '/v1/users/migration/requests', { needs_migration: [] }],
  ['POST', '/v1/users/migration/requests', ok],
  ['POST', '/v1/users/migration/batch-requests', ok],
  ['POST', '/v1/users/migration/requests/data-protection-level/finalize', ok],
  // Any failure makes the app use the phone's own voice.
  ['POST', '/v1/tts/generate', 'not-found'],
  ['POST', '/v1/notifications/test-tts-push', 'not-found'],
  ['POST', '/sdcard_memory', []],
];

export function fringeRoutes(server: HttpServer, hooks: RouteHooks): void {
  for (const [method, url, answer] of answers) {
    server.route({
      method,
      url,
      ...hooks.authenticated,
      schema: {
        tags: ['companion'],
        summary: 'Nothing of this kind is kept here',
        querystring: Type.Object({}, { additionalProperties: true }),
      },
      handler: async () => {
        if (answer === 'not-found') throw errors.notFound('This server has nothing of this kind.');
        if (answer === 'not-here') throw errors.notFound('This server has no app store.');
        return answer;
      },
    });
  }
}
