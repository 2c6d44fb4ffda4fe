import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Banner } from '../../../design/banner.tsx';
import { Button, Spinner } from '../../../design/button.tsx';
import { Card } from '../../../design/card.tsx';
import { CopyButton } from '../../../design/copy-button.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { EmptyState } from '../../../design/empty-state.tsx';
import { Field } from '../../../design/field.tsx';
import { Logo } from '../../../design/logo.tsx';
import { notify } from '../../../design/toast.tsx';
import { sentence } from '../../../server/request.ts';
import { deleteFile, type FileStatus } from '../api.ts';
import { type Note, search } from '../notes.ts';
import { usePlayer } from '../player/context.tsx';
import { filesQuery, refreshLibrary, statesQuery, usageQuery, useHeard } from '../queries.ts';
import { useStanding } from '../session.ts';
import { LibraryItem } from './library-item.tsx';

const searchFrom = 6;

/** Everything made with this key, on whichever device. */
export function Library() {
  const files = useQuery(filesQuery());
  useQuery(statesQuery());
  const heard = useHeard();
  const { session } = useStanding();
  const [wanted, setWanted] = useState('');
  const [doomed, setDoomed] = useState<Note | null>(null);
  const now = useMinute();
  const notes = files.data ?? [];
  const shown = search(notes, wanted);
  useEndingsAnnounced(files.data);
  useDeletionsElsewhere(files.data);

  return (
    <section aria-labelledby="library" className="min-w-0">
      <div className="flex min-h-11 flex-wrap items-baseline justify-between gap-x-4 pb-3">
        <h2 id="library" tabIndex={-1} className="text-xl outline-none font-semibold tracking-tight">
          Library
        </h2>
        <UsageLine />
      </div>
      {notes.length >= searchFrom ? (
        <div className="pb-4">
          <Field
            label="Search"
            icon="search"
            type="search"
            value={wanted}
            onChange={(event) => setWanted(event.currentTarget.value)}
            placeholder="Title, words or voice"
          />
        </div>
      ) : null}
      <p role="status" className="sr-only">
        {wanted.trim() ? `${shown.length} of ${notes.length} found` : ''}
      </p>
      <Card>
        {files.isPending ? (
          <p role="status" className="flex items-center justify-center gap-3 py-16 text-muted">
            <Spinner />
            Fetching your library
          </p>
        ) : files.isError && !files.data ? (
          <EmptyState
            title="The library could not be fetched"
            action={
              <Button icon="retry" busy={files.isFetching} onClick={() => void files.refetch()}>
                Try again
              </Button>
            }
          >
            {sentence(files.error)}
          </EmptyState>
        ) : notes.length === 0 ? (
          <EmptyState title="Nothing to hear yet" picture={<Logo className="size-14 opacity-80" />}>
            Write or drop in a text and generate it. The audio appears here, and on every device that signs in
            with the same key.
          </EmptyState>
        ) : shown.length === 0 ? (
          <EmptyState
            title="Nothing found"
            action={<Button onClick={() => setWanted('')}>Show everything</Button>}
          >
            No title, text or voice contains “{wanted.trim()}”.
          </EmptyState>
        ) : (
          <ul aria-label={wanted ? `${shown.length} of ${notes.length} notes` : `${notes.length} notes`}>
            {shown.map((note) => (
              <li key={note.contentHash} className="border-b border-line last:border-b-0">
                <LibraryItem note={note} heard={heard.get(note.contentHash)} now={now} onDelete={setDoomed} />
              </li>
            ))}
          </ul>
        )}
      </Card>
      {session?.origin === 'made' ? (
        <div className="mt-4 flex flex-wrap items-center justify-between gap-x-4 gap-y-2 text-sm text-muted">
          <p>Use the same voice library on another device: copy your key.</p>
          <CopyButton text={session.key} what="your key" />
        </div>
      ) : null}
      <DeleteDialog note={doomed} onClose={() => setDoomed(null)} />
    </section>
  );
}

/** Epoch milliseconds, renewed every minute, for "expires in". */
function useMinute(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 60_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** Says aloud when something that was generating is ready or has failed. */
function useEndingsAnnounced(notes: readonly Note[] | undefined): void {
  const before = useRef<ReadonlyMap<string, FileStatus>>(new Map());
  useEffect(() => {
    if (!notes) return;
    for (const note of notes) {
      if (before.current.get(note.id) !== 'generating') continue;
      if (note.status === 'ready') notify(`“${note.title}” is ready.`);
      if (note.status === 'failed') notify(`“${note.title}” could not be made.`, 'danger');
    }
    before.current = new Map(notes.map((note) => [note.id, note.status]));
  }, [notes]);
}

/** What another device deleted is not kept in this one's memory. */
function useDeletionsElsewhere(notes: readonly Note[] | undefined): void {
  const player = usePlayer();
  const before = useRef<readonly string[]>([]);
  useEffect(() => {
    if (!notes) return;
    const present = new Set(notes.map((note) => note.id));
    for (const id of before.current) if (!present.has(id)) player.forget(id);
    before.current = [...present];
  }, [notes, player]);
}

function UsageLine() {
  const { data } = useQuery(usageQuery());
  if (!data) return null;
  const { files_count: files, storage_used_mb: megabytes, generated_today: today } = data;
  return (
    <p className="text-sm text-muted tabular-nums">
      {files} {files === 1 ? 'file' : 'files'}, {megabytes} MB, {today} made today
    </p>
  );
}

function DeleteDialog({ note, onClose }: { note: Note | null; onClose: () => void }) {
  const queries = useQueryClient();
  const player = usePlayer();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const close = () => {
    setProblem(null);
    onClose();
  };

  const remove = async (doomed: Note) => {
    setBusy(true);
    setProblem(null);
    try {
      for (const id of doomed.fileIds) await deleteFile(id);
      player.forget(doomed.id);
      notify(`Deleted “${doomed.title}”.`);
      onClose();
      // The button that opened the dialog is gone with its note.
      requestAnimationFrame(() => document.getElementById('library')?.focus({ preventScroll: true }));
    } catch (error) {
      setProblem(sentence(error));
    } finally {
      setBusy(false);
      refreshLibrary(queries);
    }
  };

  return (
    <Dialog
      open={note !== null}
      title="Delete this audio?"
      onClose={close}
      actions={
        <>
          <Button onClick={close} data-first>
            Keep it
          </Button>
          <Button tone="danger" icon="trash" busy={busy} onClick={() => note && void remove(note)}>
            Delete
          </Button>
        </>
      }
    >
      <p>
        “{note?.title}” is erased from the server at once, text and audio, and disappears from all your
        devices. This cannot be undone.
      </p>
      {problem ? (
        <Banner tone="danger" icon="warning">
          {problem}
        </Banner>
      ) : null}
    </Dialog>
  );
}
