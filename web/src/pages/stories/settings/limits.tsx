import type { LimitedOperation, Usage } from '@earshot/client';
import { useEffect, useState } from 'react';
import { Progress } from '../../../design/progress.tsx';
import { useClient } from '../client.tsx';
import { useReach } from '../syncing/standing.ts';
import { failureSentence } from '../words.ts';
import { Section } from './section.tsx';

const operations: readonly { readonly name: LimitedOperation; readonly label: string }[] = [
  { name: 'story_generation', label: 'Stories' },
  { name: 'audio_generation', label: 'Narrations' },
  { name: 'illustration_generation', label: 'Pictures' },
  { name: 'avatar_generation', label: 'Portraits' },
];

/** How much may be made this hour. */
export function Limits() {
  const { account } = useClient();
  const isOnline = useReach() === 'online';
  const [usage, setUsage] = useState<Usage | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when the network is back
  useEffect(() => {
    let isLeft = false;
    account.usage().then(
      (told) => {
        if (!isLeft) setUsage(told);
      },
      (error: unknown) => {
        if (!isLeft) setProblem(failureSentence(error));
      },
    );
    return () => {
      isLeft = true;
    };
  }, [account, isOnline]);
  const limits = usage?.rateLimits;
  return (
    <Section title="This hour" about="The server makes only so much for one family in an hour.">
      {limits ? (
        <ul className="flex flex-col gap-4">
          {operations.map(({ name, label }) => {
            const limit = limits[name];
            if (!limit) return null;
            const used = limit.limit - limit.remaining;
            const until = new Date(limit.resetAt).toLocaleTimeString(undefined, {
              hour: '2-digit',
              minute: '2-digit',
            });
            return (
              <li key={name} className="flex flex-col gap-1.5">
                <p className="flex justify-between gap-3 text-sm">
                  <span className="font-medium">{label}</span>
                  <span className="text-muted tabular-nums">
                    {limit.remaining > 0
                      ? `${limit.remaining.toLocaleString()} of ${limit.limit.toLocaleString()} left`
                      : `again at ${until}`}
                  </span>
                </p>
                <Progress
                  label={`${label} used`}
                  value={limit.limit > 0 ? used / limit.limit : 0}
                  words={`${used} of ${limit.limit}`}
                />
              </li>
            );
          })}
        </ul>
      ) : (
        <p className="text-sm text-muted">
          {!isOnline ? 'The server tells this when there is a network.' : (problem ?? 'Asking the server')}
        </p>
      )}
    </Section>
  );
}
