import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { notify } from '../../../design/toast.tsx';
import { sentence } from '../../../server/request.ts';

/**
 * Changes something on the server, says so, and asks anew for what it touched.
 *
 * @returns what is being changed now, by the name that `change` was given, and `change`
 */
export function useChange(queryKey: QueryKey) {
  const queries = useQueryClient();
  const [busy, setBusy] = useState<string | null>(null);
  const change = async (name: string, work: () => Promise<unknown>, done: string): Promise<boolean> => {
    setBusy(name);
    try {
      await work();
      notify(done);
      return true;
    } catch (error) {
      notify(sentence(error), 'danger');
      return false;
    } finally {
      await queries.invalidateQueries({ queryKey });
      setBusy(null);
    }
  };
  return { busy, change };
}
