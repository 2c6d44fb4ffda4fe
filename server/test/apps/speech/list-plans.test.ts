import { describe, expect, it } from 'vitest';
import { createFileStore } from '../../../src/apps/speech/files/store.js';
import { speechMigrations } from '../../../src/apps/speech/migrations.js';
import { createPlaybackStore } from '../../../src/apps/speech/playback/store.js';
import { watchedDatabase } from '../../support/query-plans.js';

describe('what the speech app reads, as SQLite plans it', () => {
  const watched = watchedDatabase(speechMigrations);
  const files = () => createFileStore(watched.database);

  it.each([
    [
      'the newest file of a content',
      'audio_files_by_hash (user_id=? AND content_hash=?)',
      () => files().newest('u', 'h', 1),
    ],
    ['a page of files', 'audio_files_listed', () => files().list('u', 1, { limit: 50 })],
    ['files that changed', '(user_id=? AND updated_at>?)', () => files().changedSince('u', 1, 1)],
    ['the version of the list', 'COVERING INDEX audio_files_list_version', () => files().listVersion('u', 1)],
    ['playback states', 'playback_states_recent', () => createPlaybackStore(watched.database).list('u')],
  ])('reads %s by %s', async (_list, index, ask) => {
    const steps = await watched.plansOf(ask());
    expect(steps.filter((step) => step.includes(index)).length, steps.join('\n')).toBeGreaterThanOrEqual(1);
  });
});
