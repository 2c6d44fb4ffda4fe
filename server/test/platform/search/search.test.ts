import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidV4 } from '../../../src/platform/ids.js';
import { searchMigrations } from '../../../src/platform/search/migrations.js';
import { postgresSearch } from '../../../src/platform/search/postgres/index.js';
import type { Search, SearchDocument } from '../../../src/platform/search/search.js';
import { sqliteSearch } from '../../../src/platform/search/sqlite/index.js';
import { dialects, type TestDatabase, testDatabase } from '../../support/databases.js';

describe.each(dialects)('search on %s', (dialect) => {
  let ground: TestDatabase;
  let search: Search;
  beforeAll(async () => {
    ground = await testDatabase(dialect, searchMigrations);
    search = dialect === 'sqlite' ? sqliteSearch(ground.database) : postgresSearch(ground.database);
  });
  afterAll(() => ground.remove());

  const somebody = async (): Promise<string> => {
    const id = uuidV4();
    await ground.database.transaction((tx) =>
      tx.insertInto('users').values({ id, created_at: 0, last_seen_at: 0 }).execute(),
    );
    return id;
  };
  const put = (owner: string, ...documents: Partial<SearchDocument>[]) =>
    ground.database.transaction(async (tx) => {
      for (const document of documents) {
        await search.put(tx, {
          owner,
          collection: 'notes',
          id: uuidV4(),
          title: '',
          body: '',
          at: 0,
          ...document,
        });
      }
    });
  const found = async (owner: string, words: string, more: Partial<Parameters<Search['find']>[0]> = {}) => {
    const matches = await search.find({
      owner,
      words,
      collections: ['notes'],
      match: 'all',
      limit: 20,
      ...more,
    });
    return matches.map(({ id }) => id);
  };

  it('finds words whatever their case and accents, the last one while it is typed', async () => {
    const me = await somebody();
    await put(me, { id: 'a', body: 'We met at the Café de la Gare in Zürich.' });
    for (const words of ['cafe', 'CAFÉ gare', 'zuri', "café, de la 'gare'"]) {
      expect(await found(me, words), words).toEqual(['a']);
    }
    expect(await found(me, 'gar zurich')).toEqual([]);
  });

  it('finds what belongs to its owner and to the asked collections only', async () => {
    const [me, other] = [await somebody(), await somebody()];
    await put(
      me,
      { id: 'mine', body: 'secret plan' },
      { id: 'memo', collection: 'memos', body: 'secret memo' },
    );
    await put(other, { id: 'theirs', body: 'secret plan' });
    expect(await found(me, 'secret')).toEqual(['mine']);
    expect((await found(me, 'secret', { collections: ['notes', 'memos'] })).toSorted()).toEqual([
      'memo',
      'mine',
    ]);
    expect(await found(me, other)).toEqual([]);
  });

  it('ranks a title above a body, and of equals the newer one', async () => {
    const me = await somebody();
    await put(
      me,
      { id: 'body', title: 'Lunch', body: 'we spoke about the harbour and other things' },
      { id: 'title', title: 'Harbour', body: 'we spoke about the boats and other things' },
      { id: 'old', title: 'Boats', body: 'sail', at: 1 },
      { id: 'new', title: 'Boats', body: 'sail', at: 2 },
    );
    expect(await found(me, 'harbour')).toEqual(['title', 'body']);
    expect((await found(me, 'sail')).slice(0, 2)).toEqual(['new', 'old']);
    expect(await found(me, 'boats', { order: 'newest' })).toEqual(['new', 'old', 'title']);
  });

  it('prefers what has more of the words when any will do', async () => {
    const me = await somebody();
    await put(me, { id: 'one', body: 'a red car' }, { id: 'two', body: 'a red car by the old mill' });
    expect((await found(me, 'where is the red car near the mill', { match: 'any' }))[0]).toBe('two');
    expect(await found(me, 'mill windmill', { match: 'any' })).toEqual(['two']);
  });

  it('forgets what was replaced or removed', async () => {
    const me = await somebody();
    await put(me, { id: 'a', body: 'tulips' });
    await put(me, { id: 'a', body: 'roses' });
    expect(await found(me, 'tulips')).toEqual([]);
    expect(await found(me, 'roses')).toEqual(['a']);
    await ground.database.transaction((tx) => search.remove(tx, me, 'notes', ['a', 'never there']));
    expect(await found(me, 'roses')).toEqual([]);
  });

  it('forgets a person together with their account', async () => {
    const me = await somebody();
    await put(me, { id: 'a', body: 'orchids' });
    await ground.database.transaction((tx) => tx.deleteFrom('users').where('id', '=', me).execute());
    expect(await found(me, 'orchids')).toEqual([]);
  });

  it('takes nothing that is typed for an operator', async () => {
    const me = await somebody();
    await put(me, { id: 'a', body: 'cats and dogs' });
    for (const words of [
      '"',
      "'",
      '(',
      'AND',
      'cats" OR "x',
      "cats' | 'x",
      'cats:*',
      'title : cats',
      'NEAR(',
      '-cats',
      '\\',
      '* *',
      '🙂',
    ]) {
      await expect(found(me, words), words).resolves.toBeInstanceOf(Array);
    }
    expect(await found(me, '!?')).toEqual([]);
  });

  it('pages', async () => {
    const me = await somebody();
    await put(me, ...Array.from({ length: 25 }, (_, at) => ({ id: `n${at}`, body: 'repeat', at })));
    const pages = await Promise.all(
      [0, 10, 20].map((offset) =>
        search.find({
          owner: me,
          words: 'repeat',
          collections: ['notes'],
          match: 'all',
          order: 'newest',
          limit: 10,
          offset,
        }),
      ),
    );
    expect(pages.flat().map(({ id }) => id)).toEqual(
      Array.from({ length: 25 }, (_, index) => `n${24 - index}`),
    );
  });

  it('finds words of scripts that write without spaces', async () => {
    const me = await somebody();
    await put(me, { id: 'ja', body: '明日は東京で会議があります。' });
    expect(await found(me, '東京')).toEqual(['ja']);
  });
});
