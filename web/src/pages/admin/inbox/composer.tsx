import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, type RefObject, useEffect, useId, useRef, useState } from 'react';
import { IconButton } from '../../../design/button.tsx';
import { api, type CannedReply, type WireConversation } from '../api.ts';
import { useInbox } from './context.ts';
import { titleOf } from './conversations.ts';
import { keepDraft, storedDraft } from './drafts.ts';

/** The server's bound, in UTF-16 code units. */
const maxCharacters = 5_000;
const almostFull = 4_500;
/** Said again while it goes on, taken back after a pause (contract §7.4). */
const typingMs = { again: 2_500, pause: 3_000 };
const shownReplies = 6;

function useTyping(conversationId: string) {
  const inbox = useInbox();
  const saidAt = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const stop = () => {
    clearTimeout(timer.current);
    if (saidAt.current === 0) return;
    saidAt.current = 0;
    inbox.typing(conversationId, false);
  };
  const go = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(stop, typingMs.pause);
    if (Date.now() - saidAt.current < typingMs.again) return;
    saidAt.current = Date.now();
    inbox.typing(conversationId, true);
  };
  const last = useRef(stop);
  last.current = stop;
  useEffect(() => () => last.current(), []);
  return { go, stop };
}

/** Replies whose shortcut begins with, or else contains, what stands after the slash. */
function matching(replies: readonly CannedReply[], text: string): readonly CannedReply[] {
  const typed = /^\/(\S*)$/.exec(text)?.[1]?.toLowerCase();
  if (typed === undefined) return [];
  const name = ({ shortcut }: CannedReply) => shortcut.replace(/^\//, '').toLowerCase();
  return replies
    .filter((reply) => name(reply).includes(typed))
    .sort((a, b) => Number(name(b).startsWith(typed)) - Number(name(a).startsWith(typed)))
    .slice(0, shownReplies);
}

interface ComposerProps {
  readonly conversation: WireConversation;
  readonly field: RefObject<HTMLTextAreaElement | null>;
}

/** Where the answer is written. It has to be keyed by the conversation, so that each keeps its own draft. */
export function Composer({ conversation, field }: ComposerProps) {
  const inbox = useInbox();
  const id = conversation.conversation_id;
  const [text, setText] = useState(() => storedDraft(id));
  const [chosen, setChosen] = useState(0);
  const [closed, setClosed] = useState(false);
  const typing = useTyping(id);
  const listId = useId();
  const replies = useQuery({
    queryKey: ['support', 'canned-replies'],
    queryFn: ({ signal }) => api.cannedReplies(signal),
    staleTime: 60_000,
  });
  const offered = closed ? [] : matching(replies.data ?? [], text);
  const current = offered[Math.min(chosen, offered.length - 1)];

  const write = (next: string) => {
    setText(next);
    setChosen(0);
    setClosed(false);
    keepDraft(id, next);
    if (next.trim() && !next.startsWith('/')) typing.go();
    else typing.stop();
  };
  const send = () => {
    const body = text.trim();
    if (!body) return;
    typing.stop();
    inbox.send(id, body);
    write('');
    field.current?.focus();
  };
  const insert = (reply: CannedReply) => {
    write(reply.body);
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (current) {
      const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
      if (step) {
        event.preventDefault();
        return setChosen((Math.min(chosen, offered.length - 1) + step + offered.length) % offered.length);
      }
      if (event.key === 'Tab' || (event.key === 'Enter' && !event.shiftKey)) {
        event.preventDefault();
        return insert(current);
      }
      if (event.key === 'Escape') {
        event.stopPropagation();
        return setClosed(true);
      }
    }
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      send();
    }
    if (event.key === 'Escape') field.current?.blur();
  };

  const left = maxCharacters - text.length;
  return (
    <div className="relative shrink-0 border-t border-line bg-surface p-3 max-md:pb-[max(0.75rem,env(safe-area-inset-bottom))] sm:px-6">
      {current ? (
        <div
          role="listbox"
          id={listId}
          aria-label="Canned replies"
          className="absolute inset-x-3 bottom-full mb-2 max-w-xl animate-rise overflow-hidden rounded-card border border-line bg-surface shadow-raised sm:inset-x-6"
        >
          {offered.map((reply) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field keeps the focus; its arrow keys, Tab and Enter do the same
            <div
              key={reply.id}
              id={`${listId}-${reply.id}`}
              role="option"
              tabIndex={-1}
              aria-selected={reply === current}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => insert(reply)}
              className={`cursor-pointer px-4 py-2 ${reply === current ? 'bg-accent-soft' : 'hover:bg-hover'}`}
            >
              <span className="font-medium">/{reply.shortcut.replace(/^\//, '')}</span>
              <span className="block truncate text-sm text-muted">{reply.body}</span>
            </div>
          ))}
        </div>
      ) : null}
      <div className="flex items-end gap-2">
        <textarea
          ref={field}
          rows={1}
          value={text}
          maxLength={maxCharacters}
          aria-label={`Answer ${titleOf(conversation)}`}
          aria-autocomplete="list"
          {...(current
            ? { 'aria-controls': listId, 'aria-activedescendant': `${listId}-${current.id}` }
            : {})}
          placeholder="Write an answer"
          onChange={(event) => write(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onBlur={typing.stop}
          className="max-h-56 min-h-11 min-w-0 flex-1 resize-none rounded-control border border-edge bg-surface px-3 py-2.5 [field-sizing:content]"
        />
        <IconButton
          label="Send"
          icon="send"
          tone="primary"
          blocked={text.trim() === '' && 'Write something first'}
          onClick={send}
        />
      </div>
      <p className="mt-1.5 flex justify-between gap-4 text-xs text-muted max-md:hidden">
        <span>Enter sends, Shift + Enter begins a new line, / offers canned replies</span>
        {text.length > almostFull ? <span role="status">{left} characters left</span> : null}
      </p>
    </div>
  );
}
