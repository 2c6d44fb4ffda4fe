import { AppError, errors } from '../../http/errors.js';
import type { KeyVerifier } from '../key-verifier.js';
import { type OpenAIConnection, openaiClient } from './client.js';
import { unreachable, withDeadline } from './failures.js';

const deadlineMilliseconds = 10_000;
const retries = 1;

/** Asks the provider for its models, which only a good key may see. */
export function createOpenAIKeyVerifier({ baseUrl }: Pick<OpenAIConnection, 'baseUrl'>): KeyVerifier {
  return {
    async verify(apiKey, signal) {
      try {
        await withDeadline(deadlineMilliseconds, signal, async (either) => {
          const client = await openaiClient(baseUrl === undefined ? {} : { baseUrl }, apiKey);
          const models: unknown = await client.get('/models', {
            signal: either,
            timeout: deadlineMilliseconds,
            maxRetries: retries,
          });
          if (!isModelList(models)) throw notAProvider();
        });
      } catch (error) {
        throw error instanceof AppError ? aboutTheKey(error) : error;
      }
    },
  };
}

const isModelList = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && 'data' in body && Array.isArray(body.data);

const notAProvider = () =>
  errors.upstreamFailed('The speech provider does not answer as one: is OPENAI_BASE_URL right?');

/** Only the provider's own refusal says that a key is bad; everything else says that we do not know. */
function aboutTheKey(error: AppError): AppError {
  if (error.statusCode === 401 || error.statusCode === 403)
    return errors.unauthorized('Invalid OpenAI API token');
  if (error.statusCode === 429 || error.code === 'UPSTREAM_FAILED') return error;
  return error.statusCode >= 503 ? unreachable() : notAProvider();
}
