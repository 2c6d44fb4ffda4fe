import type { PcmAudio } from '../../../../platform/ai/transcriber.js';
import { createSampleTape } from '../../../../platform/audio/sample-tape.js';
import {
  createVoiceActivityDetector,
  type VoiceActivityDetector,
} from '../../../../platform/audio/voice-activity.js';
import { prefixedId } from '../../../../platform/ids.js';
import { RealtimeProblem } from '../events.js';
import type { AudioFormat } from './formats.js';

/** How the end of a turn is heard; null = the client says so. */
export interface TurnDetection {
  /** 0 to 1. */
  readonly threshold: number;
  readonly prefixPaddingMs: number;
  readonly silenceDurationMs: number;
}

/** What somebody said, about to become an item. Times in milliseconds from the session's first sound. */
export interface Utterance {
  readonly itemId: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly audio: PcmAudio;
}

export type InputChange =
  | { readonly kind: 'started'; readonly itemId: string; readonly ms: number }
  | { readonly kind: 'stopped'; readonly utterance: Utterance };

/** The input audio buffer of a session. */
export interface InputAudio {
  readonly isSpeech: boolean;
  /** @throws RealtimeProblem when more waits to be committed than a buffer holds */
  append(bytes: Uint8Array): InputChange[];
  /** What has been said since the last commit. @throws RealtimeProblem when that is nothing */
  commit(): Utterance;
  clear(): void;
  /** Takes another format or detection from now on; what waits is only kept when neither changes. */
  configure(format: AudioFormat, detection: TurnDetection | null): void;
}

/** OpenAI refuses to commit less. */
const SHORTEST_MS = 100;
/** The most that may wait to be committed. */
const LONGEST_MS = 600_000;

export function createInputAudio(): InputAudio {
  let format: AudioFormat | undefined;
  let detection: TurnDetection | null = null;
  let tape = createSampleTape();
  let detector: VoiceActivityDetector | undefined;
  /** Where on the tape the detector began to listen, and where the last commit ended. */
  let origin = 0;
  let committed = 0;
  /** Milliseconds of sound before this tape. */
  let before = 0;
  let speaking: { readonly itemId: string; readonly start: number } | undefined;

  const inMs = (position: number) => Math.round(before + (position * 1_000) / (format?.sampleRate ?? 1));
  const utterance = (itemId: string, start: number, end: number): Utterance => ({
    itemId,
    startMs: inMs(start),
    endMs: inMs(end),
    audio: { samples: tape.read(start, end), sampleRate: format?.sampleRate ?? 1 },
  });
  const listenAnew = () => {
    origin = tape.end;
    speaking = undefined;
    detector =
      detection && format
        ? createVoiceActivityDetector({ sampleRate: format.sampleRate, ...detection })
        : undefined;
  };

  return {
    get isSpeech() {
      return speaking !== undefined;
    },
    append: (bytes) => {
      if (!format) return [];
      const samples = format.decode(bytes);
      if (
        inMs(tape.end + samples.length) - inMs(speaking?.start ?? committed) > LONGEST_MS &&
        (!detector || speaking)
      )
        throw new RealtimeProblem(
          'input_audio_buffer_full',
          'More than ten minutes of audio wait to be committed. Commit or clear the buffer.',
        );
      tape.write(samples);
      if (!detector) return [];
      const changes: InputChange[] = [];
      for (const { kind, position } of detector.write(samples)) {
        const at = origin + position;
        if (kind === 'started') {
          speaking = { itemId: prefixedId('item_'), start: at };
          changes.push({ kind, itemId: speaking.itemId, ms: inMs(at) });
        } else if (speaking) {
          changes.push({ kind, utterance: utterance(speaking.itemId, speaking.start, at) });
          committed = at;
          speaking = undefined;
        }
      }
      tape.forget(origin + detector.settledPosition);
      return changes;
    },
    commit: () => {
      const start = speaking?.start ?? (detector ? tape.end : committed);
      if (inMs(tape.end) - inMs(start) < SHORTEST_MS)
        throw new RealtimeProblem(
          'input_audio_buffer_commit_empty',
          `There is nothing to commit: at least ${SHORTEST_MS} ms of audio are needed.`,
        );
      const said = utterance(speaking?.itemId ?? prefixedId('item_'), start, tape.end);
      committed = tape.end;
      tape.forget(committed);
      listenAnew();
      return said;
    },
    clear: () => {
      committed = tape.end;
      tape.forget(committed);
      listenAnew();
    },
    configure: (nextFormat, nextDetection) => {
      const isSameFormat = nextFormat === format;
      if (isSameFormat && JSON.stringify(nextDetection) === JSON.stringify(detection)) return;
      if (!isSameFormat) {
        before = inMs(tape.end);
        tape = createSampleTape();
        committed = 0;
      }
      format = nextFormat;
      detection = nextDetection;
      listenAnew();
    },
  };
}
