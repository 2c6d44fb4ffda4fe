import type { ExportCheck, MigrationStage, MigrationState } from '@earshot/client';
import { Progress } from '../../../design/progress.tsx';
import { counted } from '../words.ts';

const stageWords: Readonly<Record<MigrationStage, string>> = {
  authenticating: 'Saying who you are',
  exportingData: 'Reading the file',
  uploadingHeroes: 'Bringing the heroes',
  uploadingStories: 'Bringing the stories',
  uploadingCustomEvents: 'Bringing the events',
  uploadingMedia: 'Bringing pictures and sound',
  verifying: 'Comparing both sides',
  finalizing: 'Tidying up',
  complete: 'Done',
};

/** What is in a file, and what to know before it is imported. */
export function Contents({ check }: { check: ExportCheck }) {
  const { counts, warnings, estimatedSeconds } = check;
  return (
    <>
      <ul className="grid grid-cols-2 gap-3 text-sm">
        {[
          counted(counts.heroes, 'hero', 'heroes'),
          counted(counts.stories, 'story', 'stories'),
          counted(counts.customEvents, 'event'),
          counted(counts.media, 'file'),
        ].map((words) => (
          <li key={words} className="rounded-control bg-sunken p-3 font-medium">
            {words}
          </li>
        ))}
      </ul>
      <p className="text-muted">It takes about {counted(Math.ceil(estimatedSeconds / 60), 'minute')}.</p>
      {warnings.length > 0 ? (
        <details>
          <summary className="min-h-11 content-center font-medium text-amber">
            {counted(warnings.length, 'thing')} to know
          </summary>
          <ul className="flex max-h-48 list-disc flex-col gap-1 overflow-y-auto pl-5 text-sm">
            {warnings.map(({ code, entityId, message }) => (
              <li key={`${code} ${entityId} ${message}`}>{message}</li>
            ))}
          </ul>
        </details>
      ) : null}
    </>
  );
}

/** How far an import is. */
export function Running({ state }: { state: MigrationState }) {
  const words = state.stage ? stageWords[state.stage] : 'Beginning';
  return (
    <div className="flex flex-col gap-3">
      <Progress label="Import" value={state.progress} words={words} />
      <p role="status">{words}</p>
      <p className="text-sm text-muted tabular-nums">
        {state.uploaded.heroes} of {counted(state.exported.heroes, 'hero', 'heroes')},{' '}
        {state.uploaded.stories} of {counted(state.exported.stories, 'story', 'stories')},{' '}
        {state.uploaded.media} of {counted(state.totalMediaFiles, 'file')}
      </p>
      <p className="text-sm text-muted">
        Keep this page open. If it is closed, the same file goes on where it stopped.
      </p>
    </div>
  );
}
