import type { MediaKind } from '@earshot/client';
import { useEffect, useState } from 'react';
import { useClient } from '../client.tsx';
import { useReach } from '../syncing/standing.ts';

export type Media =
  | { readonly state: 'none' }
  /** 0..1 */
  | { readonly state: 'loading'; readonly share: number }
  | { readonly state: 'ready'; readonly url: string }
  | { readonly state: 'failed'; readonly error: unknown };

const none: Media = { state: 'none' };

/** Addresses are signed anew in each answer; the file is another one only when their paths differ. */
const pathOf = (address: string | null | undefined): string | null =>
  address ? new URL(address, location.origin).pathname : null;

/**
 * A picture or a narration, from this device or else from the server, for as long as it is shown.
 *
 * @param id local id of the hero, the story or the illustration
 * @param address what the entity says; null while there is no file
 * @param isWanted false puts the download off
 */
export function useMedia(
  kind: MediaKind,
  id: string,
  address: string | null | undefined,
  isWanted = true,
): Media {
  const client = useClient();
  const path = pathOf(address);
  const isOnline = useReach() === 'online';
  const key = `${kind} ${id} ${path}`;
  const [found, setFound] = useState<{ readonly key: string; readonly media: Media }>({ key, media: none });
  const hasFailed = found.key === key && found.media.state === 'failed';

  const [attempt, setAttempt] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: tried again once when the network is back, not whenever it fails
  useEffect(() => {
    if (isOnline && hasFailed) setAttempt((count) => count + 1);
  }, [isOnline]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for what it is made of; another attempt begins anew
  useEffect(() => {
    if (path === null || !isWanted) return;
    const leaving = new AbortController();
    const { signal } = leaving;
    let release = (): void => undefined;
    const take = (media: Media): void => {
      if (!signal.aborted) setFound({ key, media });
    };
    take({ state: 'loading', share: 0 });
    client.media
      .objectUrl(kind, id, { signal, onProgress: (share) => take({ state: 'loading', share }) })
      .then(
        (lent) => {
          release = lent.release;
          if (signal.aborted) release();
          else take({ state: 'ready', url: lent.url });
        },
        (error: unknown) => take({ state: 'failed', error }),
      );
    return () => {
      leaving.abort();
      release();
    };
  }, [client, key, isWanted, attempt]);

  if (path === null) return none;
  return found.key === key ? found.media : { state: 'loading', share: 0 };
}
