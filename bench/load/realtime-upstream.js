// @ts-check
// A process of its own: a Realtime upstream that answers every `response.create` with audio, 50 pieces a second, each
// stamped with the time at which it was sent.
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

process.once('disconnect', () => process.exit());
const PIECE_MS = 20;
/** 20 ms of 16-bit sound at 24 kHz. */
const delta = Buffer.alloc(960, 7).toString('base64');

const server = createServer((_request, response) => response.writeHead(404).end());
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on('connection', (socket) => {
  socket.on('error', () => socket.terminate());
  socket.send(JSON.stringify({ type: 'session.created', event_id: 'e', session: { type: 'realtime' } }));
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  socket.on('close', () => clearInterval(timer));
  socket.on('message', (data) => {
    const event = String(data);
    if (!event.startsWith('{"type":"response.create"') || timer) return;
    timer = setInterval(() => {
      socket.send(
        `{"type":"response.output_audio.delta","event_id":"e","response_id":"r","item_id":"i","output_index":0,"content_index":0,"sent_at":${performance.timeOrigin + performance.now()},"delta":"${delta}"}`,
      );
    }, PIECE_MS);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' ? address?.port : address);
});
