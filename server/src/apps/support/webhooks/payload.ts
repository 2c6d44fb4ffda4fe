export const WEBHOOK_JOB = 'support.webhook';

export interface DeliveryPayload {
  readonly deliveryId: string;
}

/** At most one job per delivery. */
export const deliveryKey = (deliveryId: string): string => `${WEBHOOK_JOB}:${deliveryId}`;
