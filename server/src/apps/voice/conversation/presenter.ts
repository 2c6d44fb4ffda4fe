import type { AppError } from '../../../platform/http/errors.js';
import { serverSentEvent } from '../event-stream.js';
import { presentVoiceError } from '../present-error.js';
import type { Turn, TurnEvent } from './service.js';

/** A turn in the contract's shape; `response` is the name, `text` an alias. */
export const presentTurn = ({ id, text, model, usage }: Turn) => ({
  response: text,
  text,
  id,
  model,
  usage: usage && {
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
  },
});

/** The events of contract §5.1, and `speech_failed` when the text goes on unspoken. */
export function presentTurnEvent(event: TurnEvent): string {
  switch (event.type) {
    case 'text':
      return serverSentEvent({ text: event.text }, 'delta');
    case 'audio':
      return serverSentEvent(
        { base64: Buffer.from(event.audio).toString('base64'), format: event.format, seq: event.seq },
        'audio',
      );
    case 'speech-failed':
      return serverSentEvent(presentVoiceError(event.error).error, 'speech_failed');
    case 'done':
      return serverSentEvent(presentTurn(event.turn), 'done');
  }
}

/** The last event of a stream that fails after it has begun. */
export const presentTurnFailure = (error: AppError): string =>
  serverSentEvent(presentVoiceError(error).error, 'error');
