import { describe, expect, it } from 'vitest';
import {
  type ChatMessage,
  cursorOf,
  fromWire,
  merge,
  syncFrom,
  type WireMessage,
  withStatus,
} from '../../src/chat/messages.ts';

const wire = (sequence: number, more: Partial<WireMessage> = {}): WireMessage => ({
  id: `msg_${sequence}`,
  local_id: `local-${sequence}`,
  conversation_id: 'conv_1',
  body: `number ${sequence}`,
  sender: 'agent',
  created_at: new Date(1_700_000_000_000 + sequence * 1_000).toISOString(),
  status: 'SENT',
  sequence,
  ...more,
});
const stored = (sequence: number, more: Partial<WireMessage> = {}) => fromWire(wire(sequence, more));
const pending = (localId: string, at: number): ChatMessage => ({
  ...stored(1),
  localId,
  id: null,
  sequence: null,
  sender: 'user',
  status: 'QUEUED',
  at,
});

describe('messages', () => {
  it('stand in the order of the server, and what it does not have yet comes last', () => {
    const list = merge([pending('b', 20), pending('a', 10)], [stored(3), stored(1), stored(2)]);
    expect(list.map(({ localId }) => localId)).toEqual(['local-1', 'local-2', 'local-3', 'a', 'b']);
  });

  it('replace the optimistic one with the same local id, whether the answer or the echo comes first', () => {
    const mine = pending('local-7', 5);
    const sent = stored(7, { sender: 'user' });
    for (const [one, two] of [
      [[mine], [sent]],
      [[sent], [mine]],
    ] as const) {
      const list = merge(one, two);
      expect(list).toHaveLength(1);
      expect(list[0]).toMatchObject({ id: 'msg_7', sequence: 7, status: 'SENT' });
    }
  });

  it('never let a status go back', () => {
    const read = merge([stored(1, { status: 'READ' })], [stored(1, { status: 'DELIVERED' })]);
    expect(read[0]?.status).toBe('READ');
    const ids = new Set(['msg_1']);
    expect(withStatus(read, ids, 'SENT')[0]?.status).toBe('READ');
    expect(withStatus([stored(1)], ids, 'DELIVERED')[0]?.status).toBe('DELIVERED');
  });

  it('ask again from before the oldest own message that nobody has read', () => {
    const list = [stored(4, { sender: 'user', status: 'READ' }), stored(5, { sender: 'user' }), stored(6)];
    expect(cursorOf(list)).toBe(6);
    expect(syncFrom(list)).toBe(4);
    expect(syncFrom([stored(6)])).toBe(6);
    expect(syncFrom([])).toBe(0);
  });
});
