import { parentPort } from 'node:worker_threads';
import type { AudioOrder, AudioReport, LeftSound } from './audio-messages.js';
import { createJournal, type Journal, leftRecords } from './journal/files.js';
import { clockOf, type JournalRecord, recordKinds } from './journal/records.js';
import { type Coding, createMessageDecoder, type MessageDecoder, pauseSamples, soundRate } from './sound.js';

/** The thread of live audio: journals what comes in, and decodes what it reads back from the journal. */

/** A longer rest is handed over in pieces, each recognised by a job of its own. */
const longestPiece = 300 * soundRate;

interface Stream {
  readonly id: string;
  readonly journal: Journal;
  decoder: MessageDecoder | undefined;
  /** Samples decoded so far. */
  position: number;
  isHeld: boolean;
  isEnding: boolean;
  isScheduled: boolean;
}

/** Long recordings let live streams pass in between. */
const messagesPerBreath = 500;
const breath = () => new Promise((resolve) => setImmediate(resolve));

const streams = new Map<string, Stream>();
const tell = (reports: readonly AudioReport[], transfer: readonly ArrayBuffer[] = []) =>
  parentPort?.postMessage(reports, [...transfer]);

const fail = (id: string, error: unknown) => {
  const stream = streams.get(id);
  if (stream) close(stream);
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  tell([{ kind: 'failed', id, code, message: error instanceof Error ? error.message : String(error) }]);
};

function close(stream: Stream): void {
  streams.delete(stream.id);
  stream.decoder?.free();
  stream.journal.close();
}

/** Decodes records one behind the other; tells where their clock was set. */
function decodeRecords(
  decoder: MessageDecoder,
  records: readonly JournalRecord[],
  from: number,
): { samples: Int16Array; clock: [number, number][] } {
  const clock: [number, number][] = [];
  const parts: Int16Array[] = [];
  let position = from;
  for (const record of records) {
    if (record.kind === recordKinds.clock) clock.push([position, clockOf(record)]);
    const part =
      record.kind === recordKinds.audio
        ? decoder.decode(record.payload)
        : record.kind === recordKinds.pause
          ? new Int16Array(pauseSamples)
          : undefined;
    if (!part) continue;
    parts.push(part);
    position += part.length;
  }
  const samples = new Int16Array(position - from);
  let offset = 0;
  for (const part of parts) {
    samples.set(part, offset);
    offset += part.length;
  }
  return { samples, clock };
}

/** One turn of a stream; another one follows while there is more. */
function follow(stream: Stream): void {
  const { decoder, id } = stream;
  if (!decoder || stream.isHeld || !streams.has(id)) return;
  try {
    const records = stream.journal.next(stream.position);
    if (records.length > 0) {
      const { samples, clock } = decodeRecords(decoder, records, stream.position);
      stream.position += samples.length;
      if (samples.length > 0 || clock.length > 0) {
        tell([{ kind: 'sound', id, samples, clock }], [samples.buffer as ArrayBuffer]);
      }
      schedule(stream);
    } else if (stream.isEnding) {
      tell([{ kind: 'ended', id }]);
    }
  } catch (error) {
    fail(id, error);
  }
}

function schedule(stream: Stream): void {
  if (stream.isScheduled) return;
  stream.isScheduled = true;
  setImmediate(() => {
    stream.isScheduled = false;
    follow(stream);
  });
}

async function open({ id, folder, coding }: Extract<AudioOrder, { kind: 'open' }>): Promise<void> {
  const stream: Stream = {
    id,
    journal: createJournal(folder),
    decoder: undefined,
    position: 0,
    isHeld: false,
    isEnding: false,
    isScheduled: false,
  };
  streams.set(id, stream);
  const decoder = await createMessageDecoder(coding);
  if (streams.get(id) !== stream) return decoder.free();
  stream.decoder = decoder;
  follow(stream);
}

