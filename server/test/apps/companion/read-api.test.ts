import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type CompanionApp,
  type CompanionUser,
  companionUser,
  startCompanionApp,
} from '../../support/companion-app.js';
import { summarized, talked } from '../../support/companion-talk.js';
import { stacks } from '../../support/servers.js';

describe.each(stacks)('keys for own programs: %s', (stack) => {
  let app: CompanionApp;
  let owner: CompanionUser;
  let stranger: CompanionUser;
  let conversationId: string;
  /** The owner's scripts. */
  let mcp: CompanionUser;
  let dev: CompanionUser;

  const keyOf = async (user: CompanionUser, kind: 'mcp' | 'dev', name = 'A script') => {
    const { json } = await user.post(`v1/${kind}/keys`, { name });
    return json as { id: string; name: string; key: string; key_prefix: string };
  };
  const byKey = async (user: CompanionUser, kind: 'mcp' | 'dev') =>
    companionUser(app.url, user.userId, (await keyOf(user, kind)).key);

  beforeAll(async () => {
    app = await startCompanionApp(stack);
    owner = await app.signUp();
    stranger = await app.signUp();
    conversationId = await talked(
      app,
      owner.userId,
      'Remind me to water the tomatoes tomorrow. I live in Lyon. We talked about the greenhouse.',
    );
    await summarized(owner, conversationId);
    mcp = await byKey(owner, 'mcp');
    dev = await byKey(owner, 'dev');
  }, 60_000);
  afterAll(() => app.stop());

  describe('§8.4: v1/mcp/keys and v1/dev/keys', () => {
    it('shows a key once, and lists it by its beginning', async () => {
      const made = await keyOf(stranger, 'dev', 'Laptop');
      expect(made.key.startsWith(made.key_prefix)).toBe(true);
      const list = (await stranger.get('v1/dev/keys')).json;
      expect(list).toEqual([
        expect.objectContaining({ id: made.id, name: 'Laptop', key_prefix: made.key_prefix }),
      ]);
      expect(JSON.stringify(list)).not.toContain(made.key);
      expect((await stranger.get('v1/mcp/keys')).json).toEqual([]);
    });

    it('refuses an empty name with 422', async () => {
      expect(await owner.post('v1/mcp/keys', { name: '  ' })).toMatchObject({ status: 422 });
    });

    it('takes a key back at once, and nobody else’s', async () => {
      const made = await keyOf(owner, 'mcp');
      const program = companionUser(app.url, owner.userId, made.key);
      expect((await program.get('v1/mcp/memories')).status).toBe(200);
      expect((await stranger.delete(`v1/mcp/keys/${made.id}`)).status).toBe(404);
      expect((await owner.delete(`v1/mcp/keys/${made.id}`)).status).toBe(204);
      expect((await program.get('v1/mcp/memories')).status).toBe(401);
    });

    it('opens only what a key is for', async () => {
      expect((await mcp.get('v1/conversations')).status).toBe(401);
      expect((await mcp.get('v1/dev/user/memories')).status).toBe(401);
      expect((await dev.get('v1/mcp/memories')).status).toBe(401);
      expect((await mcp.post('v1/mcp/keys', { name: 'another' })).status).toBe(401);
    });
  });

  describe.each(['v1/mcp', 'v1/dev/user'])('§8.5: %s', (prefix) => {
    const program = () => (prefix === 'v1/mcp' ? mcp : dev);

    it('lists conversations and reads one with its transcript', async () => {
      const [note, ...others] = (await program().get(`${prefix}/conversations?limit=5`)).json;
      expect(others).toEqual([]);
      expect(note).toMatchObject({ id: conversationId, structured: { overview: expect.any(String) } });
      const whole = (await program().get(`${prefix}/conversations/${conversationId}`)).json;
      expect(whole.transcript_segments).toEqual([
        { id: expect.any(String), text: expect.any(String), speaker_id: 0, start: 0, end: 4 },
      ]);
      expect((await program().get(`${prefix}/conversations?categories=music`)).json).toEqual([]);
      expect((await program().get(`${prefix}/conversations?end_date=2020-01-01`)).json).toEqual([]);
      expect((await program().get(`${prefix}/conversations/nothing`)).status).toBe(404);
    });

    it('reads, writes, changes and removes memories', async () => {
      const path = `${prefix}/memories`;
      expect((await program().get(path)).json).toEqual(
        expect.arrayContaining([expect.objectContaining({ content: 'The user lives in Lyon.' })]),
      );
      const made = (await program().post(path, { content: 'Likes tea', category: 'interesting' })).json;
      expect(made).toMatchObject({ content: 'Likes tea', visibility: 'private', manually_added: true });
      const changed = await program().patch(`${path}/${made.id}?value=Likes%20green%20tea`, '');
      expect(changed.status).toBe(200);
      expect((await program().get(`${path}?categories=interesting`)).json).toEqual([
        { id: made.id, content: 'Likes green tea', category: 'interesting' },
      ]);
      expect((await program().delete(`${path}/${made.id}`)).json).toEqual({ status: 'ok' });
      expect((await program().delete(`${path}/${made.id}`)).status).toBe(404);
    });

    it('lists to-dos', async () => {
      expect((await program().get(`${prefix}/action-items?completed=false`)).json).toEqual([
        expect.objectContaining({ description: 'Water the tomatoes tomorrow', completed: false }),
      ]);
    });

    it('shows a stranger’s key nothing of it', async () => {
      const other = await byKey(stranger, prefix === 'v1/mcp' ? 'mcp' : 'dev');
      expect((await other.get(`${prefix}/conversations`)).json).toEqual([]);
      expect((await other.get(`${prefix}/conversations/${conversationId}`)).status).toBe(404);
    });
  });

  describe('the same for assistants: Model Context Protocol', () => {
    const connect = async (token: string): Promise<Client> => {
      const client = new Client({ name: 'test', version: '1' });
      await client.connect(
        new StreamableHTTPClientTransport(new URL(`${app.url}/v1/mcp`), {
          requestInit: { headers: { authorization: `Bearer ${token}` } },
        }),
      );
      return client;
    };
    const textOf = (result: Awaited<ReturnType<Client['callTool']>>) =>
      (result.content as { text: string }[])[0]?.text ?? '';

    it('lets the SDK’s own client list the tools and call them', async () => {
      const client = await connect(mcp.token);
      const { tools } = await client.listTools();
      expect(tools.map(({ name }) => name)).toEqual([
        'search',
        'list_conversations',
        'get_conversation',
        'list_memories',
        'add_memory',
        'edit_memory',
        'delete_memory',
        'list_action_items',
      ]);
      const found = await client.callTool({ name: 'search', arguments: { query: 'greenhouse' } });
      expect(JSON.parse(textOf(found)).conversations).toEqual([
        expect.objectContaining({ id: conversationId }),
      ]);
      const whole = await client.callTool({ name: 'get_conversation', arguments: { id: conversationId } });
      expect(textOf(whole)).toContain('greenhouse');
      const added = await client.callTool({ name: 'add_memory', arguments: { content: 'Has a greenhouse' } });
      const { id } = JSON.parse(textOf(added));
      const removed = await client.callTool({ name: 'delete_memory', arguments: { id } });
      expect(JSON.parse(textOf(removed))).toEqual({ removed: id });
      await client.close();
    });

    it('tells the assistant what is wrong, in words', async () => {
      const client = await connect(mcp.token);
      const missing = await client.callTool({ name: 'get_conversation', arguments: { id: 'nothing' } });
      expect(missing).toMatchObject({ isError: true });
      expect(textOf(missing)).toContain('not found');
      expect(await client.callTool({ name: 'search', arguments: { words: 1 } })).toMatchObject({
        isError: true,
      });
      await expect(client.callTool({ name: 'erase_everything', arguments: {} })).rejects.toThrow(/no tool/);
      await client.close();
    });

    it('refuses strangers, and other kinds of keys', async () => {
      await expect(connect('not-a-key')).rejects.toThrow();
      await expect(connect(dev.token)).rejects.toThrow();
    });

    it('keeps no sessions: there is nothing to listen to and nothing to end', async () => {
      for (const method of ['GET', 'DELETE']) {
        const answer = await fetch(`${app.url}/v1/mcp`, { method, headers: mcp.headers });
        expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
      }
    });
  });
});
