import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { Button, IconButton } from '../../../design/button.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { EmptyState } from '../../../design/empty-state.tsx';
import { Icon } from '../../../design/icon.tsx';
import { notify } from '../../../design/toast.tsx';
import { sentence } from '../../../server/request.ts';
import { api, type ConversationStatus, type Teammate, type WireConversation } from '../api.ts';
import { usePlace } from '../place.ts';
import { manages, type Operator } from '../session.ts';
import { Avatar } from './avatar.tsx';
import { Composer } from './composer.tsx';
import { useInbox, useInboxState } from './context.ts';
import { ConversationList, useRows } from './conversation-list.tsx';
import { titleOf } from './conversations.ts';
import { Details } from './details.tsx';
import { ShortcutHelp, useShortcuts } from './shortcuts.tsx';
import { emptyThread } from './thread.ts';
import { Thread } from './thread.tsx';
import { shortName } from './words.ts';

const noTeam: readonly Teammate[] = [];

const teamQuery = {
  queryKey: ['support', 'operators'],
  queryFn: ({ signal }: { signal: AbortSignal }) => api.operators(signal),
  staleTime: 60_000,
};

/** List, thread and details: three columns where there is room, one after another where there is not. */
export function Inbox({ operator }: { operator: Operator }) {
  const inbox = useInbox();
  const { place, go } = usePlace();
  const [words, setWords] = useState('');
  const [help, setHelp] = useState(false);
  const searchField = useRef<HTMLInputElement>(null);
  const composer = useRef<HTMLTextAreaElement>(null);
  const { id } = place;
  const { rows } = useRows(operator, place.filter ?? 'open', words);
  const open = useInboxState(({ conversations }) => (id ? conversations.get(id) : undefined));
  const change = useChange();

  useEffect(() => {
    inbox.open(id ?? null);
    return () => inbox.open(null);
  }, [inbox, id]);

  const step = (by: 1 | -1) => {
    const at = rows.findIndex((row) => row.conversation_id === id);
    const next = rows[at === -1 ? 0 : at + by];
    if (!next) return;
    go({ ...place, view: 'inbox', id: next.conversation_id }, true);
    document
      .querySelector(`[data-conversation="${next.conversation_id}"]`)
      ?.scrollIntoView({ block: 'nearest' });
  };
  useShortcuts({
    j: () => step(1),
    k: () => step(-1),
    '/': () => searchField.current?.focus(),
    r: () => composer.current?.focus(),
    '?': () => setHelp(true),
    ...(open && manages(operator)
      ? {
          e: () => change(open, { status: open.status === 'open' ? 'resolved' : 'open' }),
          a: () => change(open, { assignee_id: operator.id }),
        }
      : {}),
    Escape: () => {
      if (id) go({ view: 'inbox', filter: place.filter });
    },
  });

  return (
    <div className="flex min-h-0 flex-1">
      <div className={`w-full shrink-0 border-line md:w-80 md:border-r xl:w-96 ${id ? 'max-md:hidden' : ''}`}>
        <ConversationList operator={operator} words={words} onWords={setWords} searchField={searchField} />
      </div>
      <div className={`flex min-w-0 flex-1 bg-surface ${id ? '' : 'max-md:hidden'}`}>
        {id ? (
          <Conversation key={id} id={id} operator={operator} composer={composer} />
        ) : (
          <div className="grid flex-1 place-items-center">
            <EmptyState
              title="Choose a conversation"
              picture={<Icon name="inbox" className="size-12 text-muted" />}
              action={
                <Button icon="keyboard" onClick={() => setHelp(true)}>
                  Keyboard shortcuts
                </Button>
              }
            >
              What visitors write appears on the left as they write it.
            </EmptyState>
          </div>
        )}
      </div>
      <ShortcutHelp open={help} onClose={() => setHelp(false)} mayManage={manages(operator)} />
    </div>
  );
}

type Change = { readonly status?: ConversationStatus; readonly assignee_id?: string | null };

function useChange() {
  const inbox = useInbox();
  return (conversation: WireConversation, change: Change) => {
    inbox.change(conversation.conversation_id, change).then(
      () => {
        if (change.status) notify(change.status === 'resolved' ? 'Resolved.' : 'Opened again.');
        else notify(change.assignee_id ? 'Assigned.' : 'Assigned to nobody.');
      },
      (error: unknown) => notify(sentence(error), 'danger'),
    );
  };
}

interface ConversationProps {
  readonly id: string;
  readonly operator: Operator;
  readonly composer: RefObject<HTMLTextAreaElement | null>;
}