function append(batches: Extract<AudioOrder, { kind: 'append' }>['batches']): void {
  const sizes: AudioReport[] = [];
  for (const { id, records } of batches) {
    const stream = streams.get(id);
    if (!stream) continue;
    try {
      stream.journal.append(records);
      sizes.push({ kind: 'journaled', id, bytes: stream.journal.size });
      follow(stream);
    } catch (error) {
      fail(id, error);
    }
  }
  tell(sizes);
}

/** What a journal holds from a place (samples) on, in pieces. */
async function rest(folder: string, coding: Coding, from: number): Promise<LeftSound[]> {
  const decoder = await createMessageDecoder(coding);
  const { position: start, parts } = leftRecords(folder);
  const pieces: { samples: Int16Array[]; length: number; clock: [number, number][] }[] = [];
  let position = start;
  let anchor: readonly [number, number] | undefined;
  for (const records of parts) {
    await breath();
    const { samples, clock } = decodeRecords(decoder, records, position);
    const wanted = samples.subarray(Math.max(0, Math.min(samples.length, from - position)));
    const wantedFrom = position + samples.length - wanted.length;
    position += samples.length;
    const before = clock.findLast(([at]) => at <= wantedFrom) ?? anchor;
    if (wanted.length > 0) {
      let piece = pieces.at(-1);
      if (!piece || piece.length + wanted.length > longestPiece) {
        piece = { samples: [], length: 0, clock: [] };
        pieces.push(piece);
        if (before) piece.clock.push([0, before[1] + ((wantedFrom - before[0]) * 1_000) / soundRate]);
      }
      for (const [at, instant] of clock)
        if (at > wantedFrom) piece.clock.push([(piece.length + at - wantedFrom) / soundRate, instant]);
      piece.samples.push(wanted);
      piece.length += wanted.length;
    }
    anchor = clock.at(-1) ?? anchor;
  }
  decoder.free();
  return pieces.map(({ samples, length, clock }) => ({ samples: whole(samples, length), clock }));
}

function whole(parts: readonly Int16Array[], length: number): Int16Array {
  const samples = new Int16Array(length);
  let offset = 0;
  for (const part of parts) {
    samples.set(part, offset);
    offset += part.length;
  }
  return samples;
}

async function decode(coding: Coding, messages: readonly Uint8Array[]): Promise<Int16Array> {
  const decoder = await createMessageDecoder(coding);
  const parts: Int16Array[] = [];
  for (const [index, message] of messages.entries()) {
    if (index % messagesPerBreath === 0) await breath();
    parts.push(decoder.decode(message));
  }
  decoder.free();
  return whole(
    parts,
    parts.reduce((sum, { length }) => sum + length, 0),
  );
}

const answer = (
  request: number,
  work: Promise<Pick<Extract<AudioReport, { kind: 'answer' }>, 'left' | 'samples'>>,
) => {
  work.then(
    (result) => tell([{ kind: 'answer', request, ...result }]),
    (error: unknown) =>
      tell([{ kind: 'refused', request, message: error instanceof Error ? error.message : String(error) }]),
  );
};

parentPort?.on('message', (order: AudioOrder) => {
  if (order.kind === 'open') {
    open(order).catch((error: unknown) => fail(order.id, error));
    return;
  }
  if (order.kind === 'append') return append(order.batches);
  if (order.kind === 'rest')
    return answer(
      order.request,
      rest(order.folder, order.coding, order.from).then((left) => ({ left })),
    );
  if (order.kind === 'decode')
    return answer(
      order.request,
      decode(order.coding, order.messages).then((samples) => ({ samples })),
    );
  const stream = streams.get(order.id);
  if (!stream) return;
  if (order.kind === 'close') return close(stream);
  if (order.kind === 'forget') return stream.journal.forget(order.before);
  if (order.kind === 'hold') stream.isHeld = order.isHeld;
  else stream.isEnding = true;
  schedule(stream);
});
