import type { HttpServer } from '../../../platform/http/server.js';
import { isoInstant } from '../../../platform/http/timestamps.js';
import { callerOf } from '../../../platform/identity/caller.js';
import { nullsAreAbsent } from '../both-prefixes.js';
import type { StoryMedia } from '../services.js';
import type { Confirmations } from './confirmations.js';
import { AnnouncedUpload, AnnouncementBody, ConfirmBody, ConfirmedFile } from './schemas.js';
import type { Uploads } from './uploads.js';

const tags = ['stories: files'];

/** Announcing and confirming uploads. Belongs in the authenticated scope. */
export function filesRoutes(
  server: HttpServer,
  parts: { readonly uploads: Uploads; readonly confirmations: Confirmations; readonly media: StoryMedia },
): void {
  const { uploads, confirmations, media } = parts;

  server.post(
    '/files/upload',
    {
      preValidation: nullsAreAbsent,
      schema: {
        tags,
        summary: 'Announce a file; its bytes are then PUT to the answer’s address',
        body: AnnouncementBody,
        response: { 201: AnnouncedUpload },
      },
    },
    async (request, reply) => {
      const announced = await uploads.announce(callerOf(request).userId, request.body);
      const told = { ...announced, expiresAt: isoInstant(announced.expiresAt) };
      return reply.code(201).send({ data: told, ...told });
    },
  );

  server.post(
    '/files/confirm',
    {
      preValidation: nullsAreAbsent,
      schema: {
        tags,
        summary: 'Make an uploaded file the picture or narration of something',
        body: ConfirmBody,
        response: { 200: ConfirmedFile },
      },
    },
    async (request) => {
      const { storageKey, ...bindings } = request.body;
      const confirmed = await confirmations.confirm(callerOf(request).userId, storageKey, bindings);
      const { upload, ...entity } = confirmed;
      return {
        data: {
          storageKey,
          url: media.address(storageKey) ?? '',
          size: upload.size,
          sha256: upload.sha256 ?? '',
          ...entity,
        },
      };
    },
  );
}
