import { randomBytes, randomUUID } from 'node:crypto';
import { createRooms } from '../../src/apps/companion/rooms.js';
import { said } from '../support/companion-app.js';
import { coloredPng } from '../support/png.js';
import { eventually, type TestServer } from '../support/servers.js';
import { someKey } from '../support/speech-client.js';

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape
type Json = any;

/** By what one user of everything is known, and what is theirs: real things, made by the real API. */
export interface Household {
  /** In every text of theirs. */
  readonly mark: string;
  readonly email: string;
  readonly password: string;
  readonly credentials: {
    /** Of their e-mail account. */
    readonly session: string;
    readonly cookie: string;
    readonly sessionToken: string;
    readonly providerKey: string;
    readonly mcp: string;
    readonly dev: string;
    readonly voice: string;
    readonly deviceToken: string;
    readonly clientSecret: string;
    readonly operator: string;
    readonly refresh: string;
    readonly appKey: string;
    readonly revokedAppKey: string;
    readonly webhookSecret: string;
    readonly invitation: string;
    readonly pushToken: string;
  };
  readonly ids: Readonly<Record<Thing, string>>;
  /** Addresses that were signed for them. */
  readonly signed: { readonly avatar: URL; readonly upload: URL; readonly voice: URL };
  /** The file that is to be sent to `signed.upload`. */
  readonly picture: Buffer;
  readonly device: Readonly<Record<string, string>>;
}

const things = [
  'user',
  'otherSession',
  'identity',
  'mcpKey',
  'devKey',
  'voiceKey',
  'speechFile',
  'speechHash',
  'document',
  'hero',
  'story',
  'customEvent',
  'generation',
  'illustration',
  'storageKey',
  'looseFile',
  'conversation',
  'segment',
  'memory',
  'actionItem',
  'person',
  'message',
  'chatFile',
  'transcription',
  'talk',
  'app',
  'deviceId',
  'ticket',
  'ticketMessage',
  'customer',
  'appKey',
  'cannedReply',
  'webhook',
  'delivery',
  'operator',
  'colleague',
  'invitation',
] as const;
export type Thing = (typeof things)[number];

