import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audioDuration } from '../../src/platform/audio/duration.js';
import { type ChildServer, startChildServer } from '../support/child-server.js';
import { type Ground, layGround, type Stack } from '../support/servers.js';
import { freePort } from '../support/services.js';
import { type Answer, signIn } from '../support/speech-client.js';
import { type StoriesUser, storiesUser } from '../support/stories-app.js';

/** What is ordered from the built-in engines, and again after the crash. */
interface Kind {
  /** The kill comes at a random moment before this, in milliseconds: about as long as the engine takes. */
  readonly takesMs: number;
  /** Prepares the ground and says how to order. */
  prepare(user: StoriesUser): Promise<Orders>;
}

interface Orders {
  /** By their `Idempotency-Key`: the path and the body. */
  readonly wishes: ReadonlyMap<string, { readonly path: string; readonly body: Record<string, unknown> }>;
  /** Judges what is there between the crash and the repetition: whole or not begun. */
  whole(): Promise<void>;
  /** Judges the answers, each given twice after the crash, and what was counted. */
  judge(answers: readonly Answer[]): Promise<void>;
}

const content = 'Once upon a time there was a lighthouse that hummed. '.repeat(4);

/** Each story with its text, its scenes in their order, and nothing of another story. */
async function expectWholeStories(user: StoriesUser): Promise<{ id: string }[]> {
  const { stories } = (await user.get('stories?includeIllustrations=true')).json.data;
  for (const story of stories) {
    expect(story.content.length).toBeGreaterThan(1_000);
    const orders = story.illustrations.map(({ displayOrder }: { displayOrder: number }) => displayOrder);
    expect(orders.length).toBeGreaterThanOrEqual(3);
    expect(orders).toEqual(orders.map((_: unknown, index: number) => index));
  }
  return stories;
}

const usageOf = async (user: StoriesUser) => (await user.get('user/usage')).json.data;

const stories: Kind = {
  takesMs: 60,
  prepare: async (user) => {
    const hero = await user.hero();
    const wish = (title: string) => ({
      path: 'stories',
      body: { heroId: hero.id, language: 'English', eventType: 'Rainy Day Magic', title },
    });
    return {
      wishes: new Map([
        ['first', wish('One')],
        ['second', wish('Two')],
        ['third', wish('Three')],
      ]),
      whole: async () => {
        await expectWholeStories(user);
      },
      judge: async (answers) => {
        const ids = new Set(answers.map(({ json }) => json.data.id));
        expect(ids.size).toBe(3);
        expect(new Set((await expectWholeStories(user)).map(({ id }) => id))).toEqual(ids);
        expect((await usageOf(user)).story_generation.remaining).toBe(2);
        expect((await user.get('user/profile')).json.data.totalStoriesGenerated).toBe(3);
      },
    };
  },
};

const narrations: Kind = {
  takesMs: 500,
  prepare: async (user) => {
    const story = await user.story((await user.hero()).id, { content });
    const path = `stories/${story.id}/audio`;
    return {
      wishes: new Map([['read', { path, body: { language: 'English', voice: 'coral' } }]]),
      whole: async () => {
        const { data } = (await user.get(path)).json;
        expect(['pending', 'processing', 'completed']).toContain(data.status);
        expect('audioUrl' in data).toBe(data.status === 'completed');
      },
      judge: async (answers) => {
        for (const { json } of answers) {
          expect(json.data).toMatchObject({ status: 'completed', voice: 'coral' });
          const audio = new Uint8Array(await (await fetch(json.data.audioUrl)).arrayBuffer());
          expect(await audioDuration(audio, 'mp3')).toBeCloseTo(json.data.audioDuration, 0);
        }
        expect((await usageOf(user)).audio_generation.remaining).toBe(9);
        expect((await user.get('user/profile')).json.data.totalAudioGenerated).toBe(1);
      },
    };
  },
};

