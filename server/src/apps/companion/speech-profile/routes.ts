import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { parseByteRange } from '../../../platform/http/byte-ranges.js';
import { errors } from '../../../platform/http/errors.js';
import type { HttpServer } from '../../../platform/http/server.js';
import { callerOf } from '../../../platform/identity/caller.js';
import { signedUrls } from '../../../platform/media/signed-urls.js';
import type { Platform } from '../../../platform/platform.js';
import { ok, type RouteHooks } from '../route-hooks.js';
import { queryText } from '../wire/query.js';
import { readUploads } from '../wire/uploads.js';
import type { SpeechProfiles } from './service.js';
import { MAX_SAMPLE_BYTES } from './voice-sample.js';

const AUDIO_PATH = '/v4/speech-profile/audio';
/** Long enough to be listened to, short enough that a copied address is soon worth nothing. */
const ADDRESS_MS = 15 * 60_000;

/** The user's enrolled voice: contract §5.7. */
export function speechProfileRoutes(
  server: HttpServer,
  { clock, config, media, secrets }: Pick<Platform, 'clock' | 'config' | 'media' | 'secrets'>,
  profiles: SpeechProfiles,
  hooks: RouteHooks,
): void {
  const route = hooks.authenticated;
  const tags = ['companion'];
  const urls = signedUrls(secrets.addressKey);
  const configured = config.PUBLIC_URL?.replace(/\/+$/, '');
  const addressOf = (request: FastifyRequest, key: string): string => {
    const expires = clock.now() + ADDRESS_MS;
    const query = new URLSearchParams({
      key,
      expires: String(expires),
      signature: urls.sign(key, expires),
    });
    return `${configured ?? `${request.protocol}://${request.host}`}${AUDIO_PATH}?${query}`;
  };

  server.get(
    '/v3/speech-profile',
    { ...route, schema: { tags, summary: 'Whether the user has enrolled a voice' } },
    async (request) => ({ has_profile: (await profiles.keyOf(callerOf(request).userId)) !== null }),
  );

  server.post(
    '/v3/upload-audio',
    { ...route, schema: { tags, summary: 'Enrols the voice of a WAV file in the field "file"' } },
    async (request) => {
      const [recording] = await readUploads(request, {
        fields: ['file'],
        maxFiles: 1,
        maxBytes: MAX_SAMPLE_BYTES,
      });
      if (!recording) throw errors.badRequest('Send a file in the field "file".');
      return { url: addressOf(request, await profiles.enrol(callerOf(request).userId, recording.bytes)) };
    },
  );

  server.get(
    '/v4/speech-profile',
    { ...route, schema: { tags, summary: 'Where the enrolled voice can be heard' } },
    async (request) => {
      const key = await profiles.keyOf(callerOf(request).userId);
      return { url: key === null ? null : addressOf(request, key) };
    },
  );

  server.get(
    AUDIO_PATH,
    {
      schema: {
        tags,
        summary: 'An enrolled voice, by its signed address',
        querystring: Type.Object({
          key: Type.String({ maxLength: 300 }),
          expires: Type.Integer(),
          signature: Type.String({ maxLength: 64 }),
        }),
      },
    },
    async (request, reply) => {
      const { key, expires, signature } = request.query;
      if (!urls.verify(key, expires, signature, clock.now())) {
        throw errors.forbidden('This address is not valid or has expired.');
      }
      const entry = await media.stat(key);
      if (!entry) throw errors.notFound('There is no such recording any more.');
      const range = parseByteRange(request.headers.range, entry.size);
      const content = await media.read(key, range ?? undefined);
      if (!content) throw errors.notFound('There is no such recording any more.');
      if (range) reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${entry.size}`);
      return reply
        .headers({ 'accept-ranges': 'bytes', 'cache-control': 'private, no-store' })
        .header('content-length', range ? range.end - range.start + 1 : entry.size)
        .type('audio/wav')
        .send(content);
    },
  );

  // Samples from conversations, which this server does not take.
  const place = Type.Object({ person_id: queryText, memory_id: queryText, segment_idx: queryText });
  server.get(
    '/v3/speech-profile/expand',
    { ...route, schema: { tags, summary: 'Further samples of voices: none', querystring: place } },
    async () => [],
  );
  server.delete(
    '/v3/speech-profile/expand',
    { ...route, schema: { tags, summary: 'Removes a further sample', querystring: place } },
    async () => ok,
  );
}
