import { shortened } from './shorten.js';

/**
 * The chat stream of contract §5.5: `<tag>: <payload>` and an empty line. The app takes a piece of the network for a frame as
 * soon as it is shorter than 1,024 characters, and glues longer ones to what follows.
 */

/** Characters of a whole frame, its tag and the empty line included. */
const MAX_FRAME = 1_000;
/** How a newline is written inside a payload. */
const NEWLINE = '__CRLF__';
const END = '\n\n';

/** A line about progress; cut when it is long. */
export const thinkFrame = (text: string): string =>
  `think: ${pieces(text, MAX_FRAME - 'think: '.length - END.length)[0] ?? ''}${END}`;

/** A stretch of the answer, in as many frames as it needs. */
export const dataFrames = (text: string): string[] =>
  pieces(text, MAX_FRAME - 'data: '.length - END.length).map((piece) => `data: ${piece}${END}`);

/** What the user said aloud. The longest text that fits is shown; the stored message has all of it. */
export function messageFrame(message: Readonly<Record<string, unknown>> & { readonly text: string }): string {
  for (let characters = message.text.length; ; characters = Math.floor(characters * 0.8)) {
    const frame = `message: ${base64({ ...message, text: shortened(message.text, characters) })}${END}`;
    if (frame.length <= MAX_FRAME || characters === 0) return frame;
  }
}

/** The whole answer; nothing comes after it, so it may be long. */
export const doneFrame = (message: unknown): string => `done: ${base64(message)}${END}`;

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');

/** Cuts a text so that neither a newline's name nor a pair of surrogates comes apart. */
function pieces(text: string, longest: number): string[] {
  const found: string[] = [];
  let piece = '';
  for (const character of text.replaceAll(/\r\n?/g, '\n')) {
    const written = character === '\n' ? NEWLINE : character;
    if (piece.length + written.length > longest) {
      found.push(piece);
      piece = '';
    }
    piece += written;
  }
  return piece === '' ? found : [...found, piece];
}
