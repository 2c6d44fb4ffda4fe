import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { notify } from '../../../design/toast.tsx';
import { sentence } from '../../../server/request.ts';

/**
 * Runs a change, then loads the lists that begin with `key` again. A failure is shown as a notice.
 *
 * @returns whether it runs, and how to run one; the promise is null after a failure
 */
export function useAction(key: readonly string[]) {
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const run = async <T>(change: () => Promise<T>, done?: string): Promise<T | null> => {
    setBusy(true);
    try {
      const result = await change();
      await queries.invalidateQueries({ queryKey: key });
      if (done) notify(done);
      return result;
    } catch (error) {
      notify(sentence(error), 'danger');
      return null;
    } finally {
      setBusy(false);
    }
  };
  return { busy, run };
}
