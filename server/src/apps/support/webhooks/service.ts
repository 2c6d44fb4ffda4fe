import { randomBytes } from 'node:crypto';
import { NoAnswer, PrivateAddress } from '../../../platform/http/public-addresses.js';
import { uuidV7 } from '../../../platform/ids.js';
import type { Platform } from '../../../platform/platform.js';
import type { OperatorCaller } from '../callers.js';
import { supportErrors } from '../errors.js';
import { enqueueDelivery } from './effects.js';
import { payloadOf, TEST_EVENT, type WebhookEvent, webhookEvents } from './events.js';
import { DELIVERY_TIMEOUT_MS } from './job.js';
import { isSuccess, postSigned, textOf } from './signed-request.js';
import type { DeliveryRow, WebhookRow, WebhookStore } from './store.js';

/** Each message of an app is delivered to each of them. */
const WEBHOOKS_PER_APP = 20;
const MAX_URL_CHARACTERS = 2_048;

export interface WebhookInput {
  readonly url?: string | undefined;
  readonly events?: readonly string[] | undefined;
  readonly isActive?: boolean | undefined;
}

interface Page {
  readonly limit: number;
  readonly offset: number;
}

export interface TestResult {
  readonly success: boolean;
  readonly httpStatus: number | null;
  /** What the receiver said, or why it could not be asked. */
  readonly responseBody: string | null;
}

/** An app's webhooks in its team's hands (contract §11.10). */
export function createWebhookService(parts: {
  readonly platform: Pick<Platform, 'clock' | 'database' | 'jobs' | 'publicHttp' | 'secrets'>;
  readonly store: WebhookStore;
  readonly timeoutMs?: number;
}) {
  const { platform, store, timeoutMs = DELIVERY_TIMEOUT_MS } = parts;
  const { clock, database, jobs, publicHttp, secrets } = platform;

  const checkedUrl = async (text: string): Promise<string> => {
    const url = URL.canParse(text) ? new URL(text) : null;
    if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) {
      throw supportErrors.validation('url must be an http or https address without a user name', {
        field: 'body/url',
      });
    }
    if (url.href.length > MAX_URL_CHARACTERS)
      throw supportErrors.validation('url is too long', { field: 'body/url' });
    try {
      await publicHttp.check(url);
    } catch (error) {
      if (error instanceof PrivateAddress) throw supportErrors.privateAddress(undefined, { cause: error });
      throw error;
    }
    return url.href;
  };

  const mine = async ({ appId }: OperatorCaller, id: string): Promise<WebhookRow> => {
    const webhook = await store.one(appId, id);
    if (!webhook) throw supportErrors.webhookNotFound();
    return webhook;
  };

  return {
    list: ({ appId }: OperatorCaller, page: Page) => store.page(appId, page),

    /** @returns the webhook, and the one sight of the secret that signs its deliveries */
    create: async (
      { appId }: OperatorCaller,
      { url, events, isActive = true }: WebhookInput,
    ): Promise<{ readonly webhook: WebhookRow; readonly secret: string }> => {
      if (!url || !events || events.length === 0) {
        throw supportErrors.missingFields('url and at least one of events are required.');
      }
      const now = clock.now();
      const secret = randomBytes(24).toString('hex');
      const webhook: WebhookRow = {
        id: uuidV7(now),
        app_id: appId,
        url: await checkedUrl(url),
        events: JSON.stringify(knownEvents(events)),
        secret: secrets.seal(secret),
        is_active: isActive ? 1 : 0,
        created_at: now,
        updated_at: now,
      };
      await database.transaction(async (tx) => {
        if ((await store.countAlone(tx, appId)) >= WEBHOOKS_PER_APP) throw supportErrors.webhookLimit();
        await store.insert(tx, webhook);
      });
      return { webhook, secret };
    },

    change: async (
      caller: OperatorCaller,
      id: string,
      { url, events, isActive }: WebhookInput,
    ): Promise<WebhookRow> => {
      await mine(caller, id);
      if (events?.length === 0) throw supportErrors.missingFields('events must name at least one.');
      const change = {
        ...(url === undefined ? {} : { url: await checkedUrl(url) }),
        ...(events === undefined ? {} : { events: JSON.stringify(knownEvents(events)) }),
        ...(isActive === undefined ? {} : { is_active: isActive ? 1 : 0 }),
        updated_at: clock.now(),
      };
      const changed = await database.transaction((tx) => store.update(tx, caller.appId, id, change));
      if (!changed) throw supportErrors.webhookNotFound();
      return changed;
    },

    remove: async ({ appId }: OperatorCaller, id: string): Promise<void> => {
      if (!(await database.transaction((tx) => store.remove(tx, appId, id))))
        throw supportErrors.webhookNotFound();
    },

    /** Sends a trial at once and tells what came back; it stands in the log like any delivery. */
    test: async (caller: OperatorCaller, id: string): Promise<TestResult> => {
      const webhook = await mine(caller, id);
      const secret = secrets.unseal(webhook.secret);
      if (secret === null) throw supportErrors.webhookSecretLost();
      const now = clock.now();
      const delivery = {
        id: uuidV7(now),
        event: TEST_EVENT,
        payload: payloadOf(TEST_EVENT, caller.appId, now, { webhook_id: id }),
      };
      const result = await tried(() =>
        postSigned(publicHttp, { ...delivery, url: webhook.url, secret }, timeoutMs),
      );
      await database.transaction((tx) =>
        store.insertDelivery(tx, {
          ...delivery,
          webhook_id: id,
          status: result.success ? 'delivered' : 'failed',
          http_status: result.httpStatus,
          response_body: result.responseBody,
          attempts: 1,
          created_at: now,
          delivered_at: result.success ? clock.now() : null,
        }),
      );
      return result;
    },

    deliveries: async (
      caller: OperatorCaller,
      id: string,
      status: DeliveryRow['status'] | null,
      page: Page,
    ) => {
      await mine(caller, id);
      return store.deliveries(id, status, page);
    },

    /** Puts a delivery that was given up back into the queue. */
    sendAgain: async (caller: OperatorCaller, id: string, deliveryId: string): Promise<void> => {
      await mine(caller, id);
      await database.transaction(async (tx) => {
        const reopened = await store.reopen(tx, id, deliveryId);
        if (reopened === undefined) throw supportErrors.deliveryNotFound();
        if (reopened === null) throw supportErrors.deliveryNotFailed();
        await enqueueDelivery(jobs, tx, id, deliveryId);
      });
    },
  };
}

export type WebhookService = ReturnType<typeof createWebhookService>;

function knownEvents(events: readonly string[]): WebhookEvent[] {
  const known = webhookEvents.filter((event) => events.includes(event));
  if (events.every((event) => (webhookEvents as readonly string[]).includes(event))) return known;
  throw supportErrors.validation(`events must be among ${webhookEvents.join(', ')}`, {
    field: 'body/events',
  });
}

async function tried(post: () => ReturnType<typeof postSigned>): Promise<TestResult> {
  try {
    const answer = await post();
    return { success: isSuccess(answer.status), httpStatus: answer.status, responseBody: textOf(answer) };
  } catch (error) {
    if (!(error instanceof PrivateAddress || error instanceof NoAnswer)) throw error;
    return { success: false, httpStatus: null, responseBody: error.message };
  }
}
