import type { MessageSender, MessageStatus } from '../tables.js';

export const messageStatuses = ['QUEUED', 'SENDING', 'SENT', 'DELIVERED', 'READ', 'FAILED'] as const;

/** From which statuses each may be reached: upwards only, and to FAILED only from what was never sent (contract §7.3). */
const BELOW: Readonly<Record<MessageStatus, readonly MessageStatus[]>> = {
  QUEUED: [],
  SENDING: ['QUEUED'],
  SENT: ['QUEUED', 'SENDING'],
  DELIVERED: ['QUEUED', 'SENDING', 'SENT'],
  READ: ['QUEUED', 'SENDING', 'SENT', 'DELIVERED'],
  FAILED: ['QUEUED', 'SENDING'],
};

export const statusesBelow = (status: MessageStatus): readonly MessageStatus[] => BELOW[status];

/**
 * Whose messages one side may move to a status: what it receives is delivered to it or read by it; what becomes of its
 * own sending is its own to say.
 */
export function sendersMovedBy(side: 'device' | 'operator', status: MessageStatus): readonly MessageSender[] {
  const isReceipt = status === 'DELIVERED' || status === 'READ';
  if (side === 'device') return isReceipt ? ['agent', 'system'] : ['user'];
  return isReceipt ? ['user'] : ['agent'];
}
