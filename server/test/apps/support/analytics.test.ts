import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bucketOf, bucketsOf, nextBucket } from '../../../src/apps/support/analytics/period.js';
import { type OperatorApp, type OwnedApp, startOperatorApp } from '../../support/operator-app.js';
import { movableClock, stacks } from '../../support/servers.js';

const PATH = '/admin/analytics';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A Wednesday. */
const START = Date.parse('2026-03-11T12:00:00Z');

describe('Intervals', () => {
  it('begin at the hour, at midnight, on Mondays and on the first, in UTC', () => {
    const at = Date.parse('2026-03-11T13:45:10.123Z');
    const begins = (['hour', 'day', 'week', 'month'] as const).map((interval) =>
      new Date(bucketOf(at, interval)).toISOString(),
    );
    expect(begins).toEqual([
      '2026-03-11T13:00:00.000Z',
      '2026-03-11T00:00:00.000Z',
      '2026-03-09T00:00:00.000Z',
      '2026-03-01T00:00:00.000Z',
    ]);
    expect(new Date(nextBucket(Date.UTC(2026, 11, 1), 'month')).toISOString()).toBe(
      '2027-01-01T00:00:00.000Z',
    );
    expect(new Date(bucketOf(Date.UTC(1970, 0, 2), 'week')).toISOString()).toBe('1969-12-29T00:00:00.000Z');
    expect(bucketsOf({ from: at, to: at }, 'day')).toHaveLength(1);
    expect(() => bucketsOf({ from: 0, to: at }, 'hour')).toThrow(/intervals/);
  });
});

