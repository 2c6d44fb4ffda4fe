import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { summaryJob } from '../../../src/apps/companion/summaries/job.js';
import { createRulesSummarizer } from '../../../src/apps/companion/summaries/rules-summarizer.js';
import type { Summarizer, SummaryRequest } from '../../../src/apps/companion/summaries/summarizer.js';
import { errors } from '../../../src/platform/http/errors.js';
import { DoNotRetry } from '../../../src/platform/jobs/jobs.js';
import {
  type CompanionApp,
  type CompanionUser,
  said,
  startCompanionApp,
} from '../../support/companion-app.js';
import { stacks } from '../../support/servers.js';

const rules = createRulesSummarizer();

describe.each(stacks)('§4.8: the job that summarises: %s', (stack) => {
  let app: CompanionApp;
  let user: CompanionUser;
  /** What sockets and webhooks were told. */
  let told: string[];

  beforeAll(async () => {
    // A server that runs no summaries of its own: its model is away.
    app = await startCompanionApp(stack, {
      environment: { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1', AI_TRANSCRIPTION: 'builtin' },
    });
  }, 60_000);
  afterAll(() => app.stop());

  const jobWith = (summarizer: Summarizer) => {
    told = [];
    const { rooms } = app;
    return summaryJob(app.platform, {
      ...rooms,
      store: rooms.stores.conversations,
      profiles: rooms.stores.profiles,
      events: {
        processingStarted: async () => {},
        created: async (_, id) => void told.push(`event ${id}`),
      },
      summarizer,
      fallback: rules,
      finished: async (_tx, _user, id) => void told.push(`webhook ${id}`),
    });
  };
  const ended = async () => {
    user = await app.signUp();
    const id = await app.talking(user, ['Remind me to call Anna tomorrow.', 'I live in Lyon.']);
    await app.rooms.conversations.close(user.userId, id, { keep: false });
    return id;
  };
  const running = (conversationId: string) => ({
    id: '1',
    attempt: 1,
    signal: AbortSignal.timeout(30_000),
    payload: { userId: user.userId, conversationId, keep: false, language: null },
  });

  it('counts and tells a conversation once, when two nodes finish it at the same moment', async () => {
    const id = await ended();
    let arrived = 0;
    let open = () => {};
    const both = new Promise<void>((resolve) => {
      open = resolve;
    });
    const job = jobWith({
      summarize: async (request, signal) => {
        arrived += 1;
        if (arrived === 2) open();
        await both;
        return rules.summarize(request, signal);
      },
    });
    await Promise.all([job.run(running(id)), job.run(running(id))]);
    expect([...told].sort()).toEqual([`event ${id}`, `webhook ${id}`]);
    expect((await user.get('v1/action-items')).json.action_items).toHaveLength(1);
    expect((await user.get('v1/users/me/usage?period=today')).json.today).toMatchObject({
      insights_gained: 1,
      words_transcribed: 10,
    });
  });

  it('summarises what was said meanwhile as well', async () => {
    const id = await ended();
    const seen: SummaryRequest[] = [];
    const job = jobWith({
      summarize: async (request, signal) => {
        seen.push(request);
        if (seen.length === 1) {
          await app.platform.database.transaction((tx) =>
            app.rooms.conversations.mergeRecording(tx, user.userId, id, Date.now(), [
              said('Remind me to buy bread.', 5),
            ]),
          );
        }
        return rules.summarize(
          { ...request, lines: request.lines.map((line) => ({ ...line, speaker: 'You' })) },
          signal,
        );
      },
    });
    await job.run(running(id));
    expect(seen.map(({ lines }) => lines.length)).toEqual([2, 3]);
    expect(
      (await user.get('v1/action-items')).json.action_items.map(
        ({ description }: { description: string }) => description,
      ),
    ).toContain('Buy bread');
  });

  it('leaves alone what was removed meanwhile', async () => {
    const id = await ended();
    const job = jobWith({
      summarize: async (request, signal) => {
        await app.rooms.conversations.remove(user.userId, id);
        return rules.summarize(request, signal);
      },
    });
    await job.run(running(id));
    expect(told).toEqual([]);
    expect((await user.get('v3/memories')).json).toEqual([]);
  });

  it('rules make do when an engine stays away, and the app is told', async () => {
    const id = await ended();
    const job = jobWith({
      summarize: async () => {
        throw errors.upstreamUnavailable('The language model is away.');
      },
    });
    await expect(job.run(running(id))).rejects.toThrow('away');
    expect((await user.get(`v1/conversations/${id}`)).json.status).toBe('processing');
    await job.exhausted?.(running(id).payload, errors.upstreamUnavailable('away'));
    expect((await user.get(`v1/conversations/${id}`)).json).toMatchObject({
      status: 'completed',
      discarded: false,
    });
    expect(told).toContain(`event ${id}`);
  });

  it('does not ask again for what an engine will never take', async () => {
    const id = await ended();
    const job = jobWith({
      summarize: async () => {
        throw errors.badRequest('The language model declines to answer this.');
      },
    });
    await expect(job.run(running(id))).rejects.toThrow(DoNotRetry);
  });
});
