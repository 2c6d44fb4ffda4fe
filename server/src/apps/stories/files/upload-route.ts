import { Readable } from 'node:stream';
import type { HttpServer } from '../../../platform/http/server.js';
import { maxBytesOf } from './file-types.js';
import { SignedQuery } from './media-route.js';
import { StoredFile, UploadParams } from './schemas.js';
import type { Uploads } from './uploads.js';

/** Where announced files are sent: whoever holds the signed address may. Belongs in a scope without authentication. */
export async function uploadRoute(
  server: HttpServer,
  { uploads }: { readonly uploads: Uploads },
): Promise<void> {
  await server.register(async (plain) => {
    const scope = plain as HttpServer;
    scope.removeAllContentTypeParsers();
    // Bodies of every type go to the disk as they come; nothing of them is kept in memory.
    scope.addContentTypeParser('*', (_request, body, done) => done(null, body));
    scope.put(
      '/files/upload/:uploadId',
      {
        bodyLimit: maxBytesOf('audio'),
        schema: {
          tags: ['stories: files'],
          summary: 'The bytes of an announced file',
          params: UploadParams,
          querystring: SignedQuery,
          response: { 200: StoredFile },
        },
      },
      async (request, reply) => {
        // What is left of a refused body is not read: the connection ends with the answer.
        reply.header('connection', 'close');
        const { expires, signature } = request.query;
        const body = request.body instanceof Readable ? request.body : Readable.from([]);
        const stored = await uploads.receive({ id: request.params.uploadId, expires, signature }, body);
        reply.removeHeader('connection');
        return { data: stored };
      },
    );
  });
}