/** Six seconds of speech-like sound, so that there is something to recognise, and enough to enrol. */
export function recording(): Buffer {
  const rate = 16_000;
  const samples = 6 * rate;
  const bytes = Buffer.alloc(44 + samples * 2);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(36 + samples * 2, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(rate * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(samples * 2, 40);
  for (let at = 0; at < samples; at += 1) {
    const swell = 0.55 - 0.45 * Math.cos((8 * Math.PI * at) / rate);
    bytes.writeInt16LE(Math.round(8_000 * swell * Math.sin((440 * Math.PI * at) / rate)), 44 + at * 2);
  }
  return bytes;
}

export function form(field: string, name: string, bytes: Uint8Array): FormData {
  const data = new FormData();
  data.append(field, new Blob([new Uint8Array(bytes)]), name);
  return data;
}

/** An installation of an app's SDK. */
export const deviceHeaders = (appId: string, apiKey: string, deviceId: string) => ({
  'x-app-id': appId,
  'x-api-key': apiKey,
  'x-device-id': deviceId,
  'x-sdk-version': '1.0.0',
});

/**
 * Somebody who uses all five apps and has at least one of everything.
 *
 * @param mark stands in every text, name and password of theirs
 * @param hookUrl where their webhook goes; it must refuse, so that there is a delivery that failed
 */
export async function settle(
  server: Pick<TestServer, 'url' | 'built'>,
  mark: string,
  hookUrl: string,
): Promise<Household> {
  const { platform } = server.built;
  const ask = async (
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body?: unknown,
  ): Promise<{ json: Json; headers: Headers }> => {
    const isForm = body instanceof FormData;
    const answer = await fetch(server.url + path, {
      method,
      headers: {
        ...(isForm || body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
    const isJson = answer.headers.get('content-type')?.includes('json');
    return { json: isJson ? JSON.parse(text) : text, headers: answer.headers };
  };
  const post = async (path: string, body: unknown, headers: Readonly<Record<string, string>> = user) =>
    (await ask('POST', path, headers, body)).json;
  const get = async (path: string, headers: Readonly<Record<string, string>> = user) =>
    (await ask('GET', path, headers)).json;

  // An account, with a second session.
  const email = `${mark}-mail-${randomUUID()}@example.com`;
  const password = `${mark}-password-${randomUUID()}`;
  let user: Readonly<Record<string, string>> = {};
  const signedUp = await ask(
    'POST',
    '/api/auth/sign-up/email',
    {},
    { email, password, name: `${mark}-name` },
  );
  const session: string = signedUp.json.token;
  const cookie = signedUp.headers
    .getSetCookie()
    .map((one) => one.split(';', 1)[0])
    .join('; ');
  const userId: string = signedUp.json.user.id;
  user = { authorization: `Bearer ${session}` };
  await post('/api/auth/sign-in/email', { email, password });
  const otherSession = (await get('/api/auth/list-sessions')).find((one: Json) => !one.current).id;
  const identity = (await get('/api/account/identities')).identities[0].id;
  const [mcp, dev, voice] = [
    await post('/v1/mcp/keys', { name: `${mark}-mcp` }),
    await post('/v1/dev/keys', { name: `${mark}-dev` }),
    await post('/api/voice/keys', { name: `${mark}-voice` }),
  ];

  // Speech.
  const providerKey = `${someKey()}-${mark}`;
  const order = await post('/tts/generate', {
    text: `${mark} speech words.`,
    title: `${mark} title`,
    voice: 'nova',
    model: 'tts-1',
    openai_token: providerKey,
  });
  const document = `${mark}-document`;
  await post('/playback/sync', {
    document_id: document,
    title: `${mark} heard`,
    text_content: `${mark} words`,
    resume_key: `${mark}-place`,
    progress: 0.5,
    is_playing: false,
    is_paused: true,
    is_loading: false,
    current_title: `${mark} chapter`,
  });

  // Stories.
  const hero = (await post('/api/heroes', { name: `${mark} hero`, age: 6, traits: [`${mark} brave`] })).data
    .id;
  await post(`/api/heroes/${hero}/visual-profile`, { hairStyle: `${mark} curls` });
  const customEvent = (await post('/api/custom-events', { title: `${mark} day`, promptSeed: `${mark} seed` }))
    .data.id;
  const ordered = await post(
    '/api/stories',
    { heroId: hero, customEventId: customEvent, language: 'English' },
    { ...user, prefer: 'respond-async' },
  );
  const generation: string = ordered.data.id;
  const told = await eventually(
    async () => (await get(`/api/generations/${generation}`)).data,
    ({ status }) => status === 'completed',
    180_000,
    100,
  );
  const story: string = told.result.storyId;
  const picture = coloredPng(mark);
  const announcement = {
    fileName: `${mark}-file.png`,
    mimeType: 'image/png',
    fileSize: picture.length,
    category: 'avatar',
  };
  const upload = async (): Promise<string> => {
    const { uploadUrl, storageKey } = await post('/api/files/upload', announcement);
    const headers = { 'content-type': 'image/png' };
    const answer = await fetch(uploadUrl, { method: 'PUT', headers, body: new Uint8Array(picture) });
    await answer.arrayBuffer();
    return storageKey;
  };
  const [storageKey, looseFile] = [await upload(), await upload()];
  await post('/api/files/confirm', { storageKey, heroId: hero });
  const avatar: string = (await get(`/api/heroes/${hero}`)).data.avatarUrl;
  const waiting = await post('/api/files/upload', announcement);
  // The companion.
  const rooms = createRooms(platform);
  const conversation = await platform.database.transaction((tx) =>
    rooms.conversations.createFromRecording(tx, userId, {
      startedAt: platform.clock.now() - 60_000,
      language: 'en',
      source: 'omi',
      segments: [`${mark} garden words were spoken for a while.`, `${mark} answer.`].map(said),
    }),
  );
  const memory = (await post('/v3/memories', { content: `${mark} fact` })).id;
  const person = (await post('/v1/users/people', { name: `${mark} person` })).id;
  await post('/v2/messages', { text: `${mark} question?`, file_ids: null });
  const message = (await get('/v2/messages'))[0].id;
  const chatFile = (await post('/v2/files', form('files', `${mark}-boat.png`, picture)))[0].id;
  const transcription = (await post('/v1/transcriptions', form('file', `${mark}-memo.wav`, recording()))).id;
  await post('/v1/users/developer/webhook/day_summary', { url: `${hookUrl}/${mark}-summary` });
  await post('/v1/users/fcm-token', { fcm_token: `${mark}-phone-token`, time_zone: 'UTC' });
  const enrolled = (await post('/v3/upload-audio', form('file', `${mark}.wav`, recording()))).url;

  // The voice app.
  const deviceToken = `${mark}-${randomBytes(16).toString('base64url')}`;
  const talk = `${mark}-talk`;
  await post(
    '/api/conversation',
    { message: `What is ${mark}?`, sessionId: talk },
    { 'x-device-token': deviceToken },
  );
  const clientSecret: string = (await post('/v1/realtime/client_secrets', {})).value;

  // A support team with one customer.
  const team = await post('/admin/auth/signup', { email, password, appName: `${mark} app` }, {});
  const operator = { authorization: `Bearer ${team.access_token}` };
  const appId: string = team.app.id;
  const invited = async (name: string) =>
    post('/admin/settings/team/invite', { email: `${name}-${email}`, role: 'AGENT' }, operator);
  const colleague = await invited('colleague');
  const joined = await post(
    '/admin/auth/accept-invite',
    { token: colleague.token, email: `colleague-${email}`, password },
    {},
  );
  const open = await invited('guest');
  const deviceId = randomUUID();
  const device = deviceHeaders(appId, team.app.api_key, deviceId);
  const customer = `${mark}-customer`;
  const webhook = await post(
    '/admin/webhooks',
    { url: `${hookUrl}/${mark}-hook`, events: ['conversation.resolved'] },
    operator,
  );
  const opened = await post('/v1/conversations', { user: { id: customer, name: `${mark} visitor` } }, device);
  const ticket = opened.conversation.id;
  const ticketMessage = (
    await post(
      `/v1/conversations/${ticket}/messages`,
      { local_id: randomUUID(), body: `${mark} help` },
      device,
    )
  ).message.id;
  const pushToken = `${mark}-push-${randomUUID()}`;
  await post('/v1/push-token', { device_id: deviceId, token: pushToken, platform: 'android' }, device);
  await post('/v1/events/track', { user_id: customer, event_name: `${mark}_opened` }, device);
  const newKey = (name: string) => post('/admin/settings/api-keys', { name: `${mark} ${name}` }, operator);
  const [revoked, appKey] = [await newKey('old'), await newKey('new')];
  await ask('DELETE', `/admin/settings/api-keys/${revoked.id}`, operator);
  const cannedReply = (
    await post('/admin/settings/canned-replies', { shortcut: `${mark}`, body: `${mark} prepared` }, operator)
  ).canned_reply.id;
  await post(`/admin/webhooks/${webhook.id}/test`, undefined, operator);

  const settled = await eventually(
    async () => ({
      delivery: (await get(`/admin/webhooks/${webhook.id}/deliveries?status=failed`, operator)).deliveries[0],
      summary: (await get(`/v1/conversations/${conversation}`)).status,
      speech: (await get(`/tts/status/${order.content_hash}`)).status,
      scene: (await get(`/api/stories/${story}/illustrations`)).data.illustrations?.[0]?.id,
      transcription: (await get(`/v1/transcriptions/${transcription}`)).status,
    }),
    ({ delivery, summary, speech, scene, transcription: heard }) =>
      delivery !== undefined &&
      summary === 'completed' &&
      speech === 'ready' &&
      scene !== undefined &&
      heard !== 'processing',
    180_000,
    100,
  );
  const actionItem = (await post('/v1/action-items', { description: `${mark} task` })).id;
  // A summary replaces the to-dos of its conversation, so this one comes after it.
  await post('/v1/action-items', { description: `${mark} bound`, conversation_id: conversation });
  const { transcript_segments: segments } = await get(`/v1/conversations/${conversation}`);

  return {
    mark,
    email,
    password,
    picture,
    device,
    credentials: {
      session,
      cookie,
      sessionToken: await platform.sessionTokens.issue(userId),
      providerKey,
      mcp: mcp.key,
      dev: dev.key,
      voice: voice.key,
      deviceToken,
      clientSecret,
      operator: team.access_token,
      refresh: team.refresh_token,
      appKey: team.app.api_key,
      revokedAppKey: revoked.api_key,
      webhookSecret: webhook.secret,
      invitation: open.token,
      pushToken,
    },
    ids: {
      user: userId,
      otherSession,
      identity,
      mcpKey: mcp.id,
      devKey: dev.id,
      voiceKey: voice.id,
      speechFile: order.file_id,
      speechHash: order.content_hash,
      document,
      hero,
      story,
      customEvent,
      generation,
      illustration: settled.scene,
      storageKey,
      looseFile,
      conversation,
      segment: segments[0].id,
      memory,
      actionItem,
      person,
      message,
      chatFile,
      transcription,
      talk,
      app: appId,
      deviceId,
      ticket,
      ticketMessage,
      customer,
      appKey: appKey.id,
      cannedReply,
      webhook: webhook.id,
      delivery: settled.delivery.id,
      operator: team.user.id,
      colleague: joined.user.id,
      invitation: open.invitation.id,
    },
    signed: { avatar: new URL(avatar), upload: new URL(waiting.uploadUrl), voice: new URL(enrolled) },
  };
}
