import { WebSocket } from 'ws';
import { type Listener, listen, ready } from '../../support/companion-listener.js';
import { humSeconds, hums, secondsHeard } from '../../support/hums.js';
import { eventually } from '../../support/servers.js';
import { type Answer, signIn, someKey } from '../../support/speech-client.js';
import { answered, ask, notOnce, type Resident } from './resident.js';

interface NotesMemory {
  readonly key: string;
  count: number;
  /** Contents by id. */
  readonly memories: Record<string, string>;
  /** Whether each to-do is done, by id. */
  readonly items: Record<string, boolean>;
  readonly contents: Record<string, string>;
  /** Changes and removals that were acknowledged. */
  changes: number;
  /** Sent, and nobody knows whether they are there. */
  readonly unknown: string[];
  /** Removals without an answer. */
  readonly perhapsGone: string[];
}

/** What somebody keeps about. */
const KEPT = 30;
/** A server whose database went away during a commit cannot know what became of it either. */
const isOpen = (answer: Answer | null): boolean => answer === null || answer.status >= 500;

/** Writes facts and to-dos down, ticks off, removes: each request once, as the app does. */
export async function companionWriter(url: string, remembered?: unknown): Promise<Resident> {
  const memory = (remembered as NotesMemory) ?? {
    key: someKey(),
    count: 0,
    memories: {},
    items: {},
    contents: {},
    changes: 0,
    unknown: [],
    perhapsGone: [],
  };
  const { memories, items, contents, unknown, perhapsGone } = memory;
  const { token } = await signIn(url, memory.key);
  const headers = { authorization: `Bearer ${token}` };

  const make = async (path: string, field: string): Promise<{ id: string; content: string } | null> => {
    memory.count += 1;
    const content = `Note ${memory.count}`;
    const answer = await ask(`${url}${path}`, { headers, body: { [field]: content } });
    if (answer?.status === 200) return { id: answer.json.id, content };
    if (isOpen(answer)) unknown.push(content);
    return null;
  };
  const remove = async (path: string, kept: Record<string, unknown>): Promise<void> => {
    const [oldest] = Object.keys(kept).filter((id) => !perhapsGone.includes(id));
    if (!oldest || Object.keys(kept).length < KEPT) return;
    const answer = await ask(`${url}${path}/${oldest}`, { method: 'DELETE', headers });
    if (isOpen(answer)) perhapsGone.push(oldest);
    if (answer === null || answer.status >= 300) return;
    delete kept[oldest];
    memory.changes += 1;
  };
  const tickOff = async (): Promise<void> => {
    const [open] = Object.keys(items).filter((id) => !items[id] && !perhapsGone.includes(id));
    if (!open) return;
    const path = `/v1/action-items/${open}/completed?completed=true`;
    const answer = await ask(`${url}${path}`, { method: 'PATCH', headers });
    if (answer?.status !== 200) return;
    items[open] = true;
    memory.changes += 1;
  };

  return {
    app: 'companion',
    get acknowledged() {
      return Object.keys(memories).length + Object.keys(items).length + memory.changes;
    },
    step: async () => {
      const fact = await make('/v3/memories', 'content');
      if (fact) memories[fact.id] = fact.content;
      const item = await make('/v1/action-items', 'description');
      if (item) {
        items[item.id] = false;
        contents[item.id] = item.content;
      }
      await tickOff();
      await remove('/v3/memories', memories);
      await remove('/v1/action-items', items);
    },
    settle: async () => {},
    judge: async () => {
      const facts: { id: string; content: string }[] = (await answered(`${url}/v3/memories`, { headers }))
        .json;
      const { action_items: todos } = (await answered(`${url}/v1/action-items?limit=500`, { headers }))
        .json as {
        action_items: { id: string; description: string; completed: boolean }[];
      };
      const isCertain = (id: string) => !perhapsGone.includes(id);
      const certain = <T>(kept: Record<string, T>) => Object.entries(kept).filter(([id]) => isCertain(id));
      const isKnown = (content: string) => !unknown.includes(content);
      return [
        ...notOnce(
          'memory',
          facts
            .filter(({ id, content }) => isCertain(id) && isKnown(content))
            .map(({ id, content }) => `${id} ${content}`),
          { acknowledged: certain(memories).map(([id, content]) => `${id} ${content}`) },
        ),
        ...notOnce(
          'to-do',
          todos
            .filter(({ id, description }) => isCertain(id) && isKnown(description))
            .map(({ id, description }) => `${id} ${description}`),
          { acknowledged: certain(items).map(([id]) => `${id} ${contents[id]}`) },
        ),
        ...notOnce(
          'note',
          [...facts.map(({ content }) => content), ...todos.map(({ description }) => description)],
          {
            acknowledged: [],
            possible: [
              ...facts.map(({ content }) => content),
              ...todos.map(({ description }) => description),
            ],
          },
        ),
        ...todos.flatMap(({ id, completed }) =>
          items[id] && !completed ? [`lost: that to-do ${id} is done`] : [],
        ),
      ];
    },
    remember: () => memory,
  };
}

