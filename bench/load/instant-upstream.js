// @ts-check
// A process of its own: a language model that knows its one answer at once, or after `process.argv[2]` milliseconds.
import { createServer } from 'node:http';

process.once('disconnect', () => process.exit());
const wait = Number(process.argv[2] ?? 0);
const words = ['About ', 'four hundred ', 'points ', 'on most phones.'];
/** @param {object} delta @param {string | null} finish */
const chunk = (delta, finish = null) =>
  `data: ${JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'instant',
    choices: [{ index: 0, delta, finish_reason: finish }],
  })}\n\n`;
const answer = [...words.map((content) => chunk({ content })), chunk({}, 'stop'), 'data: [DONE]\n\n'].join(
  '',
);

const server = createServer((request, response) => {
  request.resume().once('end', () => {
    const send = () => response.writeHead(200, { 'content-type': 'text/event-stream' }).end(answer);
    if (wait > 0) setTimeout(send, wait);
    else send();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' ? address?.port : address);
});
