import { useQuery } from '@tanstack/react-query';
import { Asked, Section } from '../console/section.tsx';
import { instantWords } from '../console/words.ts';
import { loggedErrors } from './server.ts';

/** The newest errors of the log, as they were written there. */
export function LoggedErrors() {
  const asked = useQuery(loggedErrors);
  return (
    <Section
      id="errors"
      title="Newest errors"
      about="What the log of this node has said since its start. Keys, tokens and texts are never in it."
    >
      <Asked query={asked} what="errors">
        {(list) =>
          list.length === 0 ? (
            <p className="rounded-card border border-line bg-surface px-4 py-6 text-center text-muted">
              No errors since the start.
            </p>
          ) : (
            <ul
              // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
              tabIndex={0}
              aria-label="Newest errors"
              className="max-h-96 overflow-y-auto rounded-card border border-line bg-surface px-4 text-sm"
            >
              {list.map(({ time, message, type, detail, request_id }, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: two errors of one millisecond may be the same in all they say
                <li key={`${time} ${place}`} className="border-b border-line py-3 last:border-b-0">
                  <p className="font-medium wrap-anywhere">{message}</p>
                  {type || detail ? (
                    <p className="font-mono text-xs text-danger wrap-anywhere">
                      {[type, detail].filter(Boolean).join(': ')}
                    </p>
                  ) : null}
                  <p className="text-muted">
                    {instantWords(time)}
                    {request_id ? (
                      <>
                        {' · request '}
                        <code className="font-mono text-xs">{request_id}</code>
                      </>
                    ) : null}
                  </p>
                </li>
              ))}
            </ul>
          )
        }
      </Asked>
    </Section>
  );
}
