import type { Config } from '../../config.js';
import { createSpeechEngine, createTextEngine } from '../../platform/ai/engines.js';
import type { SpeechSynthesizer } from '../../platform/ai/speech-synthesizer.js';
import type { TextGenerator } from '../../platform/ai/text-generator.js';
import type { Transcriber } from '../../platform/ai/transcriber.js';
import { createTranscriber } from '../../platform/ai/transcription-engine.js';
import type { Platform } from '../../platform/platform.js';

/** Who answers, speaks and listens for one caller. */
export interface VoiceEngines {
  readonly text: TextGenerator;
  readonly synthesizer: SpeechSynthesizer;
  readonly transcriber: Transcriber;
}

export interface EngineChoice {
  /** The engines for a caller: with an own key of the upstream, or without. */
  enginesFor(apiKey: string | undefined): VoiceEngines;
  /** What works for callers without a key of their own. */
  readonly available: { readonly llm: boolean; readonly stt: boolean; readonly tts: boolean };
  /** Whether a key of the upstream makes a difference. */
  readonly usesUpstreamKeys: boolean;
  close(): Promise<void>;
}

/**
 * Chooses by the operator's configuration: whoever brings a key of the upstream is answered by the upstream, but for what
 * the operator has set to be done here (`AI_TEXT=builtin` and the like).
 */
export function chooseEngines(platform: Platform): EngineChoice {
  const { config, speech, text, transcriber } = platform;
  const openai = config.OPENAI_BASE_URL ? { baseUrl: config.OPENAI_BASE_URL } : {};
  const own: VoiceEngines = { text, synthesizer: speech.synthesizer, transcriber };
  const upstream: VoiceEngines = {
    text:
      text.engine === 'openai' || config.AI_TEXT
        ? text
        : createTextEngine({
            engine: 'openai',
            openai,
            ...(config.TEXT_MODEL ? { model: config.TEXT_MODEL } : {}),
            firstTokenMilliseconds: config.TEXT_FIRST_TOKEN_SECONDS * 1_000,
            deadlineMilliseconds: config.TEXT_DEADLINE_SECONDS * 1_000,
          }),
    synthesizer:
      own.synthesizer.engine === 'openai' || config.AI_SPEECH
        ? own.synthesizer
        : createSpeechEngine({ engine: 'openai', openai }).synthesizer,
    transcriber:
      transcriber.engine === 'openai' || config.AI_TRANSCRIPTION
        ? transcriber
        : createTranscriber({
            engine: 'openai',
            openai,
            streaming: config.TRANSCRIPTION_STREAMING,
            modelsDirectory: '',
            scratchDirectory: platform.scratchDirectory,
          }),
  };
  const works = (engine: string) => engine !== 'openai' || hasOwnUpstream(config);
  return {
    enginesFor: (apiKey) => (apiKey === undefined ? own : upstream),
    available: {
      llm: works(text.engine),
      stt: works(transcriber.engine) && transcriber.hears === 'words',
      tts: works(own.synthesizer.engine),
    },
    usesUpstreamKeys: [upstream.text, upstream.synthesizer, upstream.transcriber].some(
      ({ engine }) => engine === 'openai',
    ),
    close: async () => {
      if (upstream.transcriber !== transcriber) await upstream.transcriber.close();
      if (upstream.synthesizer !== own.synthesizer) await upstream.synthesizer.close();
    },
  };
}

/** Whether the upstream can be asked without a caller's key: with the operator's, or because it may need none. */
const hasOwnUpstream = ({ OPENAI_API_KEY, OPENAI_BASE_URL }: Config): boolean =>
  OPENAI_API_KEY !== undefined || OPENAI_BASE_URL !== undefined;
