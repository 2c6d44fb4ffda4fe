import type { TextUsage } from '../../../../platform/ai/text-generator.js';

/** OpenAI's own measure (Realtime cost guide): a token is 100 ms of what a user says, 50 ms of what is answered. */
const INPUT_MS_PER_TOKEN = 100;
const OUTPUT_MS_PER_TOKEN = 50;
/** A common rule of thumb for text, where an engine does not count. */
const CHARACTERS_PER_TOKEN = 4;

export const textTokens = (text: string): number => Math.ceil(text.length / CHARACTERS_PER_TOKEN);

/** The `usage` of a transcription; in tokens, because strict clients know no other form. */
export function transcriptionUsage(text: string, milliseconds: number) {
  const audioTokens = Math.ceil(milliseconds / INPUT_MS_PER_TOKEN);
  const outputTokens = textTokens(text);
  return {
    type: 'tokens',
    total_tokens: audioTokens + outputTokens,
    input_tokens: audioTokens,
    input_token_details: { text_tokens: 0, audio_tokens: audioTokens },
    output_tokens: outputTokens,
  };
}

/** The `usage` of a response: as the engine counted its text, else estimated; audio by its length. */
export function responseUsage(
  counted: TextUsage | null,
  {
    asked,
    answered,
    spokenMs,
  }: { readonly asked: number; readonly answered: string; readonly spokenMs: number },
) {
  const inputTokens = counted?.inputTokens ?? Math.ceil(asked / CHARACTERS_PER_TOKEN);
  const written = counted?.outputTokens ?? textTokens(answered);
  const spoken = Math.ceil(spokenMs / OUTPUT_MS_PER_TOKEN);
  return {
    total_tokens: inputTokens + written + spoken,
    input_tokens: inputTokens,
    output_tokens: written + spoken,
    input_token_details: { text_tokens: inputTokens, audio_tokens: 0, cached_tokens: 0 },
    output_token_details: { text_tokens: written, audio_tokens: spoken },
  };
}
