import type { JourneyMilestones } from '@earshot/client';
import { useId, useState } from 'react';
import { Button } from '../../../design/button.tsx';
import { Icon, type IconName } from '../../../design/icon.tsx';
import { Progress } from '../../../design/progress.tsx';

const categoryIcons: Readonly<Record<string, IconName>> = {
  stories: 'book',
  listening_time: 'clock',
  streak: 'sparkle',
};

/** What was reached, and how far the next ones are. */
export function Milestones({ milestones, summary }: JourneyMilestones) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const sorted = [...milestones].sort(
    (a, b) => Number(b.unlocked) - Number(a.unlocked) || (b.percentage ?? 0) - (a.percentage ?? 0),
  );
  const shown = isOpen ? sorted : sorted.slice(0, 6);
  return (
    <section aria-labelledby={id} className="flex flex-col gap-4">
      <div className="flex flex-wrap items-baseline justify-between gap-3">
        <h2 id={id} className="text-xl font-semibold tracking-tight">
          Milestones
        </h2>
        <p className="text-sm text-muted">
          {summary.unlockedCount} of {summary.totalMilestones} reached
        </p>
      </div>
      <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
        {shown.map((milestone) => {
          const { id: key, category, title, description, unlocked, unlockedAt, percentage = 0 } = milestone;
          return (
            <li
              key={key}
              className={`flex items-center gap-4 rounded-card border p-4 ${unlocked ? 'border-accent bg-accent-soft' : 'border-line bg-surface'}`}
            >
              <span
                className={`grid size-11 shrink-0 place-items-center rounded-full ${unlocked ? 'bg-accent text-on-accent' : 'bg-sunken text-muted'}`}
              >
                <Icon name={unlocked ? 'check' : (categoryIcons[category] ?? 'sparkle')} />
              </span>
              <div className="flex min-w-0 flex-1 flex-col gap-1">
                <p className="font-medium">{title}</p>
                <p className="text-sm text-muted">
                  {unlocked && unlockedAt
                    ? `Reached on ${new Date(unlockedAt).toLocaleDateString(undefined, { day: 'numeric', month: 'long' })}`
                    : description}
                </p>
                {unlocked ? null : (
                  <Progress label={title} value={percentage / 100} words={`${percentage} %`} />
                )}
              </div>
            </li>
          );
        })}
      </ul>
      {milestones.length > 6 ? (
        <Button onClick={() => setOpen(!isOpen)} aria-expanded={isOpen} className="self-start">
          {isOpen ? 'Show fewer' : `Show all ${milestones.length}`}
        </Button>
      ) : null}
    </section>
  );
}
