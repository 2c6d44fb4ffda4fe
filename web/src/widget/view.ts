import type { ChatMessage } from '../chat/messages.ts';
import { type Chat, type ChatState, maxCharacters } from './chat.ts';
import { textOn, type WidgetConfig } from './config.ts';
import { styles } from './styles.ts';

export interface ChatView {
  open(): void;
  close(): void;
}

const icons = {
  chat: 'M12 19.500a8 8 0 1 0-7-4.100L4 19.500l4.100-1A8 8 0 0 0 12 19.500ZM8.500 11.500v.1M12 11.500v.1M15.500 11.500v.1',
  close: 'M6.500 6.500l11 11M17.500 6.500l-11 11',
  down: 'M6 9.500l6 6 6-6',
  send: 'M12 19V5.500M6 11l6-6 6 6',
  clock: 'M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16ZM12 7.500V12l3 2',
  sent: 'M5 12.500l4.500 4.500L19 7.500',
  both: 'M2.500 12.500L7 17l9.500-9.500M12 16l1 1 9.500-9.500',
} as const;

/** From here on the visitor is told how much room is left. */
const almostFull = maxCharacters - 500;

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function icon(name: keyof typeof icons): SVGSVGElement {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(space, 'path');
  path.setAttribute('d', icons[name]);
  svg.append(path);
  return svg;
}

const address = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/g;

/** The text with its web addresses as links, and nothing else of it understood as markup. */
function withLinks(text: string): (Node | string)[] {
  const parts: (Node | string)[] = [];
  let at = 0;
  for (const match of text.matchAll(address)) {
    parts.push(text.slice(at, match.index));
    parts.push(element('a', { href: match[0], target: '_blank', rel: 'noopener noreferrer' }, match[0]));
    at = match.index + match[0].length;
  }
  return [...parts, text.slice(at)];
}

