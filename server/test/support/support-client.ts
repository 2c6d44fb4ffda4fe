import { randomUUID } from 'node:crypto';
import { type Answer, call } from './speech-client.js';
import type { MadeApp } from './support-app.js';

/** One SDK installation, speaking REST as the SDK does: what it does not know it writes out as null. */
export interface SdkDevice {
  readonly deviceId: string;
  readonly headers: Readonly<Record<string, string>>;
  get(path: string): Promise<Answer>;
  post(path: string, body?: unknown): Promise<Answer>;
  /** Opens the conversation of a user (null for nobody in particular); its id. */
  open(userId?: string | null): Promise<string>;
  send(conversationId: string, body: string, localId?: string): Promise<Answer>;
}

/** @param prefix where the SDK was told to find the API */
export function sdkDevice(
  url: string,
  app: Pick<MadeApp, 'appId' | 'apiKey'>,
  options: { readonly deviceId?: string; readonly prefix?: '/v1' | '/api/v1' } = {},
): SdkDevice {
  const { deviceId = randomUUID(), prefix = '/api/v1' } = options;
  const headers = {
    'content-type': 'application/json',
    'x-app-id': app.appId,
    'x-device-id': deviceId,
    'x-api-key': app.apiKey,
    'x-sdk-version': '1.0.0',
  };
  const device: SdkDevice = {
    deviceId,
    headers,
    get: (path) => call(`${url}${prefix}${path}`, { headers }),
    post: (path, body) => call(`${url}${prefix}${path}`, { method: 'POST', headers, body }),
    open: async (userId = null) => {
      const user = userId === null ? null : { id: userId, name: null, email: null, attributes: {} };
      const answer = await device.post('/conversations', { user, device_context: null });
      if (answer.status !== 200) throw new Error(`opening answered ${answer.status}: ${answer.text}`);
      return answer.json.conversation.id;
    },
    send: (conversationId, body, localId = randomUUID()) =>
      device.post(`/conversations/${conversationId}/messages`, {
        local_id: localId,
        body,
        device_context: null,
      }),
  };
  return device;
}
