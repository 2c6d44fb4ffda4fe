import { useEffect, useState } from 'react';
import { Icon } from '../../design/icon.tsx';
import { useConnection } from '../../server/connection.ts';
import { useInboxState } from './inbox/context.ts';

/** A short gap is nobody's concern. */
const patienceMs = 2_500;

/** Says when what is on the screen may be old, and goes by itself. */
export function ConnectionBanner() {
  const isUp = useInboxState(({ isUp: up }) => up);
  const connection = useConnection();
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (isUp) {
      setLate(false);
      return;
    }
    const timer = setTimeout(() => setLate(true), patienceMs);
    return () => clearTimeout(timer);
  }, [isUp]);

  const isAway = connection === 'offline' || (!isUp && late);
  return (
    <div role="status" className="shrink-0">
      {isAway ? (
        <p className="flex items-center gap-2 bg-amber-soft px-4 py-2 text-sm text-amber">
          <Icon name="offline" />
          {connection === 'offline'
            ? 'You are offline. What you see may be old; the inbox catches up by itself.'
            : 'Connecting to the server again. What you see may be old; the inbox catches up by itself.'}
        </p>
      ) : null}
    </div>
  );
}
