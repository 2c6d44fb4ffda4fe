import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button, IconButton } from '../../../design/button.tsx';
import { Icon } from '../../../design/icon.tsx';
import { Progress } from '../../../design/progress.tsx';
import { notify } from '../../../design/toast.tsx';
import { useConnection } from '../../../server/connection.ts';
import { sentence } from '../../../server/request.ts';
import { type GenerationStatus, generate, type PlaybackState } from '../api.ts';
import { playable } from '../formats.ts';
import type { Note } from '../notes.ts';
import { useDownloaded, usePlayer, usePlayerState } from '../player/context.tsx';
import { refreshLibrary, useGenerationStatus } from '../queries.ts';
import { clockTime, expiry, fileSize } from '../words.ts';
import { useDownload } from './use-download.ts';

interface LibraryItemProps {
  readonly note: Note;
  readonly heard: PlaybackState | undefined;
  readonly now: number;
  readonly onDelete: (note: Note) => void;
}

const away = 'Not possible while the server cannot be reached';

export function LibraryItem({ note, heard, now, onDelete }: LibraryItemProps) {
  const online = useConnection() === 'online';
  const status = useGenerationStatus(note);
  const headingId = `note-${note.id}`;
  return (
    <article
      aria-labelledby={headingId}
      data-note={note.contentHash}
      className="flex animate-rise gap-3 p-4 sm:gap-4 sm:p-5"
    >
      <Lead note={note} online={online} />
      <div className="min-w-0 flex-1">
        <div className="flex items-start gap-1">
          <div className="min-w-0 flex-1 pt-0.5">
            <h3 id={headingId} className="font-semibold [overflow-wrap:anywhere]">
              {note.title}
            </h3>
            {note.snippet ? (
              <p className="line-clamp-2 font-serif text-muted [overflow-wrap:anywhere]">{note.snippet}</p>
            ) : null}
          </div>
          <div className="-mt-1.5 -mr-2 flex shrink-0 max-sm:flex-col">
            {note.status === 'ready' ? <DownloadButton note={note} online={online} /> : null}
            <IconButton
              label={`${note.status === 'generating' ? 'Stop and delete' : 'Delete'} “${note.title}”`}
              icon="trash"
              blocked={!online && away}
              onClick={() => onDelete(note)}
              className="text-muted hover:text-danger"
            />
          </div>
        </div>
        {note.status === 'generating' ? <Generating status={status} /> : null}
        {note.status === 'failed' ? <Failed note={note} online={online} /> : null}
        <Facts note={note} heard={heard} now={now} />
      </div>
    </article>
  );
}

/** What stands before the words: the play button, or what is in its place. */
function Lead({ note, online }: { note: Note; online: boolean }) {
  const player = usePlayer();
  const state = usePlayerState();
  const downloaded = useDownloaded();
  const round = 'grid size-12 shrink-0 place-items-center rounded-full';

  if (note.status === 'generating') {
    return (
      <span aria-hidden="true" className={`${round} bg-amber-soft text-amber`}>
        <Icon name="wave" className="size-6 animate-breathe" />
      </span>
    );
  }
  if (note.status === 'failed') {
    return (
      <span aria-hidden="true" className={`${round} bg-danger-soft text-danger`}>
        <Icon name="warning" className="size-6" />
      </span>
    );
  }
  if (!playable(note.format)) {
    return (
      <span aria-hidden="true" className={`${round} bg-sunken text-muted`}>
        <Icon name="file" className="size-6" />
      </span>
    );
  }
  const current = state.phase === 'ready' && state.note.id === note.id;
  const playing = current && state.playing;
  const blocked = !online && !downloaded.has(note.id);
  const why = 'Not on this device yet, and the server cannot be reached';
  return (
    <button
      type="button"
      aria-label={`${playing ? 'Pause' : 'Play'} “${note.title}”`}
      {...(blocked ? { 'aria-disabled': true, 'aria-description': why, title: why } : {})}
      onClick={() => {
        if (!blocked) player.toggle(note);
      }}
      className={`${round} transition-colors ${
        playing
          ? 'bg-accent text-on-accent'
          : 'bg-accent-soft text-accent hover:bg-accent hover:text-on-accent aria-disabled:bg-sunken aria-disabled:text-muted'
      }`}
    >
      <Icon name={playing ? 'pause' : 'play'} className="size-5" />
    </button>
  );
}

