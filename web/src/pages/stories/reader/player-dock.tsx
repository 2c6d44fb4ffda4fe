import type { Illustration, Local, Story } from '@earshot/client';
import { type ReactNode, useState } from 'react';
import { Button, IconButton, Spinner } from '../../../design/button.tsx';
import { Icon } from '../../../design/icon.tsx';
import { notify } from '../../../design/toast.tsx';
import { useClient } from '../client.tsx';
import { onServer } from '../on-server.ts';
import { changePreferences, usePreferences } from '../preferences.ts';
import { useReach } from '../syncing/standing.ts';
import { runningStep, useTellings } from '../telling/tellings.ts';
import { clockTime, failureSentence } from '../words.ts';
import type { Playing } from './use-narrator.ts';

const rates: readonly number[] = [0.75, 1, 1.25, 1.5];

interface DockProps {
  readonly story: Local<Story>;
  readonly illustrations: readonly Local<Illustration>[];
  readonly playing: Playing;
}

/** At the bottom, always in reach: the voice, or the way to get one. */
export function PlayerDock({ story, illustrations, playing }: DockProps) {
  return (
    <section
      aria-label="Player"
      data-dock
      className="fixed inset-x-0 bottom-0 z-20 border-t border-line bg-surface pr-[max(1rem,env(safe-area-inset-right))] pb-[env(safe-area-inset-bottom)] pl-[max(1rem,env(safe-area-inset-left))] shadow-dock sm:px-6"
    >
      <div className="mx-auto flex min-h-20 w-full max-w-[69rem] flex-col justify-center py-2">
        {playing.media.state === 'ready' && !playing.narration.isBroken ? (
          <Controls story={story} playing={playing} />
        ) : (
          <Making story={story} illustrations={illustrations} playing={playing} />
        )}
      </div>
    </section>
  );
}

function Controls({ story, playing }: { story: Story; playing: Playing }) {
  const { narrator, narration } = playing;
  const { rate } = usePreferences();
  const { isPlaying, position } = narration;
  const duration = narration.duration || story.audioDuration || 0;
  const nextRate = rates[(rates.indexOf(rate) + 1) % rates.length] ?? 1;
  return (
    <div className="grid grid-cols-[1fr_auto_1fr] items-center gap-x-3 md:grid-cols-[auto_minmax(0,1fr)_auto]">
      <div className="max-md:order-3 max-md:col-span-3 md:order-2 md:px-3">
        <div className="flex items-center gap-3">
          <span className="w-11 text-right text-sm text-muted tabular-nums">{clockTime(position)}</span>
          <input
            type="range"
            aria-label="Position"
            min={0}
            max={duration || 1}
            step={0.1}
            value={Math.min(position, duration)}
            aria-valuetext={`${clockTime(position)} of ${clockTime(duration)}`}
            onChange={(event) => narrator?.seek(event.currentTarget.valueAsNumber)}
            style={{ '--value': duration > 0 ? Math.min(1, position / duration) : 0 }}
            className="slider"
          />
          <span className="w-11 text-sm text-muted tabular-nums">{clockTime(duration)}</span>
        </div>
      </div>
      <div className="flex items-center justify-center gap-2 max-md:order-1 max-md:col-start-2 md:order-1">
        <IconButton label="Back 15 seconds" icon="back" onClick={() => narrator?.seek(position - 15)} />
        <button
          type="button"
          aria-label={isPlaying ? 'Pause' : 'Play'}
          onClick={() => narrator?.toggle()}
          className="grid size-13 place-items-center rounded-full bg-accent text-on-accent transition-transform hover:bg-accent-strong active:scale-95"
        >
          <Icon name={isPlaying ? 'pause' : 'play'} className="size-6" />
        </button>
        <IconButton label="Forward 15 seconds" icon="forward" onClick={() => narrator?.seek(position + 15)} />
      </div>
      <div className="justify-self-end max-md:order-2 max-md:col-start-3 md:order-3">
        <Button
          tone="plain"
          aria-label={`Speed ${rate}×. Switch to ${nextRate}×`}
          onClick={() => {
            narrator?.setRate(nextRate);
            changePreferences({ rate: nextRate });
          }}
          className="min-w-16 tabular-nums"
        >
          {rate}×
        </Button>
      </div>
    </div>
  );
}

/** What is still missing, and who is at it. */
function Making({ story, illustrations, playing }: DockProps) {
  const client = useClient();
  const isOnline = useReach() === 'online';
  const [tellings] = useTellings();
  const { language, voice } = usePreferences();
  const [work, setWork] = useState<'narration' | 'pictures' | null>(null);
  const running = tellings
    .filter(({ storyId }) => storyId === story.id)
    .map(runningStep)
    .find((step) => step !== undefined);
  const isNarrating =
    work === 'narration' || running === 'narration' || story.audioGenerationStatus === 'processing';

  if (playing.media.state === 'loading') {
    return (
      <Busy>
        Fetching the narration{playing.media.share > 0 ? `, ${Math.round(playing.media.share * 100)} %` : ''}
      </Busy>
    );
  }
  if (isNarrating) return <Busy>It is being read aloud; you can begin to read.</Busy>;
  if (playing.media.state === 'failed') {
    return (
      <p role="status" className="flex items-center gap-3 text-amber">
        <Icon name="offline" />
        <span className="min-w-0 flex-1">{failureSentence(playing.media.error)}</span>
      </p>
    );
  }

  const narrate = async (): Promise<void> => {
    const wanted = voice === 'auto' ? undefined : voice;
    setWork('narration');
    try {
      await onServer(client, () =>
        client.generation.audio(story.id, {
          language: story.language || language,
          ...(wanted && { voice: wanted }),
        }),
      );
    } catch (error) {
      notify(failureSentence(error), 'danger');
    } finally {
      setWork(null);
    }
  };
  const draw = async (): Promise<void> => {
    setWork('pictures');
    try {
      await onServer(client, () => client.generation.illustrations(story.id));
    } catch (error) {
      notify(failureSentence(error), 'danger');
    } finally {
      setWork(null);
    }
  };
  const mayDraw = illustrations.some(({ generationStatus }) => generationStatus !== 'completed');
  const blocked = !isOnline && 'This needs the network';
  return (
    <div className="flex flex-wrap items-center gap-3">
      <Button tone="primary" icon="wave" blocked={blocked} onClick={() => void narrate()}>
        {playing.narration.isBroken ? 'Read it aloud again' : 'Read it aloud'}
      </Button>
      {mayDraw ? (
        <Button
          icon="picture"
          busy={work === 'pictures' || running === 'pictures'}
          blocked={blocked}
          onClick={() => void draw()}
        >
          Draw the pictures
        </Button>
      ) : null}
      <p className="text-sm text-muted">
        {story.audioGenerationStatus === 'failed'
          ? 'The narration did not work; nothing was counted for it.'
          : isOnline
            ? 'This story has no voice yet.'
            : 'This story has no voice yet; the narrator needs the network.'}
      </p>
    </div>
  );
}

function Busy({ children }: { children: ReactNode }) {
  return (
    <p role="status" className="flex items-center gap-3">
      <Spinner className="size-5 text-accent" />
      <span>{children}</span>
    </p>
  );
}
