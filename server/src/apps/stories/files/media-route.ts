import { Type } from 'typebox';
import { matchesEntityTag, parseByteRange } from '../../../platform/http/byte-ranges.js';
import { errors } from '../../../platform/http/errors.js';
import type { HttpServer } from '../../../platform/http/server.js';
import type { MediaEntry } from '../../../platform/media/media.js';
import { signedUrls } from '../../../platform/media/signed-urls.js';
import type { Platform } from '../../../platform/platform.js';
import { contentTypeOf } from './file-types.js';
import { mediaKinds } from './media-keys.js';
import { MAX_ADDRESS_SECONDS } from './story-media.js';

const name = Type.String({ minLength: 1, maxLength: 128, pattern: '^[A-Za-z0-9_-][A-Za-z0-9._-]*$' });
const MediaParams = Type.Object({
  kind: Type.Unsafe<(typeof mediaKinds)[number]>({ type: 'string', enum: [...mediaKinds] }),
  owner: name,
  name,
});
export const SignedQuery = Type.Object({
  expires: Type.Integer({ description: 'Epoch ms.' }),
  signature: Type.String({ maxLength: 64 }),
});

/** Pictures and sound for whoever holds a signed address: whole or by ranges. Belongs in a scope without authentication. */
export function mediaRoute(
  server: HttpServer,
  { clock, media, secrets }: Pick<Platform, 'clock' | 'media' | 'secrets'>,
): void {
  const urls = signedUrls(secrets.addressKey);
  server.route({
    method: ['GET', 'HEAD'],
    url: '/media/:kind/:owner/:name',
    schema: {
      tags: ['stories: files'],
      summary: 'A picture or narration, by its signed address',
      params: MediaParams,
      querystring: SignedQuery,
    },
    handler: async (request, reply) => {
      const { kind, owner, name } = request.params;
      const { expires, signature } = request.query;
      const key = `${kind}/${owner}/${name}`;
      const now = clock.now();
      const isTooFar = expires > now + MAX_ADDRESS_SECONDS * 1_000;
      if (isTooFar || !urls.verify(key, expires, signature, now)) {
        throw errors.forbidden('This address is not valid or has expired. Ask for the entity again.');
      }
      const entry = await media.stat(key);
      if (!entry) throw errors.notFound('There is no such file.');
      const tag = entityTagOf(entry);
      reply.headers({
        'cache-control': `private, max-age=${Math.floor((expires - now) / 1_000)}`,
        'accept-ranges': 'bytes',
        etag: tag,
        'last-modified': new Date(entry.modifiedAt).toUTCString(),
      });
      if (matchesEntityTag(request.headers['if-none-match'], tag)) return reply.code(304).send();
      reply.type(contentTypeOf(key));
      const condition = request.headers['if-range'];
      const wanted = condition === undefined || condition === tag ? request.headers.range : undefined;
      // Told also when the range turns out to lie outside of the file.
      if (wanted !== undefined) reply.header('content-range', `bytes */${entry.size}`);
      const range = parseByteRange(wanted, entry.size);
      if (range) reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${entry.size}`);
      else reply.removeHeader('content-range');
      reply.header('content-length', range ? range.end - range.start + 1 : entry.size);
      if (request.method === 'HEAD') return reply.send();
      const content = await media.read(key, range ?? undefined);
      if (!content) throw errors.notFound('There is no such file.');
      return reply.send(content);
    },
  });
}

/** Objects are replaced as a whole, so size and time tell one from the next. */
const entityTagOf = ({ modifiedAt, size }: MediaEntry): string =>
  `"${modifiedAt.toString(36)}-${size.toString(36)}"`;