const pictures: Kind = {
  takesMs: 1_200,
  prepare: async (user) => {
    const hero = await user.hero();
    const told = await user.post('stories', { heroId: hero.id, language: 'English' });
    const { id } = told.json.data;
    const path = `stories/${id}/illustrations`;
    return {
      wishes: new Map([['draw', { path, body: { maxIllustrations: 2 } }]]),
      whole: async () => {
        const [story] = (await user.get('stories?includeIllustrations=true')).json.data.stories;
        const drawn = story.illustrations.filter(
          ({ generationStatus }: { generationStatus: string }) => generationStatus === 'completed',
        );
        expect(story.illustrationCount).toBe(drawn.length);
        for (const { imageUrl } of drawn) expect((await fetch(imageUrl)).status).toBe(200);
      },
      judge: async (answers) => {
        for (const { json } of answers) {
          expect(json.data).toMatchObject({ id, generated: 2, failed: 0, illustrationCount: 2 });
        }
        expect((await usageOf(user)).illustration_generation.remaining).toBe(18);
        expect((await user.get('user/profile')).json.data.totalIllustrationsGenerated).toBe(2);
      },
    };
  },
};

/** Orders everything at once; an answer that comes before the server dies is kept. */
const orderAll = (user: StoriesUser, { wishes }: Orders): Promise<(Answer | null)[]> =>
  Promise.all(
    [...wishes].map(([key, { path, body }]) =>
      user.post(path, body, { 'idempotency-key': key }).catch(() => null),
    ),
  );

const scenes: { stack: Stack; rounds: number; isJudgedAtOnce: boolean }[] = [
  { stack: 'SQLite and files', rounds: 50, isJudgedAtOnce: true },
  // A dead node's jobs are taken over 25 s after its last word, so few rounds and one long wait at the end.
  { stack: 'PostgreSQL, Redis and S3', rounds: 5, isJudgedAtOnce: false },
];
/** By round: most of them kill a storyteller. */
const kindOf = (round: number): Kind =>
  round % 10 === 3 ? narrations : round % 10 === 4 ? pictures : stories;

describe.each(scenes)('kill -9 while stories are made, $rounds rounds on $stack', (scene) => {
  const { stack, rounds, isJudgedAtOnce } = scene;
  let ground: Ground;
  let environment: Readonly<Record<string, string>>;
  let server: ChildServer;
  beforeAll(async () => {
    ground = await layGround(stack);
    // Always the same address, so that devices find the server again.
    const port = String(await freePort());
    environment = { ...ground.environment, APPS: 'stories,speech', LOG_LEVEL: 'info', PORT: port };
    server = await startChildServer(environment);
  });
  afterAll(async () => {
    await server.end('SIGKILL');
    await ground.remove();
  });

  it('leaves nothing half-written, counts once, and gives the same again for the same key', async () => {
    const later: (() => Promise<void>)[] = [];
    let answeredBefore = 0;
    for (let round = 0; round < rounds; round += 1) {
      const { userId, token } = await signIn(server.url);
      const user = storiesUser(server.url, userId, token);
      const kind = kindOf(round);
      const orders = await kind.prepare(user);
      const ordering = orderAll(user, orders);
      await sleep((((round * 37) % 100) / 100) * kind.takesMs);
      await server.end('SIGKILL');
      const before = (await ordering).filter((answer) => answer !== null);
      answeredBefore += before.length;
      server = await startChildServer(environment);
      await orders.whole();
      const repeat = async (): Promise<void> => {
        const again = [...(await orderAll(user, orders)), ...(await orderAll(user, orders))];
        const answers = [...before, ...again.filter((answer) => answer !== null)];
        expect(answers.map(({ status, text }) => (status < 300 ? 'made' : text))).toEqual(
          Array(before.length + again.length).fill('made'),
        );
        await orders.judge(answers);
      };
      if (isJudgedAtOnce) await repeat();
      else later.push(repeat);
    }
    await Promise.all(later.map((repeat) => repeat()));
    console.log(`${stack}: ${rounds} kills; ${answeredBefore} orders were answered before them`);
  }, 600_000);
});
