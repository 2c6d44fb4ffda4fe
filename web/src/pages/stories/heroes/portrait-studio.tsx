import { isEarshotError } from '@earshot/client';
import { useEffect, useRef, useState } from 'react';
import { Button } from '../../../design/button.tsx';
import { Progress } from '../../../design/progress.tsx';
import { useClient, useLive } from '../client.tsx';
import { onServer } from '../on-server.ts';
import { Failure } from '../shell/failure.tsx';
import { useReach } from '../syncing/standing.ts';
import { Portrait } from './portrait.tsx';

type Work =
  | { readonly phase: 'idle' | 'drawing' | 'waiting' }
  | { readonly phase: 'failed'; readonly error: unknown };

/** Draws a hero's portrait, shows it, and draws another one when it is not right. */
export function PortraitStudio({ heroId, startsAtOnce = false }: { heroId: string; startsAtOnce?: boolean }) {
  const client = useClient();
  const isOnline = useReach() === 'online';
  const [work, setWork] = useState<Work>({ phase: 'idle' });
  const { data: hero } = useLive(`hero ${heroId}`, ({ heroes }) =>
    heroes.get(heroId, { policy: 'cacheOnly' }),
  );
  const hasBegun = useRef(false);

  const draw = async (): Promise<void> => {
    setWork({ phase: 'drawing' });
    try {
      await onServer(client, () => client.generation.avatar(heroId));
      setWork({ phase: 'idle' });
    } catch (error) {
      if (!isEarshotError(error, 'offline', 'notUploaded', 'unavailable'))
        return setWork({ phase: 'failed', error });
      await client.generation.later({ kind: 'avatar', heroId });
      setWork({ phase: 'waiting' });
    }
  };

  useEffect(() => {
    if (!startsAtOnce || hasBegun.current) return;
    hasBegun.current = true;
    void draw();
  });

  if (!hero) return null;
  const isDrawing = work.phase === 'drawing';
  const isWaiting = work.phase === 'waiting' && !hero.avatarUrl;
  return (
    <div className="flex flex-col items-center gap-4">
      <Portrait hero={hero} className="size-56 shadow-raised sm:size-64" />
      <div role="status" className="flex w-full max-w-xs flex-col gap-2 text-center text-muted">
        {isDrawing ? (
          <>
            <span>Drawing {hero.name}</span>
            <Progress label={`Drawing ${hero.name}`} value={null} />
          </>
        ) : isWaiting ? (
          `${hero.name}’s portrait is drawn as soon as you are online.`
        ) : null}
      </div>
      {work.phase === 'failed' ? <Failure error={work.error} onRetry={() => void draw()} /> : null}
      {isDrawing || isWaiting || work.phase === 'failed' ? null : (
        <Button icon="sparkle" blocked={!isOnline && 'Drawing needs the network'} onClick={() => void draw()}>
          {hero.avatarUrl ? 'Draw it again' : 'Draw a portrait'}
        </Button>
      )}
    </div>
  );
}
