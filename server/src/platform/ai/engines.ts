import { type Clock, systemClock } from '../clock.js';
import { createBuiltinImageGenerator } from './builtin/image-generator.js';
import { createBuiltinKeyVerifier } from './builtin/key-verifier.js';
import { createBuiltinSpeechSynthesizer } from './builtin/speech-synthesizer.js';
import { createBuiltinTextGenerator } from './builtin/text-generator.js';
import type { ImageGenerator } from './image-generator.js';
import type { KeyVerifier } from './key-verifier.js';
import type { OpenAIConnection } from './openai/client.js';
import { createOpenAIImageGenerator } from './openai/image-generator.js';
import { createOpenAIKeyVerifier } from './openai/key-verifier.js';
import { createOpenAISpeechSynthesizer } from './openai/speech-synthesizer.js';
import { createOpenAITextGenerator } from './openai/text-generator.js';
import type { SpeechSynthesizer } from './speech-synthesizer.js';
import type { TextGenerator } from './text-generator.js';

export interface SpeechEngineConfig {
  readonly engine: 'builtin' | 'openai';
  /** Where the OpenAI-compatible provider is (default: OpenAI's own address) and the server's own key, if it has one. */
  readonly openai?: OpenAIConnection;
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

export interface TextEngineConfig {
  readonly engine: 'builtin' | 'openai';
  readonly openai?: OpenAIConnection;
  /** The upstream's model; each engine has a default. */
  readonly model?: string;
  /** The time that the built-in engine tells. */
  readonly clock?: Clock;
  /** How long the upstream may be silent. */
  readonly firstTokenMilliseconds?: number;
  /** How long a whole answer may take, all attempts included. */
  readonly deadlineMilliseconds?: number;
}

/** The adapter of the chosen engine. Nothing is called before it is used. */
export function createTextEngine({
  engine,
  openai = {},
  clock = systemClock,
  ...options
}: TextEngineConfig): TextGenerator {
  return engine === 'openai'
    ? createOpenAITextGenerator(openai, options)
    : createBuiltinTextGenerator({ clock });
}

export interface ImageEngineConfig {
  readonly engine: 'builtin' | 'openai';
  readonly openai?: OpenAIConnection;
  /** The upstream's model; each engine has a default. */
  readonly model?: string;
}

/** The adapter of the chosen engine. Nothing is started or called before it is used. */
export function createImageEngine({ engine, openai = {}, ...options }: ImageEngineConfig): ImageGenerator {
  return engine === 'openai' ? createOpenAIImageGenerator(openai, options) : createBuiltinImageGenerator();
}
