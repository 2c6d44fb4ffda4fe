import { Link } from '@tanstack/react-router';
import { IconButton, Spinner } from '../../../design/button.tsx';
import { Icon } from '../../../design/icon.tsx';
import { failureSentence } from '../words.ts';
import { failedStep, isOver, runningStep, type Telling, useTellings } from './tellings.ts';

const words = {
  story: 'is being written',
  narration: 'is being read aloud',
  pictures: 'is being drawn',
} as const;

function standingOf(telling: Telling): string {
  const running = runningStep(telling);
  if (running) return words[running];
  return failedStep(telling) ? failureSentence(telling.error) : 'waits';
}

/** The stories that are on their way, above the shelf. */
export function Tellings() {
  const [all, tellings] = useTellings();
  const open = all.filter((telling) => !isOver(telling));
  if (open.length === 0) return null;
  return (
    <section aria-label="On their way" className="mb-6 flex flex-col gap-2">
      {open.map((telling) => {
        const hasFailed = failedStep(telling) !== undefined;
        return (
          <div
            key={telling.id}
            className={`flex min-h-14 flex-wrap items-center gap-x-3 rounded-control px-4 py-1.5 ${hasFailed ? 'bg-danger-soft text-danger' : 'bg-accent-soft'}`}
          >
            {hasFailed ? <Icon name="warning" /> : <Spinner className="size-5 text-accent" />}
            <p className="min-w-0 flex-1">
              <span className="font-medium">{telling.title ?? `A story about ${telling.heroName}`}</span>{' '}
              {standingOf(telling)}
            </p>
            <Link
              to="/stories"
              search={{ view: 'tell' }}
              className="flex min-h-11 items-center font-medium underline underline-offset-4"
            >
              Show
            </Link>
            {hasFailed ? (
              <IconButton label="Put it away" icon="close" onClick={() => tellings.dismiss(telling.id)} />
            ) : null}
          </div>
        );
      })}
    </section>
  );
}
