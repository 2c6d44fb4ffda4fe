import { useQuery } from '@tanstack/react-query';
import { Asked, Section } from '../console/section.tsx';
import { Figure } from './figure.tsx';
import { jobs } from './server.ts';

/** How much background work there is, and of which kinds. */
export function Queue() {
  const asked = useQuery(jobs);
  return (
    <Section id="queue" title="Background jobs">
      <Asked query={asked} what="the jobs">
        {({ queued, running, failed, kinds }) => {
          const waiting = kinds.filter((kind) => kind.waiting > 0);
          return (
            <>
              <dl className="grid grid-cols-3 gap-3">
                <Figure value={queued.toLocaleString()} words="waiting" />
                <Figure value={running.toLocaleString()} words="running" />
                <Figure value={failed.toLocaleString()} words="failed in 7 days" isBad={failed > 0} />
              </dl>
              {waiting.length > 0 ? (
                <ul className="text-sm">
                  {waiting.map((kind) => (
                    <li key={kind.name} className="flex justify-between gap-4 border-b border-line py-2">
                      <code className="min-w-0 truncate font-mono">{kind.name}</code>
                      <span className="text-muted tabular-nums">{kind.waiting.toLocaleString()} waiting</span>
                    </li>
                  ))}
                </ul>
              ) : (
                <p className="text-sm text-muted">Nothing waits.</p>
              )}
            </>
          );
        }}
      </Asked>
    </Section>
  );
}
