import { generateKeyPairSync } from 'node:crypto';
import { type Answer, type LoopbackServer, startLoopbackServer } from './loopback-server.js';

/** What Firebase was asked to send. */
export interface FcmMessage {
  readonly token: string;
  readonly notification?: { readonly title: string; readonly body: string };
  readonly data: Readonly<Record<string, string>>;
  readonly android: Readonly<Record<string, unknown>>;
  readonly apns: Readonly<Record<string, unknown>>;
}

/** Firebase Cloud Messaging and Google's token address on the loopback interface. */
export interface FakeFcm {
  /** For FCM_BASE_URL. */
  readonly baseUrl: string;
  /** For FIREBASE_SERVICE_ACCOUNT_JSON. */
  readonly serviceAccount: string;
  /** Messages that it said yes to. */
  readonly accepted: FcmMessage[];
  readonly server: LoopbackServer;
  tokenRequests(): number;
  /** Decides about messages from now on. */
  answer(answer: (message: FcmMessage) => ReturnType<Answer>): void;
  close(): Promise<void>;
}

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

export const fcmOk = { status: 200, body: '{"name":"projects/test-project/messages/1"}' };

/** Firebase's error body. */
export const fcmError = (status: number, errorCode?: string, headers: Record<string, string> = {}) => ({
  status,
  headers,
  body: JSON.stringify({
    error: {
      code: status,
      message: 'something is wrong',
      details: errorCode
        ? [{ '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode }]
        : [],
    },
  }),
});

export async function startFakeFcm(): Promise<FakeFcm> {
  const accepted: FcmMessage[] = [];
  let decide: (message: FcmMessage) => ReturnType<Answer> = () => fcmOk;
  let tokens = 0;
  const server = await startLoopbackServer(async ({ path, headers, body }) => {
    if (path === '/token') {
      tokens += 1;
      return {
        status: 200,
        body: JSON.stringify({
          access_token: `access-${tokens}`,
          expires_in: 3_600,
          token_type: 'Bearer',
        }),
      };
    }
    if (path !== '/v1/projects/test-project/messages:send') return { status: 404 };
    if (headers.authorization !== `Bearer access-${tokens}`) return fcmError(401);
    const { message } = JSON.parse(body.toString()) as { message: FcmMessage };
    const answer = await decide(message);
    if (typeof answer === 'object' && answer.status === 200) accepted.push(message);
    return answer;
  });
  return {
    baseUrl: server.url,
    serviceAccount: JSON.stringify({
      type: 'service_account',
      project_id: 'test-project',
      private_key: privateKey,
      client_email: 'push@test-project.example',
      token_uri: `${server.url}/token`,
    }),
    accepted,
    server,
    tokenRequests: () => tokens,
    answer: (answer) => {
      decide = answer;
    },
    close: () => server.close(),
  };
}
