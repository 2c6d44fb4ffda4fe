import { errors } from '../../http/errors.js';
import { type SpeechRequest, type SpeechSynthesizer, speechFormats } from '../speech-synthesizer.js';
import { type OpenAIConnection, openaiClient } from './client.js';
import { inOurWords, speechProvider, tooSlow, withDeadline } from './failures.js';

/** The upstream takes 4,096 characters; contracts/speech.md §13 cuts at 4,000. */
const charactersPerCall = 4_000;
const deadlineMilliseconds = 5 * 60_000;
const retries = 2;
/** 4,000 characters are about 5 minutes: 14 MB as WAV, four times that at the lowest speed. */
const longestResponse = 64 << 20;

/** Speech by any provider with OpenAI's `POST /audio/speech`. */
export function createOpenAISpeechSynthesizer(connection: OpenAIConnection): SpeechSynthesizer {
  const open = async (
    { text, voice, model, format, speed, instructions }: SpeechRequest,
    apiKey: string | undefined,
    signal: AbortSignal,
  ) => {
    const client = await openaiClient(connection, apiKey);
    const follows = instructions && !model.startsWith('tts-1');
    return await client.audio.speech.create(
      { model, voice, input: text, response_format: format, speed, ...(follows ? { instructions } : {}) },
      { signal, timeout: deadlineMilliseconds, maxRetries: retries },
    );
  };
  return {
    engine: 'openai',
    formats: speechFormats,
    charactersPerCall,
    synthesize: (request, { apiKey, signal } = {}) =>
      withDeadline(deadlineMilliseconds, signal, async (either) => {
        const pieces: Uint8Array[] = [];
        for await (const piece of soundOf(await open(request, apiKey, either))) pieces.push(piece);
        return Buffer.concat(pieces);
      }),
    async *stream(request, { apiKey, signal } = {}) {
      const left = new AbortController();
      const leave = () => left.abort(signal?.reason);
      signal?.addEventListener('abort', leave, { once: true });
      // Over the whole answer: what is awaited below is its beginning.
      const late = setTimeout(() => left.abort(tooSlow(speechProvider)), deadlineMilliseconds).unref();
      try {
        const response = await withDeadline(deadlineMilliseconds, signal, () =>
          open(request, apiKey, left.signal),
        );
        yield* soundOf(response);
      } catch (error) {
        left.signal.throwIfAborted();
        throw await inOurWords(error);
      } finally {
        clearTimeout(late);
        signal?.removeEventListener('abort', leave);
        left.abort();
      }
    },
    close: async () => {},
  };
}

/** The audio of an answer as it comes in; leaving the iteration cancels the rest. */
async function* soundOf(response: Response): AsyncGenerator<Uint8Array> {
  const type = response.headers.get('content-type') ?? '';
  let length = 0;
  if (/json|^text\//i.test(type)) await response.body?.cancel();
  else
    for await (const chunk of response.body ?? []) {
      length += chunk.length;
      if (length > longestResponse)
        throw errors.upstreamFailed(
          'The speech provider sent more audio than a text of this length can take.',
        );
      yield chunk;
    }
  if (length === 0) throw errors.upstreamFailed('The speech provider sent something that is not audio.');
}
