import { type EarshotClient, isEarshotError, isServiceFailure, type StoryGenerate } from '@earshot/client';
import { useEffect, useState } from 'react';
import { useClient } from '../client.tsx';
import { onServer } from '../on-server.ts';
import { keepTellings, loadTellings } from './kept-tellings.ts';

export type StepName = 'story' | 'narration' | 'pictures';
export type StepState = 'waiting' | 'running' | 'done' | 'failed' | 'skipped';

/** A story on its way: written, then read aloud, then drawn. */
export interface Telling {
  readonly id: string;
  readonly request: StoryGenerate;
  readonly heroName: string;
  readonly dayName: string;
  /** Undefined: the one that suits the hero. */
  readonly voice: string | undefined;
  readonly steps: Readonly<Record<StepName, StepState>>;
  /** Local id, once it is written. */
  readonly storyId: string | null;
  readonly title: string | null;
  readonly pictures: { readonly completed: number; readonly total: number } | null;
  readonly error: unknown;
}

export interface Wish {
  readonly request: StoryGenerate;
  readonly heroName: string;
  readonly dayName: string;
  readonly voice: string | undefined;
  readonly narrate: boolean;
  readonly illustrate: boolean;
}

export interface Tellings {
  all(): readonly Telling[];
  subscribe(listener: () => void): () => void;
  begin(wish: Wish): Telling;
  /** Goes on with the step that failed. */
  retry(id: string): void;
  /** Leaves the step that failed out and goes on with the next one. A story itself cannot be left out. */
  skip(id: string): void;
  /** Takes it off the list; what is made already stays. */
  dismiss(id: string): void;
}

const order: readonly StepName[] = ['story', 'narration', 'pictures'];
const PICTURES_ASKED_EVERY_MS = 700;

export const isOver = ({ steps }: Telling): boolean =>
  order.every((step) => steps[step] === 'done' || steps[step] === 'skipped');
export const failedStep = ({ steps }: Telling): StepName | undefined =>
  order.find((step) => steps[step] === 'failed');
export const runningStep = ({ steps }: Telling): StepName | undefined =>
  order.find((step) => steps[step] === 'running');

const known = new WeakMap<EarshotClient, Tellings>();

/** The stories that this page is having made; they go on while one looks at something else. */
function tellingsOf(client: EarshotClient): Tellings {
  const made = known.get(client) ?? createTellings(client);
  known.set(client, made);
  return made;
}

function createTellings(client: EarshotClient): Tellings {
  const { auth, generation, environment } = client;
  let all: readonly Telling[] = [];
  let userId = auth.state().user?.id;
  /** What repeats a step without paying twice, by telling and step. */
  const keys = new Map<string, Record<string, string>>();
  const listeners = new Set<() => void>();

  const keep = (): void => {
    if (userId === undefined) return;
    const open = all.filter((telling) => !isOver(telling));
    keepTellings(
      userId,
      open.map((telling) => ({ telling: { ...telling, error: null }, keys: keys.get(telling.id) ?? {} })),
    );
  };
  const publish = (next: readonly Telling[]): void => {
    all = next;
    keep();
    for (const listener of listeners) listener();
  };
  const find = (id: string): Telling | undefined => all.find((telling) => telling.id === id);
  const change = (id: string, changes: Partial<Telling>): void =>
    publish(all.map((telling) => (telling.id === id ? { ...telling, ...changes } : telling)));
  const setStep = (id: string, step: StepName, state: StepState, changes: Partial<Telling> = {}): void => {
    const telling = find(id);
    if (telling) change(id, { ...changes, steps: { ...telling.steps, [step]: state } });
  };

  async function work(telling: Telling, step: StepName): Promise<Partial<Telling>> {
    const { id, request, storyId, voice } = telling;
    const idempotencyKey = keys.get(id)?.[step] ?? environment.newId();
    keys.set(id, { ...keys.get(id), [step]: idempotencyKey });
    keep();
    if (step === 'story') {
      const story = await onServer(client, () => generation.story(request, { idempotencyKey }));
      return { storyId: story.id, title: story.title };
    }
    if (storyId === null) throw new Error('a story is written before it is read or drawn');
    if (step === 'narration') {
      const { language } = request;
      await generation.audio(storyId, { language, ...(voice && { voice }) }, { idempotencyKey });
      return {};
    }
    const stopAsking = followPictures(id, storyId);
    try {
      const story = await generation.illustrations(storyId, {}, { idempotencyKey });
      const { completed, total } = find(id)?.pictures ?? { completed: 0, total: 0 };
      return { pictures: { completed: Math.max(completed, story.illustrationCount), total } };
    } finally {
      stopAsking();
    }
  }

  function followPictures(id: string, storyId: string): () => void {
    let cancel = (): void => undefined;
    let isStopped = false;
    const ask = async (): Promise<void> => {
      const progress = await generation.illustrationsProgress(storyId).catch(() => null);
      if (isStopped) return;
      if (progress) change(id, { pictures: { completed: progress.completed, total: progress.total } });
      cancel = environment.after(PICTURES_ASKED_EVERY_MS, () => void ask());
    };
    void ask();
    return () => {
      isStopped = true;
      cancel();
    };
  }

  async function run(id: string): Promise<void> {
    for (const step of order) {
      const telling = find(id);
      if (!telling) return;
      if (telling.steps[step] === 'done' || telling.steps[step] === 'skipped') continue;
      setStep(id, step, 'running', { error: null });
      try {
        setStep(id, step, 'done', await work(find(id) ?? telling, step));
      } catch (error) {
        // The answer may only have been lost: with the same key the same result comes again. Else it has to be made anew.
        if (!isServiceFailure(error) || isEarshotError(error, 'rateLimited', 'aiBusy')) {
          const { [step]: _used, ...others } = keys.get(id) ?? {};
          keys.set(id, others);
        }
        setStep(id, step, 'failed', { error });
        return;
      }
    }
  }

  const takeUp = (): void => {
    const kept = userId === undefined ? [] : loadTellings(userId);
    for (const { telling, keys: used } of kept) keys.set(telling.id, used);
    publish(kept.map(({ telling }) => telling));
    for (const { id } of all) void run(id);
  };
  auth.subscribe(({ user }) => {
    if (user?.id === userId) return;
    // What one user wished is not for the next one to see.
    if (userId !== undefined) keepTellings(userId, []);
    userId = user?.id;
    takeUp();
  });
  takeUp();

  return {
    all: () => all,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    begin: ({ narrate, illustrate, ...wish }) => {
      const telling: Telling = {
        ...wish,
        id: environment.newId(),
        steps: {
          story: 'waiting',
          narration: narrate ? 'waiting' : 'skipped',
          pictures: illustrate ? 'waiting' : 'skipped',
        },
        storyId: null,
        title: null,
        pictures: null,
        error: null,
      };
      publish([telling, ...all]);
      void run(telling.id);
      return telling;
    },
    retry: (id) => void run(id),
    skip: (id) => {
      const telling = find(id);
      const step = telling && failedStep(telling);
      if (step === undefined || step === 'story') return;
      setStep(id, step, 'skipped', { error: null });
      void run(id);
    },
    dismiss: (id) => publish(all.filter((telling) => telling.id !== id)),
  };
}

/** What is being made now, newest first. */
export function useTellings(): readonly [readonly Telling[], Tellings] {
  const tellings = tellingsOf(useClient());
  const [all, setAll] = useState(tellings.all);
  useEffect(() => {
    const take = (): void => setAll(tellings.all());
    take();
    return tellings.subscribe(take);
  }, [tellings]);
  return [all, tellings];
}
