import { useQuery } from '@tanstack/react-query';
import { Button } from '../../../design/button.tsx';
import { Icon } from '../../../design/icon.tsx';
import { sendAsAccount } from '../../../server/account.ts';
import { Asked, Row, Section } from '../console/section.tsx';
import { useChange } from '../console/use-change.ts';
import { instantWords } from '../console/words.ts';
import { jobs } from './server.ts';

/** Jobs that were given up, and a second chance for those that kept what they need. */
export function Failures() {
  const asked = useQuery(jobs);
  const { busy, change } = useChange(jobs.queryKey);
  return (
    <Section
      id="failures"
      title="Failed jobs"
      about="Kept for seven days. Jobs that may carry a key or a text forget it when they fail, and cannot be run again."
    >
      <Asked query={asked} what="failed jobs">
        {({ failures }) =>
          failures.length === 0 ? (
            <p className="rounded-card border border-line bg-surface px-4 py-6 text-center text-muted">
              None failed.
            </p>
          ) : (
            <ul className="rounded-card border border-line bg-surface px-4">
              {failures.map(({ id, name, reason, attempts, failed_at, can_retry }) => (
                <Row
                  key={id}
                  icon={<Icon name="warning" />}
                  title={<code className="font-mono text-sm">{name}</code>}
                  detail={`${reason || 'Unknown reason'} · ${attempts === 1 ? 'one attempt' : `${attempts} attempts`} · ${instantWords(failed_at)}`}
                  action={
                    can_retry ? (
                      <Button
                        icon="retry"
                        busy={busy === id}
                        aria-label={`Retry ${name}`}
                        onClick={() =>
                          void change(
                            id,
                            () => sendAsAccount('POST', `/api/operator/jobs/${id}/retry`),
                            'It runs again as soon as there is room.',
                          )
                        }
                      >
                        Retry
                      </Button>
                    ) : null
                  }
                />
              ))}
            </ul>
          )
        }
      </Asked>
    </Section>
  );
}
