// The plugin's types add `parts()` to requests.
import type {} from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { errors } from '../../../platform/http/errors.js';

/** A file of a form. */
export interface Upload {
  /** As the client called it, without folders. */
  readonly name: string;
  /** As the client said; often a guess. */
  readonly mimeType: string;
  readonly bytes: Buffer;
}

export interface UploadLimits {
  /** Names of the fields that hold files; files under other names are left out. */
  readonly fields: readonly string[];
  readonly maxFiles: number;
  /** Of one file. */
  readonly maxBytes: number;
}

/** More than the app sends beside its files. */
const MAX_OTHER_FIELDS = 50;

/**
 * The files of a `multipart/form-data` request.
 *
 * @throws AppError 400 for what is no such form or has none of the files, 413 for too many or too large ones
 */
export async function readUploads(
  request: FastifyRequest,
  { fields, maxFiles, maxBytes }: UploadLimits,
): Promise<Upload[]> {
  if (!request.isMultipart()) throw errors.badRequest('Send files as multipart/form-data.');
  const uploads: Upload[] = [];
  const limits = { files: maxFiles, fileSize: maxBytes, fields: MAX_OTHER_FIELDS, fieldSize: 10_000 };
  try {
    for await (const part of request.parts({ limits })) {
      if (part.type !== 'file') continue;
      const bytes = await part.toBuffer();
      if (fields.includes(part.fieldname)) {
        uploads.push({ name: baseName(part.filename), mimeType: part.mimetype, bytes });
      }
    }
  } catch (error) {
    throw explained(error, maxFiles, maxBytes);
  }
  if (uploads.length === 0) {
    throw errors.badRequest(`Send a file in the field ${fields.map((name) => `"${name}"`).join(' or ')}.`);
  }
  return uploads;
}

const baseName = (path: string | undefined): string =>
  (path ?? '').split(/[/\\]/).at(-1)?.replaceAll('\0', '').slice(0, 255) || 'file';

function explained(error: unknown, maxFiles: number, maxBytes: number): unknown {
  if (!(error instanceof Error)) return error;
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'FST_REQ_FILE_TOO_LARGE')
    return errors.tooLarge(`A file may have at most ${maxBytes.toLocaleString('en')} bytes.`, {
      cause: error,
    });
  if (code === 'FST_FILES_LIMIT')
    return errors.tooLarge(`Send at most ${maxFiles} files at once.`, { cause: error });
  const isForm = code.startsWith('FST_') || /multipart|form|boundary|header/i.test(error.message);
  return isForm ? errors.badRequest('The form is broken off or not well formed.', { cause: error }) : error;
}
