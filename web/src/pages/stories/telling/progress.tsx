import { Button, ButtonLink, Spinner } from '../../../design/button.tsx';
import { Card } from '../../../design/card.tsx';
import { Icon } from '../../../design/icon.tsx';
import { Progress } from '../../../design/progress.tsx';
import { useLive } from '../client.tsx';
import { Portrait } from '../heroes/portrait.tsx';
import { Failure } from '../shell/failure.tsx';
import {
  failedStep,
  isOver,
  runningStep,
  type StepName,
  type StepState,
  type Telling,
  type Tellings,
} from './tellings.ts';

const steps: readonly { readonly name: StepName; readonly title: string; readonly doing: string }[] = [
  { name: 'story', title: 'The story', doing: 'Writing' },
  { name: 'narration', title: 'The voice', doing: 'Reading it aloud' },
  { name: 'pictures', title: 'The pictures', doing: 'Drawing' },
];

function stateWords(state: StepState, doing: string, { pictures }: Telling, name: StepName): string {
  switch (state) {
    case 'running':
      return name === 'pictures' && pictures && pictures.total > 0
        ? `${doing}, ${pictures.completed} of ${pictures.total}`
        : doing;
    case 'done':
      return 'Ready';
    case 'failed':
      return 'Did not work';
    case 'skipped':
      return 'Left out';
    case 'waiting':
      return 'Comes next';
  }
}

/** How much of the work is done, 0..1; the app's thirds (contract §5). */
export function shareOf({ steps: states, pictures }: Telling): number {
  const wanted = steps.filter(({ name }) => states[name] !== 'skipped');
  const done = wanted.filter(({ name }) => states[name] === 'done').length;
  const drawn =
    states.pictures === 'running' && pictures && pictures.total > 0 ? pictures.completed / pictures.total : 0;
  return (done + drawn) / wanted.length;
}

/** A story on its way, step by step. */
export function TellingProgress({ telling, tellings }: { telling: Telling; tellings: Tellings }) {
  const failed = failedStep(telling);
  const running = runningStep(telling);
  const { storyId } = telling;
  const { heroId } = telling.request;
  const { data: hero } = useLive(`hero ${heroId}`, ({ heroes }) =>
    heroes.get(heroId, { policy: 'cacheOnly' }),
  );
  const doing = steps.find(({ name }) => name === running)?.doing;
  return (
    <Card className="flex flex-col gap-6 p-6 sm:p-8">
      <div className="flex items-center gap-4">
        {hero ? <Portrait hero={hero} className="size-16" /> : null}
        <div className="flex min-w-0 flex-col gap-1">
          <p className="text-sm text-muted">
            {telling.heroName} · {telling.dayName}
          </p>
          <h2 className="font-serif text-2xl tracking-tight">
            {telling.title ?? `A new story about ${telling.heroName}`}
          </h2>
        </div>
      </div>
      <Progress label="The story" value={running === 'story' ? null : shareOf(telling)} />
      <p role="status" className="sr-only">
        {isOver(telling) ? 'Everything is ready' : doing}
      </p>
      <ol className="flex flex-col gap-4">
        {steps.map(({ name, title, doing: words }) => {
          const state = telling.steps[name];
          return (
            <li key={name} className="flex items-center gap-4">
              <Mark state={state} />
              <div>
                <p className={state === 'waiting' || state === 'skipped' ? 'text-muted' : 'font-medium'}>
                  {title}
                </p>
                <p className="text-sm text-muted tabular-nums">{stateWords(state, words, telling, name)}</p>
              </div>
            </li>
          );
        })}
      </ol>
      {failed ? (
        <Failure
          error={telling.error}
          onRetry={() => tellings.retry(telling.id)}
          actions={
            failed === 'story' ? null : (
              <Button onClick={() => tellings.skip(telling.id)}>Go on without</Button>
            )
          }
        />
      ) : null}
      {storyId ? (
        <div className="flex flex-wrap gap-3">
          <ButtonLink
            to="/stories"
            search={{ story: storyId }}
            tone="primary"
            icon="arrow"
            className="min-h-12"
          >
            {telling.steps.narration === 'done' ? 'Listen now' : 'Read it now'}
          </ButtonLink>
          {isOver(telling) ? null : (
            <p className="self-center text-sm text-muted">The rest goes on while you read.</p>
          )}
        </div>
      ) : null}
    </Card>
  );
}

function Mark({ state }: { state: StepState }) {
  const look = {
    waiting: 'border border-edge text-muted',
    skipped: 'border border-dashed border-edge text-muted',
    running: 'bg-accent-soft text-accent',
    done: 'bg-accent text-on-accent',
    failed: 'bg-danger-soft text-danger',
  }[state];
  return (
    <span aria-hidden="true" className={`grid size-9 shrink-0 place-items-center rounded-full ${look}`}>
      {state === 'running' ? <Spinner /> : null}
      {state === 'done' ? <Icon name="check" /> : null}
      {state === 'failed' ? <Icon name="warning" /> : null}
    </span>
  );
}
