import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import { errors } from '../../http/errors.js';
import { workerFile } from '../../worker-threads.js';
import type { ImageGenerator, ImageRequest, ImageSize } from '../image-generator.js';

interface Drawn {
  readonly png: Uint8Array;
  readonly look: string | null;
}

/** Pixels of a side. */
const smallest = 16;
const largest = 2_048;
/** A picture takes less than a second; a thread that needs this long is stuck. */
const deadlineMilliseconds = 30_000;
const idleMilliseconds = 10_000;

/**
 * Pictures drawn by rules, offline, in worker threads that start when needed and end when idle. Equal requests give equal
 * pictures; a hero of the same name (or look) is the same child in all of them. `quality` has no meaning here, and of a
 * reference only its `previousGenerationId` counts.
 */
export function createBuiltinImageGenerator(): ImageGenerator {
  let threads: Piscina<ImageRequest, Drawn> | undefined;
  let closed = false;
  const closing = () => errors.unavailable('The server is shutting down.');
  return {
    engine: 'builtin',
    model: 'earshot-drawing',
    async generate({ reference: _, ...request }, { signal } = {}) {
      signal?.throwIfAborted();
      checkSize(request.size);
      if (closed) throw closing();
      threads ??= new Piscina<ImageRequest, Drawn>({
        filename: workerFile(import.meta.url, './picture-worker.js'),
        minThreads: 0,
        maxThreads: availableParallelism(),
        idleTimeout: idleMilliseconds,
      });
      const deadline = AbortSignal.timeout(deadlineMilliseconds);
      const either = signal ? AbortSignal.any([signal, deadline]) : deadline;
      try {
        const { png, look } = await threads.run(request, { signal: either });
        return { data: png, mediaType: 'image/png', ...(look ? { generationId: look } : {}) };
      } catch (cause) {
        signal?.throwIfAborted();
        if (closed) throw closing();
        throw errors.unavailable('The built-in painter failed at this picture. Please try again.', { cause });
      }
    },
    async close() {
      closed = true;
      await threads?.destroy();
    },
  };
}

function checkSize(size: ImageSize = '1024x1024'): void {
  const sides = size.split('x').map(Number);
  if (
    sides.length !== 2 ||
    !sides.every((side) => Number.isInteger(side) && side >= smallest && side <= largest)
  )
    throw errors.validation(
      `The size must be <width>x<height> with sides of ${smallest} to ${largest} pixels.`,
      {
        field: '/size',
      },
    );
}
