/** Sound that is written at one end and read by position, and of which the old part is let go. */
export interface SampleTape {
  /** Samples written so far, from the beginning. */
  readonly end: number;
  write(samples: Int16Array): void;
  /** A copy of what is between two positions and still there. */
  read(from: number, to: number): Int16Array;
  /** Lets go of everything before the position. */
  forget(before: number): void;
}

const smallestBuffer = 1 << 14;

export function createSampleTape(): SampleTape {
  let buffer = new Int16Array(smallestBuffer);
  /** Position of the buffer's first sample. */
  let start = 0;
  let length = 0;
  return {
    get end() {
      return start + length;
    },
    write(samples) {
      if (length + samples.length > buffer.length) {
        const larger = new Int16Array(Math.max(buffer.length * 2, length + samples.length));
        larger.set(buffer.subarray(0, length));
        buffer = larger;
      }
      buffer.set(samples, length);
      length += samples.length;
    },
    read: (from, to) => buffer.slice(Math.max(0, from - start), Math.max(0, Math.min(length, to - start))),
    forget(before) {
      const gone = Math.min(length, before - start);
      // Moving the rest is only worth it once it is the smaller part.
      if (gone <= 0 || gone * 2 < length) return;
      const rest = buffer.subarray(gone, length);
      if (buffer.length > smallestBuffer && rest.length * 4 < buffer.length) {
        buffer = new Int16Array(Math.max(smallestBuffer, rest.length * 2));
        buffer.set(rest);
      } else buffer.copyWithin(0, gone, length);
      start += gone;
      length -= gone;
    },
  };
}
