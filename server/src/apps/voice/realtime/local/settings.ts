import type { TextOptions, TextTool } from '../../../../platform/ai/text-generator.js';
import { isMembers, type RealtimeSession } from '../../realtime-sessions/configuration.js';
import { RealtimeProblem } from '../events.js';
import { type AudioFormat, audioFormat } from './formats.js';
import type { TurnDetection } from './input-audio.js';

type Members = Readonly<Record<string, unknown>>;

/** What a session's configuration says of listening. */
export interface InputSettings {
  readonly format: AudioFormat;
  readonly detection: TurnDetection | null;
  /** Answers by itself when somebody has spoken. */
  readonly createsResponse: boolean;
  /** Stops answering when somebody speaks. */
  readonly interruptsResponse: boolean;
  /** Silence after an answer that is a turn by itself; null = never. */
  readonly idleTimeoutMs: number | null;
  /** Whether the client wants to read what was heard. */
  readonly tellsTranscript: boolean;
  /** ISO 639-1 code of the language to expect. */
  readonly language?: string;
  readonly prompt?: string;
}

/** What a session's configuration, or a single `response.create`, says of answering. */
export interface AnswerSettings {
  readonly modality: 'audio' | 'text';
  readonly instructions: string;
  readonly format: AudioFormat;
  readonly voice: string;
  readonly speed: number;
  readonly options: Pick<TextOptions, 'maxTokens' | 'tools' | 'toolChoice' | 'temperature'>;
}

const LONGEST_INSTRUCTIONS = 100_000;
const MOST_TOOLS = 128;
const TOOL_NAME = /^[\w-]{1,64}$/;
/** `semantic_vad` listens for the end of a thought; here by a longer pause (contract §8.4). */
const PAUSES: Readonly<Record<string, number>> = { low: 1_500, medium: 900, auto: 900, high: 600 };

/** @throws RealtimeProblem naming the member that is wrong */
export function inputSettings(session: RealtimeSession): InputSettings {
  const input = membersOf(membersOf(session.audio, 'session.audio').input, 'session.audio.input');
  const path = 'session.audio.input';
  const turns = input.turn_detection;
  const transcription = input.transcription;
  if (transcription !== null && transcription !== undefined && !isMembers(transcription))
    throw invalid('An object or null.', `${path}.transcription`);
  const told = isMembers(transcription) ? transcription : {};
  const settings = {
    format: audioFormat(input.format, `${path}.format`),
    tellsTranscript: isMembers(transcription) || session.type === 'transcription',
    ...(typeof told.language === 'string' && told.language !== '' ? { language: told.language } : {}),
    ...(typeof told.prompt === 'string' && told.prompt !== '' ? { prompt: told.prompt } : {}),
  };
  if (turns === null || turns === undefined)
    return {
      ...settings,
      detection: null,
      createsResponse: false,
      interruptsResponse: false,
      idleTimeoutMs: null,
    };
  const at = `${path}.turn_detection`;
  const { type, create_response: creates, interrupt_response: interrupts } = membersOf(turns, at);
  if (type !== 'server_vad' && type !== 'semantic_vad')
    throw invalid('server_vad, semantic_vad, or null.', `${at}.type`);
  const isTranscription = session.type === 'transcription';
  return {
    ...settings,
    detection:
      type === 'server_vad'
        ? serverDetection(membersOf(turns, at), at)
        : semanticDetection(membersOf(turns, at), at),
    createsResponse: !isTranscription && creates !== false,
    interruptsResponse: interrupts !== false,
    idleTimeoutMs: idleTimeout(membersOf(turns, at).idle_timeout_ms, at),
  };
}

const serverDetection = (turns: Members, at: string): TurnDetection => ({
  threshold: numberOf(turns.threshold, 0, 1, `${at}.threshold`),
  prefixPaddingMs: numberOf(turns.prefix_padding_ms, 0, 5_000, `${at}.prefix_padding_ms`),
  silenceDurationMs: numberOf(turns.silence_duration_ms, 20, 10_000, `${at}.silence_duration_ms`),
});

function semanticDetection({ eagerness }: Members, at: string): TurnDetection {
  const silenceDurationMs = PAUSES[String(eagerness)];
  if (silenceDurationMs === undefined) throw invalid('low, medium, high or auto.', `${at}.eagerness`);
  return { threshold: 0.5, prefixPaddingMs: 300, silenceDurationMs };
}

