import type { Clock } from '../../../platform/clock.js';
import { matchesEntityTag, parseByteRange } from '../../../platform/http/byte-ranges.js';
import type { HttpServer } from '../../../platform/http/server.js';
import { callerOf } from '../../../platform/identity/caller.js';
import type { RouteHooks } from '../route-hooks.js';
import { FileParams } from './schemas.js';
import type { Download, FileService } from './service.js';

/** Opus comes in Ogg pages, so it is announced as what it is wrapped in. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  mp3: 'audio/mpeg',
  opus: 'audio/ogg',
  aac: 'audio/aac',
  flac: 'audio/flac',
  wav: 'audio/wav',
  pcm: 'audio/pcm',
};
/** How long a client's own cache may answer, in seconds; never longer than the file lives. */
const CACHE_SECONDS = 3_600;

export function downloadRoute(
  server: HttpServer,
  files: FileService,
  clock: Clock,
  { authenticated }: RouteHooks,
): void {
  server.route({
    method: ['GET', 'HEAD'],
    url: '/files/:fileId',
    ...authenticated,
    schema: {
      tags: ['speech'],
      summary: 'The audio itself, whole or by ranges',
      params: FileParams,
    },
    handler: async (request, reply) => {
      const download = await files.download(callerOf(request).userId, request.params.fileId);
      const { entityTag, file } = download;
      const seconds = Math.min(CACHE_SECONDS, Math.floor((file.expires_at - clock.now()) / 1_000));
      reply.headers({
        'cache-control': `private, max-age=${Math.max(0, seconds)}`,
        'accept-ranges': 'bytes',
        etag: entityTag,
        'last-modified': new Date(file.updated_at).toUTCString(),
      });
      if (isNotModified(request.headers, download)) return reply.code(304).send();
      reply.header('content-disposition', `attachment; filename="${file.file_name}"`);
      reply.type(CONTENT_TYPES[file.format] ?? 'application/octet-stream');

      const range = isRangeCurrent(request.headers['if-range'], download)
        ? parseRange(request.headers.range, file.file_size, (header) => reply.header('content-range', header))
        : null;
      if (range) {
        reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${file.file_size}`);
      }
      reply.header('content-length', range ? range.end - range.start + 1 : file.file_size);
      if (request.method === 'HEAD') return reply.send();
      return reply.send(await download.open(range));
    },
  });
}

function parseRange(header: string | undefined, size: number, tellSize: (header: string) => void) {
  try {
    return parseByteRange(header, size);
  } catch (error) {
    tellSize(`bytes */${size}`);
    throw error;
  }
}

function isNotModified(
  headers: { 'if-none-match'?: string | undefined; 'if-modified-since'?: string | undefined },
  { entityTag, file }: Download,
): boolean {
  if (headers['if-none-match'] !== undefined) return matchesEntityTag(headers['if-none-match'], entityTag);
  const since = Date.parse(headers['if-modified-since'] ?? '');
  return !Number.isNaN(since) && Math.floor(file.updated_at / 1_000) * 1_000 <= since;
}

/** A part is only sent of the very bytes that the client already has a part of. */
function isRangeCurrent(condition: string | string[] | undefined, { entityTag, file }: Download): boolean {
  if (condition === undefined) return true;
  const given = String(condition).trim();
  return given.startsWith('"')
    ? given === entityTag
    : Date.parse(given) === Math.floor(file.updated_at / 1_000) * 1_000;
}
