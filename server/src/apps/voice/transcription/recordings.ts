// The plugin's types add `parts()` to requests.
import type {} from '@fastify/multipart';
import multipart from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { errors } from '../../../platform/http/errors.js';
import type { HttpServer } from '../../../platform/http/server.js';

/** What OpenAI takes, too. */
const RECORDING_BYTES = 25_000_000;
const FIELDS = 20;
const FIELD_BYTES = 10_000;

/** A recording and what was said about it. */
export interface Recording {
  readonly bytes: Uint8Array;
  /** The other fields of the form, in order; of a raw body there are none. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/** Lets a scope's routes take forms and raw audio. Nothing of a body is read before the route asks for it. */
export async function acceptRecordings(server: HttpServer): Promise<void> {
  await server.register(multipart);
  server.addContentTypeParser(
    /^(audio\/|video\/(mp4|webm)|application\/octet-stream)/i,
    (_request, body, done) => done(null, body),
  );
}

/**
 * The recording of a form (in the field `file` or `audio`) or of a raw body.
 *
 * @throws AppError 400 when there is none, 413 for more than 25 MB
 */
export async function readRecording(request: FastifyRequest): Promise<Recording> {
  const { bytes, fields } = request.isMultipart() ? await ofForm(request) : await ofBody(request);
  if (!bytes) throw errors.validation('Send a recording in the field "file".', { field: 'file' });
  if (bytes.length === 0) throw errors.validation('The recording is empty.', { field: 'file' });
  return { bytes, fields };
}

interface Read {
  readonly bytes: Uint8Array | null;
  readonly fields: Recording['fields'];
}

async function ofBody({ body }: FastifyRequest): Promise<Read> {
  if (!isStream(body)) return { bytes: null, fields: [] };
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > RECORDING_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return { bytes: Buffer.concat(chunks), fields: [] };
}

const isStream = (body: unknown): body is AsyncIterable<Uint8Array> =>
  typeof body === 'object' && body !== null && Symbol.asyncIterator in body;

async function ofForm(request: FastifyRequest): Promise<Read> {
  const limits = { files: 1, fileSize: RECORDING_BYTES, fields: FIELDS, fieldSize: FIELD_BYTES };
  const fields: [string, string][] = [];
  let bytes: Uint8Array | null = null;
  try {
    for await (const part of request.parts({ limits })) {
      if (part.type === 'file') {
        const file = await part.toBuffer();
        if (part.fieldname === 'file' || part.fieldname === 'audio') bytes = file;
      } else fields.push([part.fieldname, String(part.value)]);
    }
  } catch (error) {
    throw inOurWords(error);
  }
  return { bytes, fields };
}

const tooLarge = () =>
  errors.tooLarge(`A recording may have at most ${RECORDING_BYTES / 1_000_000} MB.`, { field: 'file' });

function inOurWords(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'FST_REQ_FILE_TOO_LARGE') return tooLarge();
  const isForm = code.startsWith('FST_') || /multipart|form|boundary|header/i.test(error.message);
  return isForm ? errors.badRequest('The form is broken off or not well formed.', { cause: error }) : error;
}
