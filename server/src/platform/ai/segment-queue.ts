import { ReadableStream, type ReadableStreamDefaultController } from 'node:stream/web';
import type { TranscriptionEvent } from './transcriber.js';

/** Seconds of speech that wait to be heard: from the first on a stream lags, under the second it has caught up. */
const lagging = 60;
const caughtUp = 20;

/** The half of a transcription stream that all engines share: what was heard, the lag, and the end. */
export interface SegmentQueue {
  readonly segments: AsyncIterable<TranscriptionEvent>;
  /** Aborted when the stream is over, for whatever reason. */
  readonly closing: AbortSignal;
  readonly isLagging: boolean;
  /** Does nothing once the stream is over. */
  emit(event: TranscriptionEvent): void;
  /** So many seconds of speech have begun to wait (or, negative, have been heard). */
  wait(seconds: number): void;
  drained(): Promise<void>;
  close(): void;
}

/** @param signal ends the stream */
export function createSegmentQueue(signal: AbortSignal | undefined): SegmentQueue {
  const closing = new AbortController();
  let waitingSeconds = 0;
  let onCaughtUp: (() => void)[] = [];
  let controller: ReadableStreamDefaultController<TranscriptionEvent> | undefined;
  const release = () => {
    const resolved = onCaughtUp;
    onCaughtUp = [];
    for (const resolve of resolved) resolve();
  };
  const close = () => {
    if (closing.signal.aborted) return;
    closing.abort();
    signal?.removeEventListener('abort', close);
    controller?.close();
    release();
  };
  const segments = new ReadableStream<TranscriptionEvent>({
    start: (created) => {
      controller = created;
    },
    cancel: () => {
      // The iteration was left, which has closed the stream already.
      controller = undefined;
      close();
    },
  });
  signal?.addEventListener('abort', close, { once: true });
  if (signal?.aborted) close();
  return {
    segments,
    closing: closing.signal,
    get isLagging() {
      return waitingSeconds >= lagging;
    },
    emit(event) {
      if (!closing.signal.aborted) controller?.enqueue(event);
    },
    wait(seconds) {
      waitingSeconds += seconds;
      if (waitingSeconds < caughtUp) release();
    },
    drained: () =>
      closing.signal.aborted || waitingSeconds < lagging
        ? Promise.resolve()
        : new Promise((resolve) => onCaughtUp.push(resolve)),
    close,
  };
}
