import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CompanionTables } from '../../../src/apps/companion/tables.js';
import { withTables } from '../../../src/platform/database/database.js';
import { ask } from '../../support/chat-stream.js';
import { type CompanionApp, type CompanionUser, startCompanionApp } from '../../support/companion-app.js';
import { summarized, talked } from '../../support/companion-talk.js';
import { coloredPng } from '../../support/png.js';
import { eventually, stacks } from '../../support/servers.js';

/** The files of a `tar.gz`, by their names. */
async function filesIn(archive: Uint8Array): Promise<ReadonlyMap<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const entries = Readable.from([archive]).pipe(createGunzip()).pipe(extract());
  for await (const entry of entries) files.set(entry.header.name, await buffer(entry));
  return files;
}

async function count(entries: AsyncIterable<unknown>): Promise<number> {
  let found = 0;
  for await (const _ of entries) found += 1;
  return found;
}

describe.each(stacks)('export of everything a user owns, as one archive: %s', (stack) => {
  let app: CompanionApp;
  let user: CompanionUser;
  let id: string;
  const picture = coloredPng('a red boat');

  const exported = async (who = user) => {
    const answer = await fetch(`${app.url}/v1/users/export`, { headers: who.headers });
    return { answer, files: await filesIn(new Uint8Array(await answer.arrayBuffer())) };
  };

  beforeAll(async () => {
    app = await startCompanionApp(stack);
    user = await app.signUp();
    id = await talked(
      app,
      user.userId,
      'Remind me to paint the boat tomorrow. I live in Lyon near the river.',
    );
    await summarized(user, id);
    await user.post('v1/users/people', { name: 'Peter' });
    const sent = await user.upload('v2/files', [{ field: 'files', name: 'boat.png', bytes: picture }]);
    await ask(user, 'What colour is the boat?', { fileIds: [sent.json[0].id] });
  }, 60_000);
  afterAll(() => app.stop());

  it('holds conversations with their transcripts, memories, to-dos, people, the chat and media', async () => {
    const { answer, files } = await exported();
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/gzip');
    expect(answer.headers.get('content-disposition')).toMatch(/filename="earshot-export-[\d-]+\.tar\.gz"/);
    const json = (name: string) => JSON.parse(files.get(name)?.toString('utf8') ?? 'null');
    const conversation = [...files.keys()].find((name) => name.includes(id)) ?? '';
    expect(json(conversation).transcript_segments[0].text).toContain('paint the boat');
    expect(json('memories.json')).toEqual([
      expect.objectContaining({ content: expect.stringContaining('lives in Lyon') }),
    ]);
    expect(json('action-items.json')).toEqual([
      expect.objectContaining({ description: 'Paint the boat tomorrow' }),
    ]);
    expect(json('people.json')).toEqual([expect.objectContaining({ name: 'Peter' })]);
    expect(json('account.json').id).toBe(user.userId);
    const chat = json('chat/0001.json');
    expect(chat.map(({ sender }: { sender: string }) => sender)).toEqual(['human', 'ai']);
    expect(files.get(`media/chat/${chat[0].files[0].id}`)).toEqual(Buffer.from(picture));
    expect(files.get('README.txt')?.toString()).toContain('action-items.json');
  });

  it('holds nothing of anybody else, and is for its owner only', async () => {
    const stranger = await app.signUp();
    const { files } = await exported(stranger);
    expect([...files.keys()].sort()).toEqual([
      'README.txt',
      'account.json',
      'action-items.json',
      'memories.json',
      'people.json',
    ]);
    expect((await fetch(`${app.url}/v1/users/export`)).status).toBe(401);
  });

  it('delete-account leaves nothing behind: no row, no text in the index, no media', async () => {
    expect((await user.delete('v1/users/delete-account')).status).toBe(200);
    const { rows } = await app.platform.database.transaction(async (tx) => {
      const tables = [
        'companion_conversations',
        'companion_segments',
        'companion_action_items',
        'companion_memories',
        'companion_chat_messages',
        'companion_chat_files',
        'companion_people',
        'companion_usage',
      ] as const;
      let rows = 0;
      for (const table of tables) {
        const found = await withTables<CompanionTables>(tx)
          .selectFrom(table)
          .select('user_id')
          .where('user_id', '=', user.userId)
          .execute();
        rows += found.length;
      }
      return { rows };
    });
    expect(rows).toBe(0);
    const found = await app.rooms.texts.find(user.userId, 'boat', {
      limit: 5,
      kinds: ['conversation', 'memory'],
    });
    expect(found).toEqual([]);
    await eventually(
      async () => count(app.platform.media.list(`companion/${user.userId}/`)),
      (left) => left === 0,
      30_000,
    );
    expect((await user.get('v2/messages')).status).toBe(401);
  });
});
