import type { ImagesResponse } from 'openai/resources/images';
import { errors } from '../../http/errors.js';
import type { GeneratedImage, ImageGenerator, ImageRequest, ImageSize } from '../image-generator.js';
import { type OpenAIConnection, openaiClient } from './client.js';
import { type Provider, withDeadline } from './failures.js';

export interface OpenAIImageOptions {
  /** The model when the caller names none. */
  readonly model?: string;
  /** How long a picture may take, all attempts included. */
  readonly deadlineMilliseconds?: number;
}

const imageProvider: Provider = {
  name: 'picture provider',
  rejects: 'it may not know the model, or not draw what the words say',
};

const retries = 2;
/** A picture of 1536x1024 in the best quality is about 4 MB as PNG, a third more as base64. */
const longestResponse = 48 << 20;

/**
 * Pictures by any provider with OpenAI's images interface: `POST /images/edits` when there is a reference to keep to,
 * else `POST /images/generations`.
 */
export function createOpenAIImageGenerator(
  connection: OpenAIConnection,
  { model: ownModel = 'gpt-image-1', deadlineMilliseconds = 240_000 }: OpenAIImageOptions = {},
): ImageGenerator {
  return {
    engine: 'openai',
    model: ownModel,
    generate: (request, { model = ownModel, apiKey, signal } = {}) =>
      withDeadline(
        deadlineMilliseconds,
        signal,
        async (either) => {
          const client = await openaiClient(connection, apiKey, { longestResponse });
          const options = { signal: either, timeout: deadlineMilliseconds, maxRetries: retries };
          if (model.startsWith('dall-e'))
            return pictureOf(await client.images.generate(dallEParameters(request, model), options));
          const parameters = imageParameters(request, model);
          if (!request.reference) return pictureOf(await client.images.generate(parameters, options));
          const { toFile } = await import('openai');
          const { data, mediaType } = request.reference;
          const image = await toFile(data, `reference.${mediaType.slice('image/'.length)}`, {
            type: mediaType,
          });
          return pictureOf(await client.images.edit({ ...parameters, image }, options));
        },
        imageProvider,
      ),
    close: async () => {},
  };
}

/** The shapes that an upstream offers, by model; others are drawn as the nearest of these. */
const squareAndOblong: readonly ImageSize[] = ['1024x1024', '1024x1536', '1536x1024'];
const dallE3Sizes: readonly ImageSize[] = ['1024x1024', '1024x1792', '1792x1024'];

const imageParameters = (
  { prompt, size = '1024x1024', quality = 'standard' }: ImageRequest,
  model: string,
) => ({
  model,
  prompt,
  size: nearestSize(size, squareAndOblong),
  quality: quality === 'hd' ? ('high' as const) : ('medium' as const),
});

/** These answer with addresses unless told otherwise; the others always send the bytes. */
const dallEParameters = (
  { prompt, size = '1024x1024', quality = 'standard' }: ImageRequest,
  model: string,
) => ({
  model,
  prompt,
  response_format: 'b64_json' as const,
  ...(model === 'dall-e-3'
    ? { size: nearestSize(size, dallE3Sizes), quality }
    : { size: '1024x1024' as const }),
});

function nearestSize<Size extends ImageSize>(size: ImageSize, offered: readonly Size[]): Size {
  const ratio = (wanted: ImageSize) => {
    const [width = 1, height = 1] = wanted.split('x').map(Number);
    return Math.log(width / height);
  };
  return offered.reduce((best, next) =>
    Math.abs(ratio(next) - ratio(size)) < Math.abs(ratio(best) - ratio(size)) ? next : best,
  );
}

function pictureOf(response: ImagesResponse): GeneratedImage {
  const [picture] = response?.data ?? [];
  const data = Buffer.from(picture?.b64_json ?? '', 'base64');
  const mediaType = mediaTypeOf(data);
  if (!mediaType) throw errors.upstreamFailed('The picture provider sent something that is not a picture.');
  return {
    data,
    mediaType,
    ...(picture?.revised_prompt ? { revisedPrompt: picture.revised_prompt } : {}),
  };
}

/** Told by the first bytes, whatever was asked for. */
function mediaTypeOf(data: Buffer): GeneratedImage['mediaType'] | undefined {
  if (data.subarray(0, 8).toString('latin1') === '\x89PNG\r\n\x1a\n') return 'image/png';
  if (data.subarray(0, 3).toString('hex') === 'ffd8ff') return 'image/jpeg';
  if (data.subarray(0, 4).toString('latin1') === 'RIFF' && data.subarray(8, 12).toString('latin1') === 'WEBP')
    return 'image/webp';
  return undefined;
}
