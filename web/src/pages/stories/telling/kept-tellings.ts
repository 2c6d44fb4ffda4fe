import type { StepState, Telling } from './tellings.ts';

/** A telling, and the keys that repeat its steps without paying twice. */
export interface KeptTelling {
  readonly telling: Telling;
  /** By step. */
  readonly keys: Readonly<Record<string, string>>;
}

/** For this tab only: a reload goes on where it was, and no other tab does the same work. */
const KEY = 'earshot.stories.tellings';

/** What was under way when the page was left, by the same user; each step that was not finished waits again. */
export function loadTellings(userId: string): readonly KeptTelling[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
    if (typeof kept !== 'object' || kept === null || !('userId' in kept) || kept.userId !== userId) return [];
    const { tellings } = kept as { readonly tellings?: readonly KeptTelling[] };
    return (tellings ?? []).map(({ telling, keys }) => ({ keys, telling: atRest(telling) }));
  } catch {
    // Storage may be forbidden, or hold anything.
    return [];
  }
}

export function keepTellings(userId: string, tellings: readonly KeptTelling[]): void {
  try {
    if (tellings.length === 0) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, JSON.stringify({ userId, tellings }));
  } catch {
    // Forbidden or full: then a reload forgets them, and what was made is in the library all the same.
  }
}

const again = (state: StepState): StepState => (state === 'done' || state === 'skipped' ? state : 'waiting');

const atRest = (telling: Telling): Telling => ({
  ...telling,
  error: null,
  steps: {
    story: again(telling.steps.story),
    narration: again(telling.steps.narration),
    pictures: again(telling.steps.pictures),
  },
});