describe.each(stacks)('Analytics (§11.7), on %s', (stack) => {
  const clock = movableClock(START);
  let node: OperatorApp;
  let app: OwnedApp;
  let other: OwnedApp;
  beforeAll(async () => {
    node = await startOperatorApp(stack, { clock });
    app = await node.signUp();
    other = await node.signUp();
    await track(app, {
      userId: 'ann',
      eventName: 'opened',
      userPlan: 'free',
      userCountry: 'DE',
      platform: 'ios',
    });
    await track(app, {
      userId: 'ann',
      eventName: 'bought',
      properties: { amount: '10.5', item: 'tea', gift: true },
    });
    clock.advance(DAY);
    await track(app, {
      userId: 'ann',
      eventName: 'bought',
      userPlan: 'pro',
      properties: { amount: 9, item: 'Mug 100%' },
    });
    await track(app, {
      userId: 'bob',
      eventName: 'opened',
      userPlan: 'free',
      properties: { amount: 'many' },
    });
    clock.advance(HOUR);
    await track(app, { userId: '=cmd,"x"', eventName: 'opened', userPlan: "it's", userCountry: 'FR' });
    await track(other, { userId: 'eve', eventName: 'opened', userPlan: 'pro' });
    await track(other, { userId: 'bob', eventName: 'bought', userPlan: 'gold', properties: { amount: 500 } });
    const { body } = await node.call<{ access_token: string }>('POST', '/admin/auth/refresh', {
      body: { refresh_token: app.owner.refreshToken },
    });
    app = { ...app, owner: { ...app.owner, accessToken: body.access_token } };
  });
  afterAll(() => node.stop());

  const track = (to: OwnedApp, event: Record<string, unknown>) =>
    node.call('POST', '/v1/events/track', {
      headers: { 'x-app-id': to.appId, 'x-api-key': to.apiKey, 'x-device-id': 'device' },
      body: {
        user_id: event.userId,
        event_name: event.eventName,
        properties: event.properties,
        user_plan: event.userPlan,
        user_country: event.userCountry,
        platform: event.platform,
      },
    });
  const get = <T = Record<string, unknown>>(path: string) =>
    node.call<T>('GET', PATH + path, { as: app.owner });
  const post = <T = Record<string, unknown>>(path: string, body: unknown) =>
    node.call<T>('POST', PATH + path, { as: app.owner, body });
  const evaluate = (query: unknown) =>
    post<{ userIds: string[]; count: number; description: string }>('/segments/evaluate', { query });
  const members = async (leaf: Record<string, unknown>) => {
    const answer = await evaluate({ operator: 'AND', conditions: [leaf] });
    expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200 });
    return answer.body.userIds;
  };
  const odd = '=cmd,"x"';

  it('D25: notes events at their receipt', async () => {
    const answer = await post('/track', {
      userId: 'zoe',
      eventName: 'seen',
      properties: { a: 1 },
      userPlan: null,
    });
    expect(answer.body).toEqual({ success: true });
    const { body } = await get<{ events: unknown[] }>('/users/zoe/events');
    expect(body.events).toEqual([
      {
        id: expect.stringMatching(/^\d+$/),
        user_id: 'zoe',
        app_id: app.appId,
        event_name: 'seen',
        event_timestamp: new Date(clock.now()).toISOString(),
        properties: { a: 1 },
        user_plan: null,
        user_country: null,
        session_id: null,
        platform: null,
        app_version: null,
        created_at: new Date(clock.now()).toISOString(),
      },
    ]);
    expect(await post('/track', { userId: 'zoe' })).toMatchObject({
      status: 400,
      body: { code: 'MISSING_FIELDS' },
    });
  });

  it('counts events of this app only', async () => {
    expect((await get('/events/counts')).body).toEqual({ counts: { opened: 3, bought: 2, seen: 1 } });
    expect((await get('/events/counts?eventNames=bought,%20nothing')).body).toEqual({
      counts: { bought: 2 },
    });
    expect((await get('/events/counts?startDate=2026-03-12&endDate=2026-03-12')).body).toMatchObject({
      counts: { opened: 2, bought: 1 },
    });
    expect((await get('/events/top?limit=1')).body).toEqual({
      topEvents: [{ eventName: 'opened', count: 3 }],
    });
    expect((await get('/overview')).body).toMatchObject({
      totalEvents: 6,
      uniqueUsers: 4,
      topEvents: [{ eventName: 'opened', count: 3 }, { eventName: 'bought' }, { eventName: 'seen' }],
      period: { startDate: expect.any(String), endDate: new Date(clock.now()).toISOString() },
    });
    expect(await get('/events/counts?startDate=yesterday')).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_ERROR' },
    });
  });

  it('draws timelines by hour, day, week and month', async () => {
    const timeline = (query: string) =>
      get<{ timeline: { timestamp: string; count: number }[] }>(`/events/timeline?${query}`);
    const range = 'eventName=opened&startDate=2026-03-01&endDate=2026-03-31';
    expect((await timeline(range)).body.timeline).toEqual([
      { timestamp: '2026-03-11T00:00:00.000Z', count: 1 },
      { timestamp: '2026-03-12T00:00:00.000Z', count: 2 },
    ]);
    expect((await timeline(`${range}&interval=hour`)).body.timeline).toHaveLength(3);
    expect((await timeline(`${range}&interval=week`)).body.timeline).toEqual([
      { timestamp: '2026-03-09T00:00:00.000Z', count: 3 },
    ]);
    expect((await timeline(`${range}&interval=month`)).body.timeline).toEqual([
      { timestamp: '2026-03-01T00:00:00.000Z', count: 3 },
    ]);
    expect(await timeline('eventName=opened')).toMatchObject({
      status: 400,
      body: { code: 'MISSING_PARAMS' },
    });
    expect(await timeline(`${range}&interval=year`)).toMatchObject({
      status: 400,
      body: { code: 'INVALID_INTERVAL' },
    });
  });

  it('finds segments by attributes, as they are now', async () => {
    const attribute = (field: string, operator: string, value?: unknown) =>
      members({ type: 'user_attribute', field, operator, value });
    expect(await attribute('plan', 'equals', 'pro')).toEqual(['ann']);
    expect(await attribute('user_plan', 'equals', 'free')).toEqual(['bob']);
    expect(await attribute('plan', 'not_equals', 'pro')).toEqual([odd, 'bob', 'zoe']);
    expect(await attribute('plan', 'in', ['pro', "it's"])).toEqual([odd, 'ann']);
    expect(await attribute('plan', 'not_in', ['pro', "it's"])).toEqual(['bob', 'zoe']);
    expect(await attribute('plan', 'contains', 'R')).toEqual(['ann', 'bob']);
    expect(await attribute('plan', 'not_contains', 'r')).toEqual([odd, 'zoe']);
    expect(await attribute('country', 'exists')).toEqual([odd, 'ann']);
    expect(await attribute('country', 'not_exists')).toEqual(['bob', 'zoe']);
    expect(await attribute('country', 'gt', 'DE')).toEqual([odd]);
    expect(await attribute('userId', 'in', ['bob', 'eve'])).toEqual(['bob']);
    expect(await attribute('properties.item', 'contains', '100%')).toEqual(['ann']);
    expect(await attribute('item', 'contains', '%')).toEqual(['ann']);
    expect(await attribute('amount', 'gte', 9)).toEqual(['ann']);
    expect(await attribute('amount', 'lt', '100')).toEqual(['ann']);
  });

  it('finds segments by what people did, when and how often', async () => {
    const event = (more: Record<string, unknown>) => members({ type: 'event', ...more });
    expect(await event({ field: 'event_name', operator: 'equals', value: 'bought' })).toEqual(['ann']);
    expect(await event({ eventName: 'bought', operator: 'exists' })).toEqual(['ann']);
    expect(await event({ eventName: 'bought', operator: 'not_exists' })).toEqual([odd, 'bob', 'zoe']);
    expect(await event({ eventName: 'bought', field: 'amount', operator: 'gt', value: 10 })).toEqual(['ann']);
    expect(await event({ eventName: 'bought', field: 'gift', operator: 'equals', value: true })).toEqual([
      'ann',
    ]);
    expect(await event({ eventName: 'bought', field: 'amount', operator: 'equals', value: 9 })).toEqual([
      'ann',
    ]);
    expect(await event({ field: 'amount', operator: 'exists' })).toEqual(['ann', 'bob']);
    const aggregated = (name: string, operator: string, value: unknown, timeframe?: unknown) =>
      event({
        eventName: 'bought',
        field: 'amount',
        operator,
        value,
        timeframe,
        aggregation: { function: name },
      });
    expect(await aggregated('count', 'gte', 2)).toEqual(['ann']);
    expect(await aggregated('count', 'equals', 0)).toEqual([odd, 'bob', 'zoe']);
    expect(await aggregated('sum', 'equals', 19.5)).toEqual(['ann']);
    expect(await aggregated('avg', 'lt', '9.8')).toEqual(['ann']);
    expect(await aggregated('max', 'gt', 100)).toEqual([]);
    expect(await aggregated('count', 'equals', 1, { type: 'relative', value: 2, unit: 'hours' })).toEqual([
      'ann',
    ]);
    const firstDay = { type: 'absolute', startDate: '2026-03-11', endDate: '2026-03-12' };
    expect(await aggregated('sum', 'gt', 10, firstDay)).toEqual(['ann']);
  });

  it('joins conditions, also within each other, and says in words what it found', async () => {
    const answer = await evaluate({
      operator: 'OR',
      conditions: [
        { type: 'user_attribute', field: 'plan', operator: 'equals', value: 'free' },
        {
          operator: 'AND',
          conditions: [
            { type: 'event', eventName: 'bought', field: 'count', operator: 'gte', value: 2 },
            { type: 'user_attribute', field: 'country', operator: 'exists' },
          ],
        },
      ],
    });
    expect(answer.body).toEqual({
      userIds: ['ann', 'bob'],
      count: 2,
      description: 'plan is free OR (event bought count is at least 2 AND country is known)',
    });
    const query = {
      operator: 'AND',
      conditions: [{ type: 'event', field: 'event_name', operator: 'exists' }],
    };
    expect((await post('/segments/preview', { query, limit: 2 })).body).toEqual({
      users: [
        { userId: odd, eventCount: 1 },
        { userId: 'ann', eventCount: 3 },
      ],
      description: expect.any(String),
    });
  });

  it('exports segments as a file that does nothing when it is opened', async () => {
    const query = {
      operator: 'AND',
      conditions: [{ type: 'user_attribute', field: 'plan', operator: 'exists' }],
    };
    const answer = await post('/segments/export', { query });
    expect(answer.headers.get('content-type')).toContain('text/csv');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="segment-export.csv"');
    expect(answer.text).toBe(
      `user_id,plan,country,platform\r\n"'=cmd,""x""",it's,FR,\r\nann,pro,DE,ios\r\nbob,free,,\r\n`,
    );
  });

  it('D21: takes everything in a query as a value, never as SQL', async () => {
    const injections = [
      "' or '1'='1",
      "pro' or 1=1 --",
      "'; drop table support_events; --",
      '") or ("1"="1',
      'user_plan) or 1=1',
      '$1',
      '%',
      '_',
    ];
    for (const text of injections) {
      expect(
        await members({ type: 'user_attribute', field: 'plan', operator: 'equals', value: text }),
      ).toEqual([]);
      expect(
        await members({ type: 'user_attribute', field: 'plan', operator: 'contains', value: text }),
      ).toEqual([]);
      expect(await members({ type: 'user_attribute', field: 'plan', operator: 'in', value: [text] })).toEqual(
        [],
      );
      expect(await members({ type: 'event', eventName: text, operator: 'exists' })).toEqual([]);
      const named = await evaluate({
        operator: 'AND',
        conditions: [{ type: 'user_attribute', field: text, operator: 'equals', value: 'pro' }],
      });
      if (named.status === 200) expect(named.body.userIds).toEqual([]);
      else expect(named).toMatchObject({ status: 400, body: { code: 'INVALID_QUERY' } });
    }
    expect((await get('/events/counts')).body).toMatchObject({ counts: { opened: 3 } });
  });

  it('D21: looks at the events of its own app only, also inside conditions', async () => {
    expect(await members({ type: 'event', field: 'amount', operator: 'gt', value: 400 })).toEqual([]);
    expect(
      await members({ type: 'user_attribute', field: 'plan', operator: 'equals', value: 'gold' }),
    ).toEqual([]);
    const all = await members({ type: 'event', field: 'event_name', operator: 'exists' });
    expect(all).not.toContain('eve');
  });

  it('names every mistake in a query by its place', async () => {
    expect(await evaluate(undefined)).toMatchObject({ status: 400, body: { code: 'MISSING_QUERY' } });
    const answer = await evaluate({
      operator: 'AND',
      conditions: [
        { type: 'person', field: 'plan', operator: 'equals', value: 'x' },
        { type: 'user_attribute', field: 'plan', operator: 'like', value: 'x' },
        { operator: 'XOR', conditions: [] },
        { type: 'event', field: 'amount', operator: 'contains', value: 1, aggregation: { function: 'sum' } },
        { type: 'user_attribute', field: 'plan', operator: 'equals', value: { $ne: 1 } },
        { type: 'event', field: 'a', operator: 'exists', timeframe: { type: 'absolute', startDate: 'x' } },
        null,
      ],
    });
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_QUERY' } });
    expect((answer.body as unknown as { errors: string[] }).errors).toEqual([
      expect.stringMatching(/^query\.conditions\[0\]\.type: /),
      expect.stringMatching(/^query\.conditions\[1\]\.operator: /),
      expect.stringMatching(/^query\.conditions\[2\]\.operator: /),
      expect.stringMatching(/^query\.conditions\[3\]: /),
      expect.stringMatching(/^query\.conditions\[4\]\.value: /),
      expect.stringMatching(/^query\.conditions\[5\]\.timeframe: /),
      expect.stringMatching(/^query\.conditions\[6\]: /),
    ]);
    let deep: unknown = { type: 'user_attribute', field: 'plan', operator: 'exists' };
    for (let depth = 0; depth < 50; depth += 1) deep = { operator: 'AND', conditions: [deep] };
    expect(await evaluate(deep)).toMatchObject({ status: 400, body: { code: 'INVALID_QUERY' } });
    const huge = await evaluate({
      operator: 'AND',
      conditions: [{ type: 'user_attribute', field: 'amount', operator: 'gt', value: `1${'0'.repeat(400)}` }],
    });
    expect(huge.status).toBeLessThan(500);
  });

  it('draws messages per day and how long people waited', async () => {
    const busy = await node.signUp();
    const as = busy.owner;
    const { conversationId } = await node.converse(busy);
    await node.converse(busy, { body: 'Still waiting' });
    clock.advance(60_000);
    const path = `/admin/api/conversations/${conversationId}/messages`;
    await node.call('POST', path, { as, body: { body: 'Here I am' } });
    await node.call('POST', path, { as, body: { body: 'And again' } });
    const messages = await node.call<{ timeline: { count: number }[] }>('GET', `${PATH}/messages/timeline`, {
      as,
    });
    expect(messages.body.timeline).toHaveLength(31);
    expect(messages.body.timeline.at(-1)).toEqual({
      timestamp: new Date(bucketOf(clock.now(), 'day')).toISOString(),
      count: 4,
      received: 2,
      sent: 2,
    });
    expect(messages.body.timeline[0]?.count).toBe(0);
    const times = await node.call('GET', `${PATH}/response-times`, { as });
    expect(times.body).toMatchObject({
      answered: 1,
      waiting: 1,
      averageSeconds: 60,
      medianSeconds: 60,
      p90Seconds: 60,
    });
    expect((times.body.timeline as unknown[]).at(-1)).toMatchObject({ answered: 1, averageSeconds: 60 });
    expect(
      await node.call('GET', `${PATH}/messages/timeline?interval=hour&startDate=2020-01-01`, { as }),
    ).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_ERROR' },
    });
  });
});
