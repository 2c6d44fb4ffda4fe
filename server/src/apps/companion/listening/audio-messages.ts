import type { Coding, SoundClock } from './sound.js';

/** What the audio thread is asked. Streams are named by their id. */
export type AudioOrder =
  | { readonly kind: 'open'; readonly id: string; readonly folder: string; readonly coding: Coding }
  /** Journal records, in the order they came. */
  | {
      readonly kind: 'append';
      readonly batches: readonly { readonly id: string; readonly records: Uint8Array }[];
    }
  /** Held streams are journaled but not decoded. */
  | { readonly kind: 'hold'; readonly id: string; readonly isHeld: boolean }
  /** Sound before this place (samples) is not needed again. */
  | { readonly kind: 'forget'; readonly id: string; readonly before: number }
  /** No more audio: `ended` follows the last sound. */
  | { readonly kind: 'end'; readonly id: string }
  /** Lets go of the stream; its folder stays. */
  | { readonly kind: 'close'; readonly id: string }
  | {
      readonly kind: 'rest';
      readonly request: number;
      readonly folder: string;
      readonly coding: Coding;
      readonly from: number;
    }
  | {
      readonly kind: 'decode';
      readonly request: number;
      readonly coding: Coding;
      readonly messages: readonly Uint8Array[];
    };

/** A piece of what was journaled and not heard. */
export interface LeftSound {
  readonly samples: Int16Array;
  readonly clock: SoundClock;
}

/** What the audio thread tells. */
export type AudioReport =
  /** `clock`: anchors in this piece, as places (samples of the stream) and epoch milliseconds. */
  | { readonly kind: 'sound'; readonly id: string; readonly samples: Int16Array; readonly clock: SoundClock }
  | { readonly kind: 'journaled'; readonly id: string; readonly bytes: number }
  | { readonly kind: 'ended'; readonly id: string }
  | {
      readonly kind: 'failed';
      readonly id: string;
      readonly code: string | undefined;
      readonly message: string;
    }
  | {
      readonly kind: 'answer';
      readonly request: number;
      readonly left?: readonly LeftSound[];
      readonly samples?: Int16Array;
    }
  | { readonly kind: 'refused'; readonly request: number; readonly message: string };
