import type { EarshotClient } from '@earshot/client';
import { useEffect, useState } from 'react';
import { useClient } from '../client.tsx';
import { useReach } from '../syncing/standing.ts';

export type Answer<T> =
  | { readonly state: 'asking' }
  | { readonly state: 'told'; readonly told: T }
  | { readonly state: 'failed'; readonly error: unknown };

/** Asks the server when the view opens, and again when the network is back. @returns the answer, and how to ask again */
export function useAsked<T>(
  question: (client: EarshotClient) => Promise<T>,
  key: string,
): [Answer<T>, () => void] {
  const client = useClient();
  const isOnline = useReach() === 'online';
  const [times, setTimes] = useState(0);
  const [answer, setAnswer] = useState<Answer<T> & { readonly key: string }>({ state: 'asking', key });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says what is asked; what is told stays while asking again
  useEffect(() => {
    let isLeft = false;
    question(client).then(
      (told) => {
        if (!isLeft) setAnswer({ state: 'told', told, key });
      },
      (error: unknown) => {
        if (!isLeft)
          setAnswer((former) =>
            former.state === 'told' && former.key === key ? former : { state: 'failed', error, key },
          );
      },
    );
    return () => {
      isLeft = true;
    };
  }, [client, key, isOnline, times]);
  return [answer.key === key ? answer : { state: 'asking' }, () => setTimes(times + 1)];
}