interface SpeakerMemory {
  readonly key: string;
  /** How often each utterance was said, by its number. */
  readonly said: Record<string, number>;
  /** The last text of each segment that the server has told, by id. */
  readonly segments: Record<string, string>;
}

/** What all speakers can say; the stand-in for a model hears it again. */
export const vocabulary = hums({ pitches: 40, stepHertz: 30 });
/** Then the button is pressed that ends the conversation. */
const UTTERANCES_PER_TALK = 12;
/** Of a hum that was cut in two by a crash, both parts are heard; more than this is heard twice. */
const HEARD_ONCE = 1.6;
const SETTLES_WITHIN_MS = 180_000;

/** Talks live, utterance by utterance, and ends a conversation now and then. */
export async function companionSpeaker(url: string, remembered?: unknown): Promise<Resident> {
  const memory = (remembered as SpeakerMemory) ?? { key: someKey(), said: {}, segments: {} };
  const { said, segments } = memory;
  const { token } = await signIn(url, memory.key);
  const headers = { authorization: `Bearer ${token}` };
  const broken: string[] = [];
  let listener: Listener | null = null;
  let utterances = 0;

  const note = (): void => {
    for (const [id, { text }] of listener?.segments ?? []) segments[id] = text;
  };
  const connect = async (): Promise<Listener | null> => {
    try {
      const opened = await listen(url, token, { codec: 'opus_fs320', sample_rate: '16000' });
      opened.closed.catch((error: unknown) => broken.push(`an answer that no parser reads: ${error}`));
      await Promise.race([ready(opened), opened.closed]);
      return opened;
    } catch {
      return null; // The server is away.
    }
  };
  const hangUp = async (): Promise<void> => {
    note();
    await listener?.stop().catch(() => undefined); // told by the handler of `closed`
    note();
    listener = null;
  };
  const endConversation = async (): Promise<boolean> => {
    const answer = await ask(`${url}/v1/conversations`, { headers, body: {} });
    return answer?.status === 200 || answer?.status === 404;
  };
  const conversations = async (): Promise<
    { status: string; transcript_segments: { id: string; text: string }[] }[]
  > => {
    const query = 'statuses=in_progress,processing,completed&include_discarded=true&limit=100';
    const all = [];
    for (let offset = 0; ; offset += 100) {
      const path = `/v1/conversations?${query}&offset=${offset}`;
      const { json } = await answered(`${url}${path}`, { headers });
      all.push(...json);
      if (json.length < 100) return all;
    }
  };

  return {
    app: 'companion',
    get acknowledged() {
      return Object.keys(segments).length;
    },
    step: async () => {
      if (listener?.socket.readyState !== WebSocket.OPEN) {
        note();
        listener = await connect();
        if (!listener) return;
      }
      const number = utterances % vocabulary.packets.length;
      utterances += 1;
      said[number] = (said[number] ?? 0) + 1;
      await listener.stream(vocabulary.packets[number] ?? [], 20);
      note();
      if (utterances % UTTERANCES_PER_TALK > 0) return;
      await hangUp();
      await endConversation();
    },
    settle: async () => {
      await hangUp();
      await eventually(
        async () => {
          await endConversation();
          return (await conversations()).map(({ status }) => status);
        },
        (statuses) => statuses.every((status) => status === 'completed'),
        SETTLES_WITHIN_MS,
        1_000,
      );
    },
    judge: async () => {
      const found = (await conversations()).flatMap(({ transcript_segments }) => transcript_segments);
      const texts = new Map(found.map(({ id, text }) => [id, text]));
      const heard = secondsHeard(found.flatMap(({ text }) => text.split(' ')));
      return [
        ...broken,
        ...notOnce(
          'segment',
          found.map(({ id }) => id),
          { acknowledged: Object.keys(segments), possible: texts.keys() },
        ),
        ...Object.entries(segments).flatMap(([id, text]) =>
          (texts.get(id) ?? text).includes(text) ? [] : [`lost: words of segment ${id}: ${text}`],
        ),
        ...[...heard].flatMap(([number, seconds]) =>
          seconds > (said[number] ?? 0) * humSeconds * HEARD_ONCE
            ? [`doubled: utterance ${number}, said ${said[number]} times, was heard for ${seconds} s`]
            : [],
        ),
      ];
    },
    remember: () => memory,
  };
}
