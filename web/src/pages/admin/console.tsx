import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Button, Spinner } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { Icon, type IconName } from '../../design/icon.tsx';
import { Logo } from '../../design/logo.tsx';
import { ThemeToggle } from '../../design/page-frame.tsx';
import { notify } from '../../design/toast.tsx';
import { sentence } from '../../server/request.ts';
import { ConnectionBanner } from './connection-banner.tsx';
import { useAnnouncements } from './inbox/announcements.ts';
import { InboxContext, useInboxState } from './inbox/context.ts';
import { Inbox } from './inbox/index.tsx';
import { createInboxStore, type InboxStore, unreadIn } from './inbox/store.ts';
import { usePlace, type View } from './place.ts';
import { manages, type Operator, signOut } from './session.ts';

const People = lazy(() => import('./people/index.tsx'));
const Analytics = lazy(() => import('./analytics/index.tsx'));
const Settings = lazy(() => import('./settings/index.tsx'));

const tabs: readonly { readonly view: View; readonly label: string; readonly icon: IconName }[] = [
  { view: 'inbox', label: 'Inbox', icon: 'inbox' },
  { view: 'people', label: 'People', icon: 'people' },
  { view: 'analytics', label: 'Analytics', icon: 'chart' },
  { view: 'settings', label: 'Settings', icon: 'gear' },
];

/** The frame of everything behind the sign-in: navigation, connection, and the chosen view. */
export function Console({ operator }: { operator: Operator }) {
  const [store, setStore] = useState<InboxStore | null>(null);
  const { id, app_id } = operator;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed role or e-mail must not drop what is loaded
  useEffect(() => {
    const opened = createInboxStore(operator);
    setStore(opened);
    return () => opened.close();
  }, [id, app_id]);

  if (!store) return null;
  return (
    <InboxContext value={store}>
      <Signed operator={operator} />
    </InboxContext>
  );
}

function Signed({ operator }: { operator: Operator }) {
  const { place } = usePlace();
  const view = place.view ?? 'inbox';
  const unread = useInboxState(unreadIn);
  useAnnouncements(view, unread);
  const isReading = view === 'inbox' && place.id !== undefined;

  return (
    <div className="relative flex h-dvh flex-col overflow-hidden md:flex-row">
      <a
        href="#main"
        className="sr-only top-2 left-2 z-50 rounded-control bg-accent px-4 py-2.5 font-medium text-on-accent focus:not-sr-only focus:fixed focus:px-4 focus:py-2.5"
      >
        Skip to the content
      </a>
      <header
        className={`flex shrink-0 border-line bg-canvas max-md:order-last max-md:border-t max-md:pb-[env(safe-area-inset-bottom)] md:w-20 md:flex-col md:items-center md:border-r md:py-3 ${isReading ? 'max-md:hidden' : ''}`}
      >
        <Link
          to="/"
          aria-label="Earshot, start page"
          className="grid size-11 place-items-center rounded-control max-md:hidden"
        >
          <Logo className="size-7" />
        </Link>
        <nav aria-label="Support" className="flex flex-1 md:mt-4 md:flex-col md:gap-1">
          {tabs.map((tab) => (
            <Tab key={tab.view} {...tab} isCurrent={tab.view === view} unread={unread} />
          ))}
        </nav>
        <div className="flex items-center md:flex-col">
          <div className="max-md:hidden">
            <ThemeToggle />
          </div>
          <Account operator={operator} />
        </div>
      </header>
      <main id="main" tabIndex={-1} className="flex min-h-0 min-w-0 flex-1 flex-col outline-none">
        <ConnectionBanner />
        {view === 'inbox' ? (
          <Inbox operator={operator} />
        ) : (
          <div className="relative min-h-0 flex-1 overflow-y-auto">
            <Suspense fallback={<Waiting />}>
              {view === 'people' ? <People /> : null}
              {view === 'analytics' ? <Analytics /> : null}
              {view === 'settings' ? <Settings operator={operator} /> : null}
            </Suspense>
          </div>
        )}
      </main>
    </div>
  );
}

function Waiting() {
  return (
    <p role="status" className="flex items-center justify-center gap-3 py-24 text-muted">
      <Spinner />
      Loading
    </p>
  );
}

function Tab(props: {
  readonly view: View;
  readonly label: string;
  readonly icon: IconName;
  readonly isCurrent: boolean;
  readonly unread: number;
}) {
  const { view, label, icon, isCurrent, unread } = props;
  const badge = view === 'inbox' && unread > 0;
  return (
    <Link
      to="/admin"
      search={{ view }}
      activeOptions={{ exact: true, includeSearch: true }}
      aria-current={isCurrent ? 'page' : undefined}
      className={`relative flex min-h-14 flex-1 flex-col items-center justify-center gap-0.5 rounded-control text-xs font-medium md:w-16 md:flex-none ${
        isCurrent ? 'text-accent md:bg-accent-soft' : 'text-muted hover:text-ink md:hover:bg-hover'
      }`}
    >
      <Icon name={icon} className="size-6" />
      {label}
      {badge ? (
        <span className="absolute top-1 left-1/2 ml-1.5 min-w-5 rounded-full bg-danger px-1 text-center text-xs leading-5 font-semibold text-surface">
          {unread > 99 ? '99+' : unread}
          <span className="sr-only"> unread</span>
        </span>
      ) : null}
    </Link>
  );
}

const roleWords = { OWNER: 'Owner', ADMIN: 'Administrator', AGENT: 'Agent' } as const;

function Account({ operator }: { operator: Operator }) {
  const [open, setOpen] = useState(false);
  const [asked, setAsked] = useState(0);
  const permission = typeof Notification === 'undefined' ? 'denied' : Notification.permission;
  const leave = () => {
    setOpen(false);
    signOut().catch((error: unknown) => notify(sentence(error), 'danger'));
  };
  return (
    <>
      <button
        type="button"
        aria-label={`Your account, ${operator.email}`}
        onClick={() => setOpen(true)}
        className="m-1 grid size-11 place-items-center rounded-control text-muted hover:bg-hover hover:text-ink max-md:mx-2"
      >
        <Icon name="person" className="size-6" />
      </button>
      <Dialog
        open={open}
        title="Your account"
        onClose={() => setOpen(false)}
        actions={
          <Button icon="exit" onClick={leave}>
            Sign out
          </Button>
        }
      >
        <div>
          <p className="font-medium [overflow-wrap:anywhere]">{operator.email}</p>
          <p className="text-muted">
            {roleWords[operator.role]}
            {manages(operator) ? '' : ' · you can read and answer; owners and administrators manage the rest'}
          </p>
        </div>
        <div className="flex items-center justify-between gap-3 md:hidden">
          <span>Light or dark</span>
          <ThemeToggle />
        </div>
        {permission === 'default' ? (
          <Button
            key={asked}
            icon="bell"
            onClick={() => void Notification.requestPermission().then(() => setAsked(asked + 1))}
          >
            Notify me of new messages
          </Button>
        ) : (
          <p className="flex gap-2 text-sm text-muted">
            <Icon name="bell" />
            {permission === 'granted'
              ? 'This browser notifies you of new messages while the inbox is in the background.'
              : 'This browser does not allow notifications for this address. The tab’s title still counts what is new.'}
          </p>
        )}
      </Dialog>
    </>
  );
}
