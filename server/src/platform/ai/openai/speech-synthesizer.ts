import { errors } from '../../http/errors.js';
import { type SpeechSynthesizer, speechFormats } from '../speech-synthesizer.js';
import { type OpenAIConnection, openaiClient } from './client.js';
import { withDeadline } from './failures.js';

/** The upstream takes 4,096 characters; contracts/speech.md §13 cuts at 4,000. */
const charactersPerCall = 4_000;
const deadlineMilliseconds = 5 * 60_000;
const retries = 2;
/** 4,000 characters are about 5 minutes: 14 MB as WAV, four times that at the lowest speed. */
const longestResponse = 64 << 20;

/** Speech by any provider with OpenAI's `POST /audio/speech`. */
export function createOpenAISpeechSynthesizer(connection: OpenAIConnection): SpeechSynthesizer {
  return {
    engine: 'openai',
    formats: speechFormats,
    charactersPerCall,
    synthesize: ({ text, voice, model, format, speed, instructions }, { apiKey, signal } = {}) =>
      withDeadline(deadlineMilliseconds, signal, async (either) => {
        const client = await openaiClient(connection, apiKey);
        const follows = instructions && !model.startsWith('tts-1');
        const response = await client.audio.speech.create(
          { model, voice, input: text, response_format: format, speed, ...(follows ? { instructions } : {}) },
          { signal: either, timeout: deadlineMilliseconds, maxRetries: retries },
        );
        return await readAudio(response);
      }),
    close: async () => {},
  };
}

async function readAudio(response: Response): Promise<Uint8Array> {
  const type = response.headers.get('content-type') ?? '';
  const chunks: Uint8Array[] = [];
  let length = 0;
  if (/json|^text\//i.test(type)) await response.body?.cancel();
  else
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk);
      length += chunk.length;
      // Leaving the loop cancels the rest of the response.
      if (length > longestResponse)
        throw errors.upstreamFailed(
          'The speech provider sent more audio than a text of this length can take.',
        );
    }
  if (length === 0) throw errors.upstreamFailed('The speech provider sent something that is not audio.');
  return Buffer.concat(chunks, length);
}
