import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import { notify } from '../../../design/toast.tsx';
import { sentence } from '../../../server/request.ts';

/** Changes something on the server, then reads what it belongs to anew; what goes wrong is told. */
export function useChange(queryKey: QueryKey): (work: () => Promise<unknown>) => Promise<void> {
  const queries = useQueryClient();
  return async (work) => {
    try {
      await work();
    } catch (error) {
      notify(sentence(error), 'danger');
    }
    await queries.invalidateQueries({ queryKey });
  };
}
