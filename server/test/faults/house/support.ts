import { randomUUID } from 'node:crypto';
import type { Answer } from '../../support/speech-client.js';
import { type Asked, answered, ask, notOnce, type Resident, untilDone } from './resident.js';

interface Memory {
  readonly email: string;
  readonly appId: string;
  readonly apiKey: string;
  readonly deviceId: string;
  readonly conversationId: string;
  /** The senders' own ids of what was acknowledged, in the order of sending. */
  readonly sent: { readonly device: string[]; readonly operator: string[] };
}

type Side = keyof Memory['sent'];

const PASSWORD = 'correct horse battery';

/** A visitor and an operator who write to each other, each message until it is acknowledged. */
export async function supportPair(url: string, remembered?: unknown): Promise<Resident> {
  const memory = (remembered as Memory) ?? (await moveIn(url));
  const { email, appId, apiKey, deviceId, conversationId, sent } = memory;
  const deviceHeaders = headersOf(appId, apiKey, deviceId);
  const signIn = (): Promise<string | null> =>
    ask(`${url}/admin/auth/login`, { body: { email, password: PASSWORD } }).then((answer) =>
      answer?.status === 200 ? answer.json.access_token : null,
    );
  let accessToken = await signIn();
  const pending: Record<Side, string | null> = { device: null, operator: null };

  const asked: Record<Side, (body: Record<string, string>) => Promise<Answer | null>> = {
    device: async (body) => {
      const path = `/api/v1/conversations/${conversationId}/messages`;
      return ask(`${url}${path}`, { headers: deviceHeaders, body: { ...body, device_context: null } });
    },
    operator: async (body) => {
      accessToken ??= await signIn();
      const path = `/admin/api/conversations/${conversationId}/messages`;
      const headers = { authorization: `Bearer ${accessToken}` };
      const answer = await ask(`${url}${path}`, { headers, body });
      if (answer?.status === 401) accessToken = null;
      return answer;
    },
  };
  const send = async (side: Side): Promise<Answer | null> => {
    const localId = pending[side] ?? randomUUID();
    pending[side] = localId;
    const answer = await asked[side]({ local_id: localId, body: `${side} ${sent[side].length}` });
    if (answer?.status !== 200) return answer;
    sent[side].push(localId);
    pending[side] = null;
    return answer;
  };

  return {
    app: 'support',
    get acknowledged() {
      return sent.device.length + sent.operator.length;
    },
    step: async () => {
      await Promise.all([send('device'), send('operator')]);
    },
    settle: async () => {
      for (const side of ['device', 'operator'] as const)
        await untilDone(
          `a message of the ${side}`,
          () => send(side),
          () => pending[side] === null,
        );
    },
    judge: async () => {
      const stored = await everything(url, conversationId, deviceHeaders);
      const problems = notOnce(
        'message',
        stored.map(({ local_id }) => local_id),
        { acknowledged: [...sent.device, ...sent.operator] },
      );
      for (const side of ['device', 'operator'] as const) {
        const own = new Set(sent[side]);
        const inOrder = stored.flatMap(({ local_id }) => (own.has(local_id) ? [local_id] : []));
        if (inOrder.join() !== sent[side].join()) problems.push(`out of order: messages of the ${side}`);
      }
      return problems;
    },
    remember: () => memory,
  };
}

const headersOf = (appId: string, apiKey: string, deviceId: string) => ({
  'x-app-id': appId,
  'x-device-id': deviceId,
  'x-api-key': apiKey,
  'x-sdk-version': '1.0.0',
});

async function moveIn(url: string): Promise<Memory> {
  const email = `${randomUUID()}@shop.example`;
  const request = async (path: string, asked: Asked) => {
    const answer = await ask(`${url}${path}`, asked);
    if (!answer || answer.status >= 300)
      throw new Error(`${path} answered ${answer?.status}: ${answer?.text}`);
    return answer.json;
  };
  const { app } = await request('/admin/auth/signup', {
    body: { email, password: PASSWORD, appName: 'House' },
  });
  const deviceId = randomUUID();
  const { conversation } = await request('/api/v1/conversations', {
    headers: headersOf(app.id, app.api_key, deviceId),
    body: { user: null, device_context: null },
  });
  return {
    email,
    appId: app.id,
    apiKey: app.api_key,
    deviceId,
    conversationId: conversation.id,
    sent: { device: [], operator: [] },
  };
}

/** A whole conversation, as `/sync` gives it. */
async function everything(
  url: string,
  conversationId: string,
  headers: Record<string, string>,
): Promise<{ readonly local_id: string }[]> {
  const messages: { local_id: string }[] = [];
  for (let after = 0, hasMore = true; hasMore; ) {
    const query = `after_sequence=${after}&limit=200`;
    const { json } = await answered(`${url}/api/v1/conversations/${conversationId}/sync?${query}`, {
      headers,
    });
    messages.push(...json.messages);
    after = json.last_sequence;
    hasMore = json.has_more;
  }
  return messages;
}
