import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { Banner } from '../../design/banner.tsx';
import { Spinner } from '../../design/button.tsx';
import { Icon, type IconName } from '../../design/icon.tsx';
import { PageFrame } from '../../design/page-frame.tsx';
import { useConnection } from '../../server/connection.ts';
import { SignIn } from './account/sign-in.tsx';
import { Chat } from './chat/chat.tsx';
import { ConversationList } from './conversations/conversation-list.tsx';
import { ConversationPage, NothingOpen } from './conversations/conversation-page.tsx';
import { createRecorder, type Recorder, useListening } from './listening/listening.ts';
import { LivePanel } from './listening/live-panel.tsx';
import { RecorderProvider, useRecorder } from './listening/recorder-context.tsx';
import { Memories } from './notes/memories.tsx';
import { People } from './notes/people.tsx';
import { Failed } from './notes/standing.tsx';
import { Todos } from './notes/todos.tsx';
import type { View } from './place.ts';
import { account } from './server.ts';
import { Settings } from './settings/settings.tsx';

const route = getRouteApi('/companion');

const tabs: readonly { readonly view: View; readonly label: string; readonly icon: IconName }[] = [
  { view: 'conversations', label: 'Talks', icon: 'companion' },
  { view: 'todos', label: 'To do', icon: 'check' },
  { view: 'memories', label: 'Memories', icon: 'sparkle' },
  { view: 'chat', label: 'Ask', icon: 'search' },
  { view: 'people', label: 'People', icon: 'people' },
  { view: 'settings', label: 'Settings', icon: 'gear' },
];

/** Live transcripts, conversations, to-dos, memories and a chat about them. */
export function CompanionPage() {
  const asked = useQuery(account);
  if (asked.error && !asked.data)
    return (
      <PageFrame title="Companion · Earshot" section="Companion">
        <h1 className="sr-only">Companion</h1>
        <Failed error={asked.error} retry={() => void asked.refetch()} />
      </PageFrame>
    );
  if (asked.data === undefined)
    return (
      <PageFrame title="Companion · Earshot" section="Companion">
        <h1 className="sr-only">Companion</h1>
        <p role="status" className="flex items-center justify-center gap-3 py-24 text-muted">
          <Spinner />
          Opening
        </p>
      </PageFrame>
    );
  return asked.data === null ? <SignIn /> : <Signed key={asked.data.id} />;
}

function Signed() {
  const queries = useQueryClient();
  const [recorder] = useState<Recorder>(() => createRecorder(queries));
  useEffect(() => () => void recorder.stop(), [recorder]);
  return (
    <RecorderProvider value={recorder}>
      <Rooms />
    </RecorderProvider>
  );
}

function Rooms() {
  const { view = 'conversations', id } = route.useSearch();
  const navigate = route.useNavigate();
  const recorder = useRecorder();
  const listening = useListening(recorder);
  const connection = useConnection();
  const label = tabs.find((tab) => tab.view === view)?.label ?? '';

  // What was just recorded opens by itself, unless somebody went on to something else.
  const finished = listening.finished;
  const here = useRef(view);
  here.current = view;
  useEffect(() => {
    if (finished && here.current === 'conversations') void navigate({ search: { id: finished } });
    if (finished) recorder.forget();
  }, [finished, navigate, recorder]);

  return (
    <PageFrame title={`${label} · Companion · Earshot`} section="Companion">
      <div data-tab-bar="" className="flex flex-col gap-5 pb-28 [--tabs:4.5rem] md:pb-12 md:[--tabs:0rem]">
        <nav
          aria-label="Companion"
          className="z-30 flex gap-1 border-line bg-canvas max-md:fixed max-md:inset-x-0 max-md:bottom-0 max-md:justify-around max-md:border-t max-md:bg-surface max-md:px-1 max-md:pt-1 max-md:pb-[max(0.25rem,env(safe-area-inset-bottom))]"
        >
          {tabs.map((tab) => (
            <Link
              key={tab.view}
              to="/companion"
              search={tab.view === 'conversations' ? {} : { view: tab.view }}
              activeOptions={{ exact: true, includeSearch: true }}
              aria-current={tab.view === view ? 'page' : undefined}
              className="relative flex min-h-12 items-center gap-2 rounded-control px-3 text-muted hover:bg-hover aria-[current]:text-ink md:aria-[current]:bg-accent-soft max-md:min-w-0 max-md:flex-1 max-md:flex-col max-md:gap-0.5 max-md:px-0.5 max-md:pt-1.5 max-md:text-[0.7rem]"
            >
              <Icon name={tab.icon} />
              {tab.label}
              {tab.view === 'conversations' && listening.phase !== 'idle' && view !== 'conversations' ? (
                <span className="size-2 animate-breathe rounded-full bg-danger">
                  <span className="sr-only">It is listening</span>
                </span>
              ) : null}
            </Link>
          ))}
        </nav>
        {connection === 'online' ? null : (
          <Banner tone="amber" icon="offline">
            {connection === 'offline' ? 'You are offline.' : 'The server does not answer.'} What is being
            recorded waits here and is sent when it is back.
          </Banner>
        )}
        {view === 'conversations' ? (
          <>
            <h1 className="sr-only">Conversations</h1>
            <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-6 lg:grid-cols-[minmax(0,26rem)_minmax(0,1fr)]">
              <div className={`flex flex-col gap-6 ${id ? 'max-lg:hidden' : ''}`}>
                <LivePanel />
                <ConversationList openId={id} />
              </div>
              {id ? <ConversationPage key={id} id={id} /> : <NothingOpen />}
            </div>
          </>
        ) : null}
        {view === 'todos' ? <Todos /> : null}
        {view === 'memories' ? <Memories /> : null}
        {view === 'chat' ? <Chat /> : null}
        {view === 'people' ? <People /> : null}
        {view === 'settings' ? <Settings /> : null}
      </div>
    </PageFrame>
  );
}
