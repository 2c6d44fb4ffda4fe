export const PUSH_JOB = 'support.push';

/** One message for one device. */
export interface PushPayload {
  readonly appId: string;
  readonly deviceId: string;
  readonly messageId: string;
}

/** At most one job per device and message. */
export const pushKey = ({ deviceId, messageId }: PushPayload): string =>
  `${PUSH_JOB}:${messageId}:${deviceId}`;
