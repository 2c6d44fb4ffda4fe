import { createBuiltinKeyVerifier } from './builtin/key-verifier.js';
import { createBuiltinSpeechSynthesizer } from './builtin/speech-synthesizer.js';
import type { KeyVerifier } from './key-verifier.js';
import { createOpenAIKeyVerifier } from './openai/key-verifier.js';
import { createOpenAISpeechSynthesizer } from './openai/speech-synthesizer.js';
import type { SpeechSynthesizer } from './speech-synthesizer.js';

export interface SpeechEngineConfig {
  readonly engine: 'builtin' | 'openai';
  /** Where the OpenAI-compatible provider is (default: OpenAI's own address) and the server's own key, if it has one. */
  readonly openai?: { readonly baseUrl?: string; readonly apiKey?: string };
}

export interface SpeechEngine {
  readonly synthesizer: SpeechSynthesizer;
  readonly keys: KeyVerifier;
}

/** The adapters of the chosen engine. Nothing is started or called before it is used. */
export function createSpeechEngine({ engine, openai = {} }: SpeechEngineConfig): SpeechEngine {
  return engine === 'openai'
    ? { synthesizer: createOpenAISpeechSynthesizer(openai), keys: createOpenAIKeyVerifier(openai) }
    : { synthesizer: createBuiltinSpeechSynthesizer(), keys: createBuiltinKeyVerifier() };
}