function DownloadButton({ note, online }: { note: Note; online: boolean }) {
  const { download, busy } = useDownload(note);
  const downloaded = useDownloaded();
  return (
    <IconButton
      label={`Download “${note.title}” as ${note.format}`}
      icon="download"
      busy={busy}
      blocked={!online && !downloaded.has(note.id) && away}
      onClick={download}
      className="text-muted hover:text-ink"
    />
  );
}

function Generating({ status }: { status: GenerationStatus | undefined }) {
  const total = status?.chunks_total ?? 0;
  const done = status?.chunks_done ?? 0;
  const share = status?.progress ?? (total > 0 ? done / total : 0);
  const words =
    total > 1
      ? `Part ${Math.min(done + 1, total)} of ${total}`
      : share > 0
        ? `${Math.round(share * 100)} %`
        : '';
  return (
    <div className="my-3 flex flex-col gap-1.5">
      <p className="flex justify-between text-sm text-amber">
        <span>{share > 0 || total > 0 ? 'Generating' : 'Queued'}</span>
        <span className="tabular-nums">{words}</span>
      </p>
      <Progress label="Generating the audio" value={share > 0 ? share : null} words={words} />
    </div>
  );
}

function Failed({ note, online }: { note: Note; online: boolean }) {
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const retry = async () => {
    setBusy(true);
    try {
      await generate({
        text: note.text,
        ...(note.givenTitle ? { title: note.givenTitle } : {}),
        voice: note.voice,
        model: note.model,
        format: note.format,
        speed: note.speed,
      });
      refreshLibrary(queries);
    } catch (error) {
      notify(sentence(error), 'danger');
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="my-3 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-control bg-danger-soft py-1.5 pr-1.5 pl-4">
      <p className="min-w-40 flex-1 py-1 text-sm text-danger [overflow-wrap:anywhere]">
        {note.failure ?? 'The audio could not be made.'}
      </p>
      <Button icon="retry" busy={busy} blocked={!online && away} onClick={() => void retry()}>
        Retry
      </Button>
    </div>
  );
}

function heardWords(progress: number, seconds: number | null): string {
  if (progress >= 0.995) return 'heard';
  return seconds === null
    ? `${Math.max(1, Math.round(progress * 100))} % heard`
    : `stopped at ${clockTime(progress * seconds)}`;
}

/** Less than this many seconds is not worth coming back to. */
const worthResuming = 1;

function Facts({ note, heard, now }: { note: Note; heard: PlaybackState | undefined; now: number }) {
  const state = usePlayerState();
  const playing = state.phase === 'ready' && state.playing && state.note.id === note.id;
  const progress = heard?.progress ?? 0;
  const resumes = note.seconds === null ? progress > 0.005 : progress * note.seconds >= worthResuming;
  const facts = [
    note.voice,
    ...(note.speed === 1 ? [] : [`${note.speed}×`]),
    note.format,
    ...(note.seconds === null ? [] : [clockTime(note.seconds)]),
    ...(note.size === null ? [] : [fileSize(note.size)]),
    expiry(note.expiresAt, now),
  ];
  return (
    <>
      <p className="mt-1.5 flex flex-wrap gap-x-3 text-sm text-muted">
        {facts.map((fact) => (
          <span key={fact}>{fact}</span>
        ))}
        {note.status === 'ready' && resumes && !playing ? (
          <span className="font-medium text-accent">{heardWords(progress, note.seconds)}</span>
        ) : null}
      </p>
      {note.status === 'ready' && !playable(note.format) ? (
        <p className="mt-1.5 text-sm">
          This browser cannot play {note.format}. Download it to listen elsewhere.
        </p>
      ) : null}
    </>
  );
}
