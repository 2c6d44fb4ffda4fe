import { isMembers, type RealtimeSession } from './configuration.js';

type Members = Readonly<Record<string, unknown>>;

/** The formats by their older names (contract §8.3). */
const FORMATS: Readonly<Record<string, Members>> = {
  pcm16: { type: 'audio/pcm', rate: 24_000 },
  g711_ulaw: { type: 'audio/pcmu' },
  g711_alaw: { type: 'audio/pcma' },
};

/** The flat session of the older ("beta") dialect in the current shape; only what is given is in it. */
export function fromOlderSession(flat: Members): RealtimeSession {
  const input = given({
    format: formatOf(flat.input_audio_format),
    transcription: flat.input_audio_transcription,
    noise_reduction: flat.input_audio_noise_reduction,
    turn_detection: flat.turn_detection,
  });
  const output = given({
    format: formatOf(flat.output_audio_format),
    voice: flat.voice,
    speed: flat.speed,
  });
  const audio = given({ input: orNothing(input), output: orNothing(output) });
  return {
    type: 'realtime',
    ...given({
      model: flat.model,
      output_modalities: modalityOf(flat.modalities),
      instructions: flat.instructions,
      audio: orNothing(audio),
      tools: flat.tools,
      tool_choice: flat.tool_choice,
      max_output_tokens: flat.max_response_output_tokens,
      tracing: flat.tracing,
      temperature: flat.temperature,
    }),
  };
}

/** A session of the current shape as the older dialect writes it. */
export function toOlderSession(session: Members): Members {
  const audio = isMembers(session.audio) ? session.audio : {};
  const input = isMembers(audio.input) ? audio.input : {};
  const output = isMembers(audio.output) ? audio.output : {};
  const [modality] = Array.isArray(session.output_modalities) ? session.output_modalities : ['audio'];
  return given({
    id: session.id,
    object: 'realtime.session',
    expires_at: session.expires_at,
    model: session.model,
    modalities: modality === 'text' ? ['text'] : ['audio', 'text'],
    instructions: session.instructions,
    voice: output.voice,
    speed: output.speed,
    input_audio_format: olderFormatOf(input.format),
    output_audio_format: olderFormatOf(output.format),
    input_audio_transcription: input.transcription,
    input_audio_noise_reduction: input.noise_reduction,
    turn_detection: input.turn_detection,
    tools: session.tools,
    tool_choice: session.tool_choice,
    temperature: session.temperature ?? 0.8,
    max_response_output_tokens: session.max_output_tokens,
    tracing: session.tracing,
  });
}

/** The older dialect asks for text beside audio, which the current one always gives. */
const modalityOf = (modalities: unknown): readonly string[] | undefined =>
  Array.isArray(modalities) ? [modalities.includes('audio') ? 'audio' : 'text'] : undefined;

const formatOf = (name: unknown): Members | undefined =>
  typeof name === 'string' ? FORMATS[name] : undefined;

const olderFormatOf = (format: unknown): string | undefined => {
  const type = isMembers(format) ? format.type : undefined;
  return Object.entries(FORMATS).find(([, current]) => current.type === type)?.[0];
};

const given = (members: Members): Members =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

const orNothing = (members: Members): Members | undefined =>
  Object.keys(members).length > 0 ? members : undefined;
