import { Failures } from './failures.tsx';
import { LoggedErrors } from './logged-errors.tsx';
import { Queue } from './queue.tsx';
import { StorageFigures } from './storage.tsx';

/** The server itself, for the accounts that were named its operators. */
export function Operator() {
  return (
    <section aria-labelledby="operator" className="flex flex-col gap-10 border-t border-line pt-10">
      <div>
        <h2 id="operator" className="text-2xl font-semibold tracking-tight">
          This server
        </h2>
        <p className="max-w-xl text-muted">Shown to you because you are its operator.</p>
      </div>
      <div className="grid gap-x-16 gap-y-12 lg:grid-cols-2">
        <Queue />
        <StorageFigures />
        <Failures />
        <LoggedErrors />
      </div>
    </section>
  );
}