const dayWords = (at: number): string => {
  const day = new Date(at).toDateString();
  if (day === new Date().toDateString()) return 'Today';
  if (day === new Date(Date.now() - 86_400_000).toDateString()) return 'Yesterday';
  return new Date(at).toLocaleDateString(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
};
const timeWords = (at: number): string =>
  new Date(at).toLocaleTimeString(undefined, { hour: 'numeric', minute: '2-digit' });

const ticks = {
  QUEUED: { icon: 'clock', words: 'Waiting to be sent' },
  SENDING: { icon: 'clock', words: 'Waiting to be sent' },
  SENT: { icon: 'sent', words: 'Sent' },
  DELIVERED: { icon: 'both', words: 'Delivered' },
  READ: { icon: 'both', words: 'Read' },
} as const;

/** Draws the chat into a shadow root at the end of the page's body. */
export function mountView(config: WidgetConfig, chat: Chat): ChatView {
  const host = element('div', { 'data-earshot-chat': '' });
  if (config.theme !== 'auto') host.dataset.theme = config.theme;
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  root.adoptedStyleSheets = [sheet];

  const badge = element('span', { class: 'badge', 'aria-hidden': 'true', hidden: '' });
  const launcher = element('button', { class: 'launcher', type: 'button', 'aria-expanded': 'false' });
  const stateLine = element('p', { class: 'state' });
  const notice = element('p', { class: 'notice', role: 'status', hidden: '' });
  const log = element('div', { class: 'log', role: 'log', 'aria-label': 'Messages', tabindex: '0' });
  const typing = element(
    'div',
    { class: 'typing', hidden: '', role: 'img', 'aria-label': 'Somebody of the team is writing' },
    element('i'),
    element('i'),
    element('i'),
  );
  const input = element('textarea', {
    rows: '1',
    'aria-label': 'Your message',
    placeholder: 'Write a message…',
    maxlength: String(maxCharacters),
    enterkeyhint: 'send',
  });
  const send = element('button', { class: 'send', type: 'submit', 'aria-label': 'Send' }, icon('send'));
  const count = element('p', { class: 'count', hidden: '' });
  const closer = element('button', { class: 'icon', type: 'button', 'aria-label': 'Close the chat' });
  closer.append(icon('close'));
  const form = element('form', {}, input, send);
  const panel = element(
    'section',
    { class: 'panel', role: 'dialog', 'aria-label': config.title, hidden: '' },
    element('header', {}, element('div', {}, element('h2', {}, config.title), stateLine), closer),
    notice,
    log,
    form,
    count,
  );
  const announcer = element('div', { class: 'sr', role: 'status' });
  const frame = element('div', { class: `chat ${config.side}` }, panel, launcher, announcer);
  if (config.color) {
    frame.style.setProperty('--accent', config.color);
    frame.style.setProperty('--on-accent', textOn(config.color));
  }
  root.append(frame);
  document.body.append(host);

  let isOpen = false;
  let announced = newestOfTeam(chat.state())?.localId ?? null;
  let drawn: readonly ChatMessage[] | null = null;
  const rows = new Map<string, { readonly message: ChatMessage; readonly row: HTMLElement }>();

  function look(): void {
    chat.look(isOpen && document.visibilityState === 'visible');
  }

  function setOpen(next: boolean): void {
    if (isOpen === next) return;
    isOpen = next;
    panel.hidden = !next;
    frame.classList.toggle('open', next);
    const isFullScreen = matchMedia('(max-width: 30rem)').matches;
    if (next && isFullScreen) panel.setAttribute('aria-modal', 'true');
    else panel.removeAttribute('aria-modal');
    look();
    draw();
    if (next) {
      log.scrollTop = log.scrollHeight;
      input.focus({ preventScroll: true });
    } else {
      chat.writing(false);
      launcher.focus({ preventScroll: true });
    }
  }

  /** Full screen there is nothing else to go to: Tab stays inside. */
  function keepFocusInside(event: KeyboardEvent): void {
    if (!panel.hasAttribute('aria-modal')) return;
    const stops = [...panel.querySelectorAll<HTMLElement>('button, a, textarea, [tabindex="0"]')];
    const edge = event.shiftKey ? stops[0] : stops.at(-1);
    if (root.activeElement !== edge) return;
    event.preventDefault();
    (event.shiftKey ? stops.at(-1) : stops[0])?.focus();
  }

  function rowOf(message: ChatMessage): HTMLElement {
    const isMine = message.sender === 'user';
    const row = element('div', {
      class: ['row', isMine ? 'mine' : message.sender, message.id === null ? 'waiting' : ''].join(' '),
    });
    row.append(
      element('span', { class: 'sr' }, isMine ? 'You: ' : message.sender === 'agent' ? 'Team: ' : ''),
      element('div', { class: 'bubble' }, ...withLinks(message.body)),
    );
    if (message.status === 'FAILED') {
      const retry = element('button', { class: 'failed', type: 'button' }, 'Not sent. Try again');
      retry.onclick = () => chat.retry(message.localId);
      row.append(element('div', { class: 'meta' }, retry));
      return row;
    }
    const meta = element('div', { class: 'meta' }, timeWords(message.at));
    if (isMine) {
      const tick = ticks[message.status];
      const mark = element('span', { class: message.status === 'READ' ? 'read' : '' }, icon(tick.icon));
      mark.title = tick.words;
      meta.append(mark, element('span', { class: 'sr' }, tick.words));
    }
    row.append(meta);
    return row;
  }

  function drawMessages(messages: readonly ChatMessage[]): void {
    if (drawn === messages) return;
    const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
    const isFirst = drawn === null;
    const mineIsNew =
      messages.at(-1)?.sender === 'user' && messages.at(-1)?.localId !== drawn?.at(-1)?.localId;
    drawn = messages;
    const wanted: Node[] = [element('p', { class: 'greeting' }, config.greeting)];
    let day = '';
    for (const message of messages) {
      const words = dayWords(message.at);
      if (words !== day) wanted.push(element('p', { class: 'day' }, words));
      day = words;
      const known = rows.get(message.localId);
      const isSame = known && known.message.status === message.status && known.message.id === message.id;
      const row = isSame ? known.row : rowOf(message);
      rows.set(message.localId, { message, row });
      wanted.push(row);
    }
    // Nodes that stay are not touched, or a screen reader would hear them again.
    let at = log.firstChild;
    for (const node of [...wanted, typing]) {
      const isHeading = node instanceof HTMLParagraphElement;
      if (
        at === node ||
        (isHeading && at instanceof HTMLParagraphElement && at.textContent === node.textContent)
      ) {
        at = at?.nextSibling ?? null;
      } else {
        log.insertBefore(node, at);
      }
    }
    while (at) {
      const next = at.nextSibling;
      at.remove();
      at = next;
    }
    if (isAtEnd || isFirst || mineIsNew) log.scrollTop = log.scrollHeight;
  }

  function draw(): void {
    const state = chat.state();
    drawMessages(state.messages);
    if (typing.hidden === state.agentTyping) {
      typing.hidden = !state.agentTyping;
      if (state.agentTyping) log.scrollTop = log.scrollHeight;
    }
    stateLine.textContent = lineFor(state);
    const isAway = state.connection === 'offline' || state.connection === 'refused';
    notice.hidden = !isAway;
    notice.textContent = isAway ? awayWords(state) : '';
    const label = isOpen
      ? 'Close the chat'
      : `Open the chat${state.unread > 0 ? `, ${state.unread} new message${state.unread === 1 ? '' : 's'}` : ''}`;
    launcher.setAttribute('aria-label', label);
    launcher.setAttribute('aria-expanded', String(isOpen));
    badge.hidden = isOpen || state.unread === 0;
    badge.textContent = state.unread > 99 ? '99+' : String(state.unread);
    launcher.replaceChildren(icon(isOpen ? 'down' : 'chat'), badge);
    const newest = newestOfTeam(state);
    if (newest && newest.localId !== announced) {
      announced = newest.localId;
      // While the chat is open, its log is what is read out.
      if (!isOpen) announcer.textContent = `New message: ${newest.body}`;
    }
  }

  function drawComposer(): void {
    const length = input.value.length;
    send.setAttribute('aria-disabled', String(input.value.trim() === ''));
    count.hidden = length < almostFull;
    count.textContent = `${maxCharacters - length} characters left`;
  }

  launcher.onclick = () => setOpen(!isOpen);
  closer.onclick = () => setOpen(false);
  panel.onkeydown = (event) => {
    if (event.key === 'Escape') setOpen(false);
    if (event.key === 'Tab') keepFocusInside(event);
    // The embedding page may have shortcuts of its own.
    event.stopPropagation();
  };
  input.oninput = () => {
    chat.writing(input.value.trim() !== '');
    drawComposer();
  };
  input.onblur = () => chat.writing(false);
  input.onkeydown = (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    chat.writing(false);
    chat.send(input.value);
    input.value = '';
    drawComposer();
    input.focus();
  };
  document.addEventListener('visibilitychange', look);
  chat.subscribe(draw);
  draw();
  drawComposer();

  return { open: () => setOpen(true), close: () => setOpen(false) };
}

function newestOfTeam({ messages }: ChatState): ChatMessage | undefined {
  return messages.findLast(({ sender }) => sender !== 'user');
}

function lineFor({ connection, resolved }: ChatState): string {
  if (connection === 'connecting') return 'Connecting…';
  if (resolved) return 'Marked as solved. Write again if it is not.';
  return 'We answer here.';
}

function awayWords({ connection }: ChatState): string {
  if (connection === 'refused') return 'This chat is not available at the moment.';
  return navigator.onLine
    ? 'No connection right now. What you write is kept and sent as soon as there is one.'
    : 'You are offline. What you write is kept and sent as soon as you are back.';
}
