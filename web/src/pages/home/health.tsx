import { useQuery } from '@tanstack/react-query';
import { useConnection } from '../../server/connection.ts';
import { serverHealth } from '../../server/info.ts';

/** A live light: asks the server every ten seconds whether it is well. */
export function Health() {
  const connection = useConnection();
  const health = useQuery(serverHealth);

  const state =
    connection === 'offline'
      ? { dot: 'bg-amber', words: 'You are offline' }
      : health.isError
        ? { dot: 'bg-danger', words: 'The server does not answer. Asking again every few seconds' }
        : health.data === undefined
          ? { dot: 'bg-edge', words: 'Asking the server' }
          : { dot: 'bg-accent animate-breathe', words: 'Running' };

  return (
    <p className="flex w-fit items-center gap-2.5 rounded-full border border-line bg-surface py-1 pr-4 pl-3 text-sm">
      <span aria-hidden="true" className={`size-2.5 shrink-0 rounded-full ${state.dot}`} />
      <span role="status">{state.words}</span>
      {state.words === 'Running' ? (
        <span className="text-muted tabular-nums">answers in {health.data} ms</span>
      ) : null}
    </p>
  );
}
