import { WebSocket } from 'ws';

/** Makes Node tell where its inspector is, and nothing else; for the environment of a child. */
export const INSPECTED = { NODE_OPTIONS: '--inspect=127.0.0.1:0' };

/** A process's heap, looked at from outside. */
export interface InspectedHeap {
  /** Bytes that live objects take: the collector has been there just before. */
  used(): Promise<number>;
  close(): void;
}

/** @param output what the process wrote, with the inspector's address in it */
export async function inspectHeap(output: string): Promise<InspectedHeap> {
  const [address] = /ws:\/\/127\.0\.0\.1:\d+\/\S+/.exec(output) ?? [];
  if (!address) throw new Error(`No inspector is told of in:\n${output}`);
  const socket = new WebSocket(address, { perMessageDeflate: false });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  let last = 0;
  const send = (method: string): Promise<Record<string, unknown>> =>
    new Promise((resolve) => {
      last += 1;
      const id = last;
      const hear = (data: unknown): void => {
        const answer = JSON.parse(String(data)) as { id?: number; result?: Record<string, unknown> };
        if (answer.id !== id) return;
        socket.off('message', hear);
        resolve(answer.result ?? {});
      };
      socket.on('message', hear);
      socket.send(JSON.stringify({ id, method }));
    });
  await send('HeapProfiler.enable');
  return {
    used: async () => {
      await send('HeapProfiler.collectGarbage');
      return Number((await send('Runtime.getHeapUsage')).usedSize);
    },
    close: () => socket.close(),
  };
}
