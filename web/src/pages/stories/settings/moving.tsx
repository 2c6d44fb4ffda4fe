import { type ExportCheck, exportLocalData, type MigrationSource, openExport } from '@earshot/client';
import { useRef, useState } from 'react';
import { Banner } from '../../../design/banner.tsx';
import { Button } from '../../../design/button.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { Icon } from '../../../design/icon.tsx';
import { notify } from '../../../design/toast.tsx';
import { useClient } from '../client.tsx';
import { Failure } from '../shell/failure.tsx';
import { useReach } from '../syncing/standing.ts';
import { bytesWords, counted, failureSentence } from '../words.ts';
import { Contents, Running } from './import-parts.tsx';
import { Section } from './section.tsx';
import { useMigration } from './use-migration.ts';

/** Taking everything along: out to a file, and in from one. */
export function Moving() {
  const client = useClient();
  const reach = useReach();
  const state = useMigration();
  const chooser = useRef<HTMLInputElement>(null);
  const [opened, setOpened] = useState<{
    readonly source: MigrationSource;
    readonly check: ExportCheck;
  } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [exported, setExported] = useState<number | null>(null);
  const [isUndoing, setUndoing] = useState(false);
  const isRunning = state?.status === 'inProgress' && opened !== null;
  const isHalfWay = (state?.status === 'inProgress' || state?.status === 'failed') && !isRunning;

  const save = async (): Promise<void> => {
    setExported(0);
    try {
      const archive = await exportLocalData(client, { onProgress: setExported });
      const link = document.createElement('a');
      link.href = URL.createObjectURL(archive);
      link.download = `stories-${new Date().toISOString().slice(0, 10)}.zip`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
      notify(`Saved as a file of ${bytesWords(archive.size)}.`);
    } catch (failure) {
      notify(failureSentence(failure), 'danger');
    } finally {
      setExported(null);
    }
  };
  const open = async (files: FileList | null): Promise<void> => {
    const file = files?.[0];
    if (!file) return;
    setError(null);
    try {
      const source = await openExport(file);
      setOpened({ source, check: await client.migration.check(source) });
    } catch (failure) {
      setError(failure);
    } finally {
      if (chooser.current) chooser.current.value = '';
    }
  };
  const run = async (source: MigrationSource): Promise<void> => {
    setError(null);
    try {
      const { status } = await client.migration.run(source, { onFailure: 'stop' });
      if (status !== 'completed') return;
      setOpened(null);
      notify('Everything is here. Welcome home.');
    } catch (failure) {
      setError(failure);
    }
  };
  const undo = async (): Promise<void> => {
    setUndoing(false);
    setError(null);
    try {
      await client.migration.rollBack();
      notify('The import is undone. Sign in again to go on.');
    } catch (failure) {
      setError(failure);
    }
  };

  return (
    <Section
      title="Move in and out"
      about="An export holds heroes, stories and events with the pictures and sound that are on this device. Importing adds them to this account; the file is not changed."
    >
      <div className="flex flex-wrap gap-3">
        <Button icon="download" busy={exported !== null} onClick={() => void save()}>
          Export to a file
        </Button>
        <Button
          icon="upload"
          blocked={isRunning ? 'An import is running' : reach === 'offline' && 'Importing needs the network'}
          onClick={() => chooser.current?.click()}
        >
          Import a file
        </Button>
        <input
          ref={chooser}
          type="file"
          accept=".zip,.json,application/zip,application/json"
          aria-label="Exported file"
          hidden
          onChange={(event) => void open(event.currentTarget.files)}
        />
      </div>
      {error ? <Failure error={error} /> : null}
      {state && isHalfWay ? (
        <Banner
          tone="amber"
          icon="warning"
          action={<Button onClick={() => setUndoing(true)}>Undo it</Button>}
        >
          An import stopped half-way{state.error ? `: ${state.error}` : '.'} Choose the same file again to go
          on where it was.
        </Banner>
      ) : null}
      {state?.status === 'completed' && state.completedAt !== null ? (
        <p className="flex items-center gap-2 text-sm text-muted">
          <Icon name="check" className="size-4" />
          {counted(state.uploaded.heroes, 'hero', 'heroes')},{' '}
          {counted(state.uploaded.stories, 'story', 'stories')} and{' '}
          {counted(state.uploaded.customEvents, 'event')} were imported on{' '}
          {new Date(state.completedAt).toLocaleDateString()}.
        </p>
      ) : null}
      {opened ? (
        <Dialog
          open
          insistent={isRunning}
          title={isRunning ? 'Importing' : 'Import this file?'}
          onClose={() => setOpened(null)}
          actions={
            isRunning ? (
              <Button onClick={() => void client.migration.cancel()}>Stop</Button>
            ) : (
              <>
                <Button onClick={() => setOpened(null)}>Cancel</Button>
                <Button data-first tone="primary" onClick={() => void run(opened.source)}>
                  {state?.status === 'failed' ? 'Go on' : 'Import'}
                </Button>
              </>
            )
          }
        >
          {isRunning ? <Running state={state} /> : <Contents check={opened.check} />}
          {!isRunning && state?.status === 'failed' && state.error ? (
            <p className="text-danger">It stopped: {state.error}</p>
          ) : null}
        </Dialog>
      ) : null}
      <Dialog
        open={isUndoing}
        title="Undo the import?"
        onClose={() => setUndoing(false)}
        actions={
          <>
            <Button data-first onClick={() => setUndoing(false)}>
              Leave it
            </Button>
            <Button tone="danger" onClick={() => void undo()}>
              Undo it
            </Button>
          </>
        }
      >
        <p>
          What this import brought is deleted from the server, and you are signed out. Everything else stays.
        </p>
      </Dialog>
    </Section>
  );
}