const idleTimeout = (value: unknown, at: string): number | null =>
  value === null || value === undefined ? null : numberOf(value, 1_000, 60_000, `${at}.idle_timeout_ms`);

/**
 * @param response what a `response.create` overrides (contract §8.5)
 * @throws RealtimeProblem naming the member that is wrong
 */
export function answerSettings(session: RealtimeSession, response: Members = {}): AnswerSettings {
  const told = (name: string): readonly [unknown, string] =>
    response[name] === undefined || response[name] === null
      ? [session[name], `session.${name}`]
      : [response[name], `response.${name}`];
  const output = {
    ...membersOf(membersOf(session.audio, 'session.audio').output ?? {}, 'session.audio.output'),
    ...membersOf(membersOf(response.audio ?? {}, 'response.audio').output ?? {}, 'response.audio.output'),
  };
  const maxTokens = maxTokensOf(...told('max_output_tokens'));
  const tools = toolsOf(...told('tools'));
  const temperature = told('temperature')[0];
  return {
    modality: modalityOf(...told('output_modalities')),
    instructions: instructionsOf(...told('instructions')),
    format: audioFormat(output.format, 'session.audio.output.format'),
    voice: voiceOf(output.voice),
    speed: numberOf(output.speed ?? 1, 0.25, 1.5, 'session.audio.output.speed'),
    options: {
      ...(maxTokens === null ? {} : { maxTokens }),
      ...(tools.length > 0 ? { tools, toolChoice: toolChoiceOf(...told('tool_choice')) } : {}),
      ...(typeof temperature === 'number'
        ? { temperature: numberOf(temperature, 0, 2, 'session.temperature') }
        : {}),
    },
  };
}

function modalityOf(value: unknown, param: string): 'audio' | 'text' {
  if (!Array.isArray(value) || value.length === 0 || value.some((one) => one !== 'audio' && one !== 'text'))
    throw invalid('["audio"] or ["text"].', param);
  return value.includes('audio') ? 'audio' : 'text';
}

function instructionsOf(value: unknown, param: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw invalid('A text.', param);
  if (value.length > LONGEST_INSTRUCTIONS)
    throw new RealtimeProblem(
      'string_above_max_length',
      `At most ${LONGEST_INSTRUCTIONS} characters.`,
      param,
    );
  return value;
}

/** A voice of one's own is told by its id; here it is as good as any other name. */
function voiceOf(value: unknown): string {
  const name = isMembers(value) ? value.id : value;
  if (typeof name !== 'string' || name.length === 0 || name.length > 100)
    throw invalid('The name of a voice.', 'session.audio.output.voice');
  return name;
}

function maxTokensOf(value: unknown, param: string): number | null {
  if (value === undefined || value === null || value === 'inf') return null;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > 4_096)
    throw invalid('1 to 4096, or "inf".', param);
  return value;
}

function toolsOf(value: unknown, param: string): TextTool[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > MOST_TOOLS)
    throw invalid(`A list of at most ${MOST_TOOLS} tools.`, param);
  return value.map((tool, index) => {
    const at = `${param}[${index}]`;
    const { type, name, description, parameters } = membersOf(tool, at);
    if (type !== 'function') throw invalid('This server calls only tools of type function.', `${at}.type`);
    if (typeof name !== 'string' || !TOOL_NAME.test(name))
      throw invalid('At most 64 letters, digits, _ and -.', `${at}.name`);
    return {
      name,
      ...(typeof description === 'string' ? { description } : {}),
      parameters: isMembers(parameters) ? parameters : { type: 'object', properties: {} },
    };
  });
}

function toolChoiceOf(value: unknown, param: string): NonNullable<TextOptions['toolChoice']> {
  if (value === undefined || value === null) return 'auto';
  if (value === 'auto' || value === 'none' || value === 'required') return value;
  if (isMembers(value) && value.type === 'function' && typeof value.name === 'string')
    return { name: value.name };
  throw invalid('auto, none, required, or a function.', param);
}

function numberOf(value: unknown, least: number, most: number, param: string): number {
  if (typeof value !== 'number' || !(value >= least && value <= most))
    throw invalid(`A number from ${least} to ${most}.`, param);
  return value;
}

function membersOf(value: unknown, param: string): Members {
  if (!isMembers(value)) throw invalid('An object.', param);
  return value;
}

const invalid = (expected: string, param: string) =>
  new RealtimeProblem('invalid_value', `Invalid value for '${param}'. Expected: ${expected}`, param);
