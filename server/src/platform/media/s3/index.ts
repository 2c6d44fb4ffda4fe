import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat, unlink } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { type Clock, systemClock } from '../../clock.js';
import { checkRange, outsideObject } from '../byte-range.js';
import {
  BUFFERED_READ_BYTES,
  checkMediaKey,
  checkMediaPrefix,
  type Media,
  type MediaEntry,
  type StoredMedia,
} from '../media.js';

export interface S3MediaOptions {
  /** For example `http://127.0.0.1:9000`; AWS itself when omitted. */
  readonly endpoint?: string;
  /** Must exist. */
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly clock?: Clock;
}

/** Files up to this size go in one request; larger ones in parts of it, so they are never in memory as a whole. */
const PART_BYTES = 8 * 1024 * 1024;
/** Not a valid media key, so it can be nobody's object. */
const PING_KEY = '.earshot-ping';

// The SDK prints plain words about Node versions into a log of JSON lines; docs/operations says what it would.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** Media in an S3-compatible bucket. Needs no right but to read, write, delete and list objects; makes no bucket. */
export function s3Media(options: S3MediaOptions): Media {
  const { bucket: Bucket, region, accessKeyId, secretAccessKey, clock = systemClock } = options;
  const client = new S3Client({
    region,
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: true,
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 30_000 },
    // Newer checksum headers are unknown to many S3-compatible servers; the signature covers the content anyway.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
  });

  const putBytes = async (Key: string, Body: Uint8Array): Promise<StoredMedia> => {
    const sha256 = createHash('sha256').update(Body).digest('hex');
    await client.send(new PutObjectCommand({ Bucket, Key, Body, Metadata: { sha256 } }));
    return { key: Key, size: Body.byteLength, sha256, modifiedAt: clock.now() };
  };
  const putFile = async (Key: string, file: string): Promise<StoredMedia> => {
    const { size } = await stat(file);
    if (size <= PART_BYTES) return putBytes(Key, await readFile(file));
    const hash = createHash('sha256');
    await pipeline(createReadStream(file), hash);
    const sha256 = hash.digest('hex');
    const upload = new Upload({
      client,
      params: { Bucket, Key, Body: createReadStream(file), Metadata: { sha256 } },
      partSize: PART_BYTES,
    });
    await upload.done();
    return { key: Key, size, sha256, modifiedAt: clock.now() };
  };

  return {
    put: async (key, source) => {
      checkMediaKey(key);
      if (source instanceof Uint8Array) return putBytes(key, source);
      const stored = await putFile(key, source.file);
      await unlink(source.file);
      return stored;
    },
    stat: async (key) => {
      checkMediaKey(key);
      const found = await absentAsNull(client.send(new HeadObjectCommand({ Bucket, Key: key })));
      return found && { key, size: found.ContentLength ?? 0, modifiedAt: found.LastModified?.getTime() ?? 0 };
    },
    read: async (key, range) => {
      checkMediaKey(key);
      if (range) checkRange(range);
      const found = await absentAsNull(
        client.send(
          new GetObjectCommand({
            Bucket,
            Key: key,
            ...(range ? { Range: `bytes=${range.start}-${range.end}` } : {}),
          }),
        ),
      );
      if (!found?.Body) return null;
      if ((found.ContentLength ?? Number.POSITIVE_INFINITY) <= BUFFERED_READ_BYTES) {
        return Buffer.from(await found.Body.transformToByteArray());
      }
      return found.Body instanceof Readable ? found.Body : Readable.from(found.Body as AsyncIterable<Buffer>);
    },
    delete: async (key) => {
      checkMediaKey(key);
      await client.send(new DeleteObjectCommand({ Bucket, Key: key }));
    },
    list: (prefix) => {
      checkMediaPrefix(prefix);
      return list(client, Bucket, prefix);
    },
    ping: async () => {
      await client.send(new PutObjectCommand({ Bucket, Key: PING_KEY, Body: new Uint8Array() }));
      await client.send(new DeleteObjectCommand({ Bucket, Key: PING_KEY }));
    },
    close: async () => client.destroy(),
  };
}

async function* list(client: S3Client, Bucket: string, Prefix: string): AsyncIterable<MediaEntry> {
  let ContinuationToken: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket, Prefix, ...(ContinuationToken ? { ContinuationToken } : {}) }),
    );
    for (const { Key, Size, LastModified } of page.Contents ?? []) {
      if (Key && !Key.startsWith('.'))
        yield { key: Key, size: Size ?? 0, modifiedAt: LastModified?.getTime() ?? 0 };
    }
    ContinuationToken = page.IsTruncated ? page.NextContinuationToken : undefined;
  } while (ContinuationToken);
}

async function absentAsNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw error;
    const status = error.$metadata.httpStatusCode;
    // A missing bucket is no missing object: it must be heard of.
    if (status === 404 && error.name !== 'NoSuchBucket') return null;
    if (status === 416) throw outsideObject({ cause: error });
    throw error;
  }
}
