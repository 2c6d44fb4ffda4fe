import { describe, expect, it } from 'vitest';
import type { WireMessage } from '../../src/chat/messages.ts';
import type { WireConversation } from '../../src/pages/admin/api.ts';
import {
  listed,
  titleOf,
  withAll,
  withChange,
  withMessage,
  withPresence,
} from '../../src/pages/admin/inbox/conversations.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
const row = (id: string, minute: number, more: Partial<WireConversation> = {}): WireConversation => ({
  conversation_id: id,
  user_id: null,
  device_id: `device-${id}`,
  status: 'open',
  updated_at: at(minute),
  created_at: at(0),
  device_context: {},
  last_message: null,
  last_sender: null,
  last_message_at: null,
  is_online: false,
  display_name: `Visitor ${id}`,
  name: null,
  email: null,
  assignee_id: null,
  unread_count: 0,
  ...more,
});
const message = (id: string, minute: number, sender: WireMessage['sender'] = 'user'): WireMessage => ({
  id: `msg_${minute}`,
  local_id: `local-${minute}`,
  conversation_id: id,
  body: `at ${minute}`,
  sender,
  created_at: at(minute),
  status: 'SENT',
  sequence: minute,
});
const ids = (rows: readonly WireConversation[]) => rows.map((one) => one.conversation_id);

describe('the list of conversations', () => {
  const all = withAll(new Map(), [
    row('a', 1),
    row('b', 3, { assignee_id: 'me' }),
    row('c', 2, { status: 'resolved' }),
  ]);

  it('is filtered, latest activity first', () => {
    expect(ids(listed(all, 'open', 'me', ''))).toEqual(['b', 'a']);
    expect(ids(listed(all, 'mine', 'me', ''))).toEqual(['b']);
    expect(ids(listed(all, 'resolved', 'me', ''))).toEqual(['c']);
  });

  it('shows nothing older than what was asked for, so that no row is missing in between', () => {
    expect(ids(listed(all, 'open', 'me', at(2)))).toEqual(['b']);
  });

  it('moves a conversation up with a new message, and counts only the visitor’s as unread', () => {
    const asked = withMessage(all, message('a', 5));
    expect(ids(listed(asked ?? all, 'open', 'me', ''))).toEqual(['a', 'b']);
    expect(asked?.get('a')).toMatchObject({ last_message: 'at 5', unread_count: 1 });
    expect(asked && withMessage(asked, message('a', 5))?.get('a')?.unread_count).toBe(1);
    expect(asked && withMessage(asked, message('a', 6, 'agent'))?.get('a')?.unread_count).toBe(1);
  });

  it('asks for a conversation it does not know', () => {
    expect(withMessage(all, message('z', 9))).toBeNull();
    expect(withChange(all, { conversation_id: 'z' })).toBeNull();
  });

  it('never takes activity back for a late announcement', () => {
    const changed = withChange(all, { conversation_id: 'b', status: 'resolved', updated_at: at(1) });
    expect(changed?.get('b')).toMatchObject({ status: 'resolved', updated_at: at(3) });
  });

  it('knows who is there', () => {
    expect(withPresence(all, 'device-a', true).get('a')?.is_online).toBe(true);
    expect(withPresence(all, 'nobody', true)).toBe(all);
  });

  it('calls people by name, by e-mail, or as the server does', () => {
    expect(titleOf(row('a', 1, { name: 'Ada', email: 'ada@example.com' }))).toBe('Ada');
    expect(titleOf(row('a', 1, { email: 'ada@example.com' }))).toBe('ada@example.com');
    expect(titleOf(row('a', 1))).toBe('Visitor a');
  });
});
