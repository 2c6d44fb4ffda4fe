import type { HttpClient, OnProgress } from '../http/client.js';
import { EarshotError } from '../http/errors.js';
import type { RetryPolicy, RetryPolicyName } from '../http/retry.js';
import type {
  AnnouncedFile,
  BatchAnswer,
  ConfirmedFile,
  FileAnnouncement,
  FileBinding,
  FileCategory,
} from '../wire/files.js';
import { BATCH_LIMIT } from '../wire/files.js';
import { sha256Hex } from './sha256.js';

export interface UploadOptions {
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal | undefined;
  readonly retry?: RetryPolicy | RetryPolicyName;
}

/** Raw uploads and batches by the server's ids; {@link Migration} is made of them. */
export interface Files {
  /**
   * Announces a file, sends its bytes and binds it to what shall show it. Done again it has the same effect.
   *
   * @throws EarshotError
   */
  upload(
    file: {
      readonly fileName: string;
      readonly mimeType: string;
      readonly category: FileCategory;
      readonly bytes: Uint8Array<ArrayBuffer>;
      readonly binding: FileBinding;
    },
    options?: UploadOptions,
  ): Promise<ConfirmedFile>;
  /**
   * Makes up to 100 entities by ids of the caller's own, each once however often it is sent.
   *
   * @throws EarshotError; what is wrong with single items is told in the answer
   */
  batch(
    kind: 'heroes' | 'stories' | 'custom-events',
    items: readonly (Readonly<Record<string, unknown>> & { readonly id: string })[],
    options?: Pick<UploadOptions, 'signal' | 'retry'>,
  ): Promise<BatchAnswer>;
}

const LISTS = { heroes: 'heroes', stories: 'stories', 'custom-events': 'customEvents' } as const;

export function createFiles({ http }: { readonly http: HttpClient }): Files {
  return {
    upload: async ({ fileName, mimeType, category, bytes, binding }, options = {}) => {
      const { signal, retry = 'default', onProgress } = options;
      const sha256 = await sha256Hex(bytes);
      const announcement: FileAnnouncement = {
        fileName,
        mimeType,
        fileSize: bytes.byteLength,
        category,
        sha256,
      };
      const announced = await http.data<AnnouncedFile>({
        method: 'POST',
        path: '/api/files/upload',
        body: announcement,
        retry,
        signal,
      });
      await http.upload(
        {
          path: announced.uploadUrl,
          bytes,
          contentType: mimeType,
          authenticated: false,
          retry,
          signal,
        },
        onProgress,
      );
      const confirmed = await http.data<ConfirmedFile>({
        method: 'POST',
        path: '/api/files/confirm',
        body: { storageKey: announced.storageKey, ...binding },
        retry,
        signal,
      });
      if (confirmed.sha256 !== sha256) throw new EarshotError('truncated', { status: 200 });
      return confirmed;
    },
    batch: async (kind, items, { signal, retry = 'default' } = {}) => {
      if (items.length > BATCH_LIMIT) throw new RangeError(`A batch has at most ${BATCH_LIMIT} items.`);
      return await http.json<BatchAnswer>({
        method: 'POST',
        path: `/api/batch/${kind}`,
        body: { [LISTS[kind]]: items },
        retry,
        signal,
      });
    },
  };
}
