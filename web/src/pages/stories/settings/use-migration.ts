import type { MigrationState } from '@earshot/client';
import { useEffect, useState } from 'react';
import { useClient } from '../client.tsx';

/** The migration as it is kept on the device; null until it is read. */
export function useMigration(): MigrationState | null {
  const { migration } = useClient();
  const [state, setState] = useState<MigrationState | null>(null);
  useEffect(() => {
    let isLeft = false;
    const take = (next: MigrationState): void => {
      if (!isLeft) setState(next);
    };
    migration.state().then(take, () => undefined);
    const leave = migration.subscribe(take);
    return () => {
      isLeft = true;
      leave();
    };
  }, [migration]);
  return state;
}