function Conversation({ id, operator, composer }: ConversationProps) {
  const { place } = usePlace();
  const conversation = useInboxState(({ conversations }) => conversations.get(id));
  const thread = useInboxState(({ threads }) => threads.get(id)) ?? emptyThread;
  const isWriting = useInboxState(({ writing }) => writing.has(id));
  const team = useQuery(teamQuery).data ?? noTeam;
  const [sheet, setSheet] = useState(false);

  if (!conversation) {
    return (
      <div className="grid flex-1 place-items-center">
        {thread.phase === 'failed' ? (
          <EmptyState
            title="There is no such conversation"
            action={
              <Link
                to="/admin"
                search={{ view: 'inbox' }}
                className="font-medium underline underline-offset-4"
              >
                To the inbox
              </Link>
            }
          >
            It may have been deleted, or the link is for another inbox.
          </EmptyState>
        ) : (
          <p role="status" className="text-muted">
            Loading the conversation
          </p>
        )}
      </div>
    );
  }
  const title = titleOf(conversation);
  return (
    <>
      <section aria-labelledby="conversation" className="flex min-w-0 flex-1 flex-col">
        <header className="flex shrink-0 flex-wrap items-center gap-x-2 gap-y-1 border-b border-line py-2 pr-2 pl-2 md:pl-5">
          <Link
            to="/admin"
            search={{ view: 'inbox', ...(place.filter ? { filter: place.filter } : {}) }}
            aria-label="Back to the list"
            className="grid size-11 place-items-center rounded-control hover:bg-hover md:hidden"
          >
            <Icon name="left" />
          </Link>
          <Avatar name={title} isOnline={conversation.is_online} className="size-10" />
          <div className="min-w-0 flex-1">
            <h2 id="conversation" className="truncate font-semibold">
              {title}
            </h2>
            <p className="truncate text-xs text-muted">{stateWords(conversation)}</p>
          </div>
          <Actions conversation={conversation} operator={operator} team={team} />
          <IconButton
            label="About the visitor"
            icon="info"
            onClick={() => setSheet(true)}
            className="xl:hidden"
          />
        </header>
        <Thread conversation={conversation} thread={thread} isWriting={isWriting} team={team} />
        <Composer conversation={conversation} field={composer} />
      </section>
      <aside
        aria-label="About the visitor"
        className="relative w-80 shrink-0 overflow-y-auto border-l border-line bg-canvas max-xl:hidden"
      >
        <Details conversation={conversation} />
      </aside>
      <Dialog open={sheet} title="About the visitor" onClose={() => setSheet(false)}>
        <div className="flex items-center justify-between gap-3 sm:hidden">
          <span className="text-sm">Assigned to</span>
          <Assignee conversation={conversation} operator={operator} team={team} />
        </div>
        <div className="-m-5">
          <Details conversation={conversation} />
        </div>
      </Dialog>
    </>
  );
}

function stateWords({ is_online, status, device_context }: WireConversation): string {
  const device = [device_context.device_model, device_context.os_version, device_context.platform].filter(
    (part): part is string => typeof part === 'string' && part !== '',
  );
  return [
    status === 'resolved' ? 'Resolved' : '',
    is_online ? 'Online' : 'Offline',
    device.length > 1 ? `${device[0]} on ${device[1]}` : (device[0] ?? ''),
  ]
    .filter(Boolean)
    .join(' · ');
}

interface ActionsProps {
  readonly conversation: WireConversation;
  readonly operator: Operator;
  readonly team: readonly Teammate[];
}

function Actions({ conversation, operator, team }: ActionsProps) {
  const change = useChange();
  const isOpen = conversation.status === 'open';
  return (
    <div className="flex items-center gap-2">
      <div className="max-sm:hidden">
        <Assignee conversation={conversation} operator={operator} team={team} />
      </div>
      {manages(operator) ? (
        <Button
          icon={isOpen ? 'check' : 'retry'}
          aria-label={isOpen ? 'Resolve' : 'Reopen'}
          onClick={() => change(conversation, { status: isOpen ? 'resolved' : 'open' })}
          className="max-sm:px-3"
        >
          <span className="max-sm:hidden">{isOpen ? 'Resolve' : 'Reopen'}</span>
        </Button>
      ) : null}
    </div>
  );
}

/** Who answers: a choice for those who may decide it, a sentence for the others. */
function Assignee({ conversation, operator, team }: ActionsProps) {
  const change = useChange();
  const assignee = team.find(({ id }) => id === conversation.assignee_id);
  if (!manages(operator)) {
    return assignee ? (
      <p className="text-sm text-muted">
        Assigned to {assignee.id === operator.id ? 'you' : shortName(assignee.email)}
      </p>
    ) : null;
  }
  const mates = team.filter((mate) => mate.is_active && mate.id !== operator.id);
  return (
    <select
      aria-label="Assigned to"
      value={conversation.assignee_id ?? ''}
      onChange={(event) => change(conversation, { assignee_id: event.currentTarget.value || null })}
      className="min-h-11 max-w-40 truncate rounded-control border border-edge bg-surface px-2 text-sm"
    >
      <option value="">Nobody</option>
      <option value={operator.id}>Me</option>
      {mates.map((mate) => (
        <option key={mate.id} value={mate.id}>
          {shortName(mate.email)}
        </option>
      ))}
      {assignee && !assignee.is_active ? (
        <option value={assignee.id}>{shortName(assignee.email)} (disabled)</option>
      ) : null}
    </select>
  );
}
