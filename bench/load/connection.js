// @ts-check
import { connect } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * One kept-alive connection that carries one request at a time. It reads no more of an answer than its status and
 * length, so that it takes less of the processor than the server that it measures.
 *
 * @typedef {object} Connection
 * @property {(request: string, answered: (status: number, bytes: number) => void) => void} send status 0 when the
 *   connection broke; it makes itself anew
 * @property {() => void} close
 */

/** @param {number} port @returns {Connection} */
export function openConnection(port) {
  /** @type {((status: number, bytes: number) => void) | null} */
  let answered = null;
  /** @type {Buffer | null} */
  let head = null;
  let status = 0;
  let bytes = 0;
  let missing = 0;
  let closed = false;
  let socket = open();

  /** @param {number} finalStatus */
  function finish(finalStatus) {
    const tell = answered;
    answered = null;
    tell?.(finalStatus, bytes);
  }

  /** @param {Buffer} chunk */
  function receive(chunk) {
    bytes += chunk.length;
    if (missing > 0) {
      missing -= chunk.length;
    } else {
      head = head ? Buffer.concat([head, chunk]) : chunk;
      const end = head.indexOf(HEAD_END);
      if (end < 0) return;
      const text = head.toString('latin1', 0, end);
      status = Number(text.slice(9, 12));
      const length = status === 304 ? 0 : Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1] ?? 0);
      missing = length - (head.length - end - HEAD_END.length);
      head = null;
    }
    if (missing <= 0) finish(status);
  }

  function open() {
    const opened = connect({ port, host: '127.0.0.1', noDelay: true });
    opened.on('data', receive);
    opened.on('error', () => {}); // told by `close`
    opened.once('close', () => {
      if (closed) return;
      head = null;
      missing = 0;
      socket = open();
      finish(0);
    });
    return opened;
  }

  return {
    send: (request, whenAnswered) => {
      answered = whenAnswered;
      bytes = 0;
      socket.write(request);
    },
    close: () => {
      closed = true;
      socket.destroy();
    },
  };
}
