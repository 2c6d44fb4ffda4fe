/** One server-sent event as it came. */
export interface ReceivedEvent {
  /** `message` when the server named none. */
  readonly name: string;
  /** Parsed, or the text when it is not JSON (`[DONE]`). */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into events of every shape
  readonly data: any;
}

/** Reads an answer's events until it ends; comments are left out. */
export async function* receivedEvents(answer: Response): AsyncGenerator<ReceivedEvent> {
  const decoder = new TextDecoder();
  let waiting = '';
  for await (const chunk of answer.body ?? []) {
    waiting += decoder.decode(chunk, { stream: true });
    const blocks = waiting.split('\n\n');
    waiting = blocks.pop() ?? '';
    for (const block of blocks) {
      const lines = block.split('\n');
      const member = (name: string) =>
        lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
      const data = member('data');
      if (data === undefined) continue;
      yield { name: member('event') ?? 'message', data: parsed(data) };
    }
  }
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return data;
  }
}

/** All events of an answer. */
export async function allEvents(answer: Response): Promise<ReceivedEvent[]> {
  const events: ReceivedEvent[] = [];
  for await (const event of receivedEvents(answer)) events.push(event);
  return events;
}
