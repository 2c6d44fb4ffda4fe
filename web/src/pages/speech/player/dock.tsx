import type { KeyboardEvent } from 'react';
import { Button, IconButton } from '../../../design/button.tsx';
import { Icon } from '../../../design/icon.tsx';
import { Progress } from '../../../design/progress.tsx';
import { useDownload } from '../library/use-download.ts';
import type { Note } from '../notes.ts';
import { clockTime, fileSize } from '../words.ts';
import { usePlayer, usePlayerState, usePosition, useRate } from './context.tsx';
import { Waveform } from './waveform.tsx';

const rates = [0.75, 1, 1.25, 1.5, 1.75, 2, 2.5] as const;
const skip = 15;

/** The player, at the foot of the page as long as something is chosen. */
export function Dock() {
  const state = usePlayerState();
  if (state.phase === 'empty') return null;
  return (
    <section
      aria-label="Player"
      data-dock
      className="fixed inset-x-0 bottom-0 z-30 animate-rise border-t border-line bg-surface pr-[max(1rem,env(safe-area-inset-right))] pb-[max(0.75rem,env(safe-area-inset-bottom))] pl-[max(1rem,env(safe-area-inset-left))] shadow-dock"
    >
      <div className="mx-auto max-w-6xl pt-3 sm:px-2">
        {state.phase === 'loading' ? (
          <Loading note={state.note} received={state.received} total={state.total} />
        ) : state.phase === 'failed' ? (
          <Failed note={state.note} reason={state.reason} />
        ) : (
          <Controls note={state.note} playing={state.playing} duration={state.duration} peaks={state.peaks} />
        )}
      </div>
    </section>
  );
}

function Close() {
  const player = usePlayer();
  return <IconButton label="Close the player" icon="close" onClick={player.stop} />;
}

function Loading({ note, received, total }: { note: Note; received: number; total: number | null }) {
  const share = total ? Math.min(1, received / total) : null;
  const words = total ? `${fileSize(received)} of ${fileSize(total)}` : fileSize(received);
  return (
    <div className="flex items-center gap-3">
      <div className="min-w-0 flex-1">
        <p className="flex justify-between gap-3 pb-2">
          <span className="truncate font-medium">{note.title}</span>
          <span className="shrink-0 text-sm text-muted tabular-nums">Fetching {words}</span>
        </p>
        <Progress label="Fetching the audio" value={share} words={words} />
      </div>
      <Close />
    </div>
  );
}

function Failed({ note, reason }: { note: Note; reason: string }) {
  const player = usePlayer();
  const { download, busy } = useDownload(note);
  return (
    <div className="flex flex-wrap items-center gap-3">
      <p role="alert" className="flex min-w-56 flex-1 gap-2 text-danger">
        <Icon name="warning" className="mt-0.5 size-5" />
        <span>
          <span className="font-medium">{note.title}.</span> {reason}
        </span>
      </p>
      <Button icon="retry" onClick={() => player.toggle(note)}>
        Try again
      </Button>
      <Button icon="download" busy={busy} onClick={download}>
        Download
      </Button>
      <Close />
    </div>
  );
}

interface ControlsProps {
  readonly note: Note;
  readonly playing: boolean;
  readonly duration: number;
  readonly peaks: readonly number[] | null;
}

function Controls({ note, playing, duration, peaks }: ControlsProps) {
  const player = usePlayer();
  const rate = useRate();

  // Single keys only while the focus is in the player, so that they disturb neither writing nor a screen reader.
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const actions: Readonly<Record<string, () => void>> = {
      k: () => player.toggle(note),
      j: () => player.seek(player.position() - skip),
      l: () => player.seek(player.position() + skip),
    };
    actions[event.key.toLowerCase()]?.();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: shortcuts for the controls inside, all of which have their own keys too
    <div
      onKeyDown={onKeyDown}
      className="grid grid-cols-[1fr_auto] items-center gap-x-4 md:grid-cols-[auto_minmax(0,1fr)_auto]"
    >
      <div className="col-span-2 flex items-center justify-center gap-1 max-md:order-last md:col-span-1">
        <IconButton
          label={`Back ${skip} seconds`}
          icon="back"
          aria-keyshortcuts="J"
          onClick={() => player.seek(player.position() - skip)}
        />
        <button
          type="button"
          aria-label={playing ? 'Pause' : 'Play'}
          aria-keyshortcuts="K"
          onClick={() => player.toggle(note)}
          className="grid size-13 shrink-0 place-items-center rounded-full bg-accent text-on-accent transition-colors hover:bg-accent-strong"
        >
          <Icon name={playing ? 'pause' : 'play'} className="size-6" />
        </button>
        <IconButton
          label={`Forward ${skip} seconds`}
          icon="forward"
          aria-keyshortcuts="L"
          onClick={() => player.seek(player.position() + skip)}
        />
        <RateSelect rate={rate} onChange={player.setRate} className="ml-1 md:hidden" />
      </div>
      <div className="min-w-0 max-md:col-span-2 max-md:row-start-2">
        <Waveform duration={duration} peaks={peaks} />
      </div>
      <div className="col-span-2 row-start-1 flex min-w-0 items-center gap-2 md:col-span-1 md:col-start-3 md:max-w-80">
        <div className="min-w-0 flex-1">
          <p className="truncate font-medium">{note.title}</p>
          <Times duration={duration} />
        </div>
        <RateSelect rate={rate} onChange={player.setRate} className="max-md:hidden" />
        <Close />
      </div>
    </div>
  );
}

function Times({ duration }: { duration: number }) {
  const position = usePosition();
  return (
    <p className="text-sm text-muted tabular-nums">
      {clockTime(position)} <span aria-hidden="true">/</span>
      <span className="sr-only">of</span> {clockTime(duration)}
    </p>
  );
}

interface RateSelectProps {
  readonly rate: number;
  readonly onChange: (rate: number) => void;
  readonly className: string;
}

function RateSelect({ rate, onChange, className }: RateSelectProps) {
  return (
    <select
      aria-label="Playback rate"
      value={rate}
      onChange={(event) => onChange(Number(event.currentTarget.value))}
      className={`min-h-11 appearance-none rounded-control bg-surface px-2.5 text-center font-medium tabular-nums hover:bg-hover ${className}`}
    >
      {rates.map((choice) => (
        <option key={choice} value={choice}>
          {choice}×
        </option>
      ))}
    </select>
  );
}
