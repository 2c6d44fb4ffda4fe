/** What the screen shows; contract §3. `refused`: the server declined for a reason that it has put into words. */
export type Phase =
  | 'needs-key'
  | 'idle'
  | 'requesting-mic'
  | 'listening'
  | 'transcribing'
  | 'thinking'
  | 'speaking'
  | 'mic-denied'
  | 'mic-missing'
  | 'offline'
  | 'invalid-key'
  | 'rate-limited'
  | 'upstream-down'
  | 'tts-failed'
  | 'refused';

export interface Message {
  readonly id: string;
  readonly sender: 'user' | 'bot';
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** `unanswered`: of the user's, to be asked again. `interrupted`: of the bot's; `text` is what was heard. */
  readonly status: 'pending' | 'done' | 'unanswered' | 'interrupted';
}

export interface Conversation {
  readonly id: string;
  readonly startedAt: number;
  readonly messages: readonly Message[];
}

export interface Talk extends Conversation {
  readonly phase: Phase;
  /** Counts up with every turn; what belongs to a former one comes too late. */
  readonly turn: number;
  /** What is heard so far, before it is a message. */
  readonly interim: string;
  /** A sentence about the phase, when there is more to say than its own words. */
  readonly notice: string;
  /** When it makes sense to ask again, in milliseconds since the epoch. */
  readonly waitUntil: number | null;
  readonly isHandsFree: boolean;
}

/** Why a turn did not work out. */
export interface Trouble {
  readonly phase: Extract<
    Phase,
    | 'mic-denied'
    | 'mic-missing'
    | 'offline'
    | 'invalid-key'
    | 'rate-limited'
    | 'upstream-down'
    | 'tts-failed'
    | 'refused'
    | 'idle'
  >;
  readonly notice?: string;
  readonly waitUntil?: number;
}

interface OfTurn {
  readonly turn: number;
}

export type TalkEvent =
  /** Begin a turn. */
  | (OfTurn & { readonly type: 'listen' })
  | (OfTurn & { readonly type: 'ask'; readonly question: Pick<Message, 'id' | 'text' | 'at'> })
  | (OfTurn & { readonly type: 'say-again' })
  /** Belong to one. */
  | (OfTurn & { readonly type: 'capturing'; readonly notice?: string })
  | (OfTurn & { readonly type: 'hearing'; readonly text: string })
  | (OfTurn & { readonly type: 'transcribing' })
  | (OfTurn & { readonly type: 'transcribing-slowly' })
  | (OfTurn & { readonly type: 'answering'; readonly id: string; readonly text: string; readonly at: number })
  | (OfTurn & { readonly type: 'answered' })
  | (OfTurn & { readonly type: 'spoken' })
  | (OfTurn & { readonly type: 'failed'; readonly trouble: Trouble })
  /** Of a talk without hands: who said what, in whatever order it becomes known. */
  | (OfTurn & { readonly type: 'ready' })
  | (OfTurn & {
      readonly type: 'said';
      readonly id: string;
      readonly sender: Message['sender'];
      readonly text: string;
      readonly at: number;
    })
  | (OfTurn & { readonly type: 'thinking' })
  | (OfTurn & { readonly type: 'interrupted'; readonly id: string; readonly heard: string })
  /** What the user does to the turn, whichever it is. */
  | { readonly type: 'cancelled' }
  | { readonly type: 'stopped'; readonly heard: string }
  | { readonly type: 'dismissed' }
  | { readonly type: 'key-given' }
  | { readonly type: 'key-needed' }
  | { readonly type: 'hands-free'; readonly isOn: boolean }
  | { readonly type: 'cleared'; readonly id: string; readonly at: number };

export const startOf = (conversation: Conversation): Talk => ({
  ...conversation,
  phase: 'idle',
  turn: 0,
  interim: '',
  notice: '',
  waitUntil: null,
  isHandsFree: false,
});

const BEGINS: ReadonlySet<TalkEvent['type']> = new Set(['listen', 'ask', 'say-again']);

