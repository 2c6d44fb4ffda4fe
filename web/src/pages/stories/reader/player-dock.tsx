import type { Illustration, Local, Story } from '@earshot/client';
import type { ReactNode } from 'react';
import { Button, IconButton, Spinner } from '../../../design/button.tsx';
import { Icon } from '../../../design/icon.tsx';
import { changePreferences, usePreferences } from '../preferences.ts';
import { clockTime, failureSentence } from '../words.ts';
import { isUndrawn, type Making } from './use-making.ts';
import type { Playing } from './use-narrator.ts';

const rates: readonly number[] = [0.75, 1, 1.25, 1.5];

interface DockProps {
  readonly story: Local<Story>;
  readonly illustrations: readonly Local<Illustration>[];
  readonly playing: Playing;
  readonly making: Making;
}

/** At the bottom, always in reach: the voice, or the way to get one. */
export function PlayerDock({ story, illustrations, playing, making }: DockProps) {
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
          <Missing story={story} illustrations={illustrations} playing={playing} making={making} />
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
function Missing({ story, illustrations, playing, making }: DockProps) {
  const { language, voice } = usePreferences();
  if (playing.media.state === 'loading') {
    return (
      <Busy>
        Fetching the narration{playing.media.share > 0 ? `, ${Math.round(playing.media.share * 100)} %` : ''}
      </Busy>
    );
  }
  if (making.isNarrating) return <Busy>It is being read aloud; you can begin to read.</Busy>;
  if (playing.media.state === 'failed') {
    return (
      <p role="status" className="flex items-center gap-3 text-amber">
        <Icon name="offline" />
        <span className="min-w-0 flex-1">{failureSentence(playing.media.error)}</span>
      </p>
    );
  }
  const { blocked } = making;
  return (
    <div className="flex flex-wrap items-center gap-3">
      <Button
        tone="primary"
        icon="wave"
        blocked={blocked}
        onClick={() => making.narrate(story.language || language, voice)}
      >
        {playing.narration.isBroken ? 'Read it aloud again' : 'Read it aloud'}
      </Button>
      {isUndrawn(illustrations) ? (
        <Button icon="picture" busy={making.isDrawing} blocked={blocked} onClick={making.draw}>
          Draw the pictures
        </Button>
      ) : null}
      <p className="text-sm text-muted">
        {story.audioGenerationStatus === 'failed'
          ? 'The narration did not work; nothing was counted for it.'
          : blocked
            ? 'This story has no voice yet; the narrator needs the network.'
            : 'This story has no voice yet.'}
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
