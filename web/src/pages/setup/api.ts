import { request } from '../../server/request.ts';
import type { SessionAnswer } from '../admin/session.ts';

export interface App {
  readonly id: string;
  readonly name: string;
  readonly created_at: string;
}

export interface MadeApp extends App {
  /** Told this once. */
  readonly api_key: string;
}

const json = (credential: string, body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', 'x-master-api-key': credential },
  body: JSON.stringify(body),
});

/** Contract §12. The credential is the master key or the token of the one-time link. */
export const setupApi = {
  apps: async (credential: string, signal?: AbortSignal): Promise<readonly App[]> => {
    const answer = await request('/setup/api/apps', {
      headers: { 'x-master-api-key': credential },
      ...(signal ? { signal } : {}),
    });
    return ((await answer.json()) as { apps: readonly App[] }).apps;
  },
  createApp: async (credential: string, name: string): Promise<MadeApp> =>
    ((await (await request('/setup/api/apps', json(credential, { name }))).json()) as { app: MadeApp }).app,
  start: async (
    credential: string,
    form: { readonly app_name: string; readonly email: string; readonly password: string },
  ): Promise<SessionAnswer & { readonly app: MadeApp }> =>
    (await (await request('/setup/api/start', json(credential, form))).json()) as SessionAnswer & {
      app: MadeApp;
    },
};
