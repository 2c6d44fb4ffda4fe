import { afterEach, expect, it } from 'vitest';
import { backup } from '../../src/cli/backup.js';
import { restore } from '../../src/cli/restore.js';
import { createChanges } from '../../src/platform/changes/changes.js';
import { memoryEvents } from '../../src/platform/events/memory/index.js';
import { dialects } from '../support/databases.js';
import { recordedLog } from '../support/log.js';
import { addListener, type Installation, installation, opened, printed } from './installation.js';

const made: Installation[] = [];
afterEach(() => {
  for (const one of made.splice(0)) one.remove();
});

it.each(dialects)(
  'a restored server (%s) starts a new epoch of changes, so that devices pull everything anew',
  async (dialect) => {
    const [source, target] = [await installation(dialect), await installation(dialect)];
    made.push(source, target);
    const from = await opened(source.config);
    const { userId } = await addListener(from.database, from.media, 'somebody');
    const before = createChanges({ database: from.database, events: memoryEvents({ log: recordedLog() }) });
    await from.database.transaction(async (tx) => {
      const seq = await before.next(tx, userId);
      await before.log(tx, userId, { seq, type: 'hero', id: 'one', deleted: false });
    });
    const { epoch } = await before.state(userId);
    await from.close();
    const file = source.path('backup.tar.gz');
    await printed(() => backup(source.config, file));
    await printed(() => restore(target.config, file));

    const to = await opened(target.config);
    const after = createChanges({ database: to.database, events: memoryEvents({ log: recordedLog() }) });
    const page = await after.since(userId, 0, 10);
    expect(page).toMatchObject({ latest: 1, changes: [{ seq: 1, id: 'one' }] });
    expect(page.epoch).not.toBe(epoch);
    await to.close();
  },
);