/** The one place where the talk changes. Events of a turn that is over are dropped. */
export function reduce(talk: Talk, event: TalkEvent): Talk {
  if ('turn' in event && (BEGINS.has(event.type) ? event.turn < talk.turn : event.turn !== talk.turn))
    return talk;
  const calm = { notice: '', interim: '', waitUntil: null };
  switch (event.type) {
    case 'listen':
      return { ...talk, ...calm, turn: event.turn, phase: 'requesting-mic' };
    case 'capturing':
      return talk.phase === 'requesting-mic' || event.notice
        ? { ...talk, phase: 'listening', notice: event.notice ?? '' }
        : talk;
    case 'hearing':
      return talk.phase === 'listening' ? { ...talk, interim: event.text } : talk;
    case 'transcribing':
      return { ...talk, phase: 'transcribing', notice: '' };
    case 'transcribing-slowly':
      return talk.phase === 'transcribing'
        ? { ...talk, notice: 'This takes longer than usual. You can cancel and type instead.' }
        : talk;
    case 'ask':
      return { ...talk, ...calm, turn: event.turn, phase: 'thinking', messages: asked(talk, event.question) };
    case 'say-again':
      return { ...talk, ...calm, turn: event.turn, phase: 'speaking' };
    case 'answering':
      return { ...talk, phase: 'speaking', messages: grown(talk.messages, event) };
    case 'answered':
      return { ...talk, messages: settled(talk.messages, 'done', 'done') };
    case 'spoken':
      return { ...talk, ...calm, phase: 'idle', messages: settled(talk.messages, 'done', 'done') };
    case 'failed': {
      const { phase, notice = '', waitUntil = null } = event.trouble;
      return {
        ...talk,
        interim: '',
        phase,
        notice,
        waitUntil,
        turn: talk.turn + 1,
        isHandsFree: false,
        messages: settled(talk.messages, 'unanswered', 'interrupted'),
      };
    }
    case 'ready':
      return { ...talk, ...calm, phase: 'listening', messages: settled(talk.messages, 'done', 'done') };
    case 'said':
      return event.sender === 'bot'
        ? { ...talk, phase: 'speaking', messages: put(settled(talk.messages, 'done', 'done'), event, 'done') }
        : { ...talk, messages: put(talk.messages, event, 'pending') };
    case 'thinking':
      return { ...talk, ...calm, phase: 'thinking' };
    case 'interrupted':
      return { ...talk, ...calm, phase: 'listening', messages: cut(talk.messages, event.id, event.heard) };
    case 'cancelled':
      return {
        ...talk,
        ...calm,
        turn: talk.turn + 1,
        phase: 'idle',
        messages: settled(talk.messages, 'unanswered', 'interrupted'),
      };
    case 'stopped': {
      const last = talk.messages.at(-1);
      const messages =
        last?.sender === 'bot' && last.text !== event.heard
          ? cut(talk.messages, last.id, event.heard)
          : talk.messages;
      return {
        ...talk,
        ...calm,
        turn: talk.turn + 1,
        phase: 'idle',
        messages: settled(messages, 'done', 'done'),
      };
    }
    case 'dismissed':
      return { ...talk, ...calm, phase: 'idle' };
    case 'key-given':
      return talk.phase === 'needs-key' || talk.phase === 'invalid-key'
        ? { ...talk, ...calm, phase: 'idle' }
        : talk;
    case 'key-needed':
      return {
        ...talk,
        ...calm,
        turn: talk.turn + 1,
        phase: 'needs-key',
        messages: settled(talk.messages, 'unanswered', 'interrupted'),
      };
    case 'hands-free':
      return { ...talk, isHandsFree: event.isOn };
    case 'cleared':
      return {
        ...startOf({ id: event.id, startedAt: event.at, messages: [] }),
        phase: talk.phase === 'needs-key' ? 'needs-key' : 'idle',
        turn: talk.turn + 1,
      };
  }
}

/** The user's newest message when it has no answer; it can be asked again. */
export function unansweredOf({ messages }: Pick<Talk, 'messages'>): Message | null {
  const question = messages.findLast(({ sender }) => sender === 'user');
  return question?.status === 'unanswered' ? question : null;
}

type Messages = readonly Message[];

/** Asked again, a question loses the beginning of an answer that broke off. */
function asked({ messages }: Talk, { id, text, at }: Pick<Message, 'id' | 'text' | 'at'>): Messages {
  const before = messages.findIndex((message) => message.id === id);
  const question: Message = { id, sender: 'user', text, at, status: 'pending' };
  return [...(before === -1 ? messages : messages.slice(0, before)), question];
}

function grown(messages: Messages, { id, text, at }: Pick<Message, 'id' | 'text' | 'at'>): Messages {
  const last = messages.at(-1);
  return last?.id === id
    ? [...messages.slice(0, -1), { ...last, text: last.text + text }]
    : [...messages, { id, sender: 'bot', text, at, status: 'pending' }];
}

/** Adds a message or changes its text; without any, nothing was said. */
function put(
  messages: Messages,
  { id, sender, text, at }: Omit<Message, 'status'>,
  status: Message['status'],
): Messages {
  if (text === '') return messages.filter((message) => message.id !== id);
  if (messages.some((message) => message.id === id))
    return messages.map((message) => (message.id === id ? { ...message, text } : message));
  return [...messages, { id, sender, text, at, status }];
}

/** What was not heard was not said. */
const cut = (messages: Messages, id: string, heard: string): Messages =>
  messages.flatMap((message) => {
    if (message.id !== id) return [message];
    return heard === '' ? [] : [{ ...message, text: heard, status: 'interrupted' as const }];
  });

function settled(messages: Messages, user: 'done' | 'unanswered', bot: 'done' | 'interrupted'): Messages {
  if (messages.every(({ status }) => status !== 'pending')) return messages;
  return messages.map((message) =>
    message.status === 'pending' ? { ...message, status: message.sender === 'user' ? user : bot } : message,
  );
}
