import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { Banner } from '../../design/banner.tsx';
import { Button } from '../../design/button.tsx';
import { Icon } from '../../design/icon.tsx';
import { PageFrame } from '../../design/page-frame.tsx';
import { notify } from '../../design/toast.tsx';
import {
  type AccountUser,
  accountUser,
  forgetAccount,
  sendAsAccount,
  wasSignedIn,
} from '../../server/account.ts';
import { useConnection } from '../../server/connection.ts';
import { serverInfo } from '../../server/info.ts';
import { sentence } from '../../server/request.ts';
import { AppCards, AppCardsLoading, AppTiles } from './app-cards.tsx';
import { AccountCard } from './console/account-card.tsx';
import { Engines } from './engines.tsx';
import { Health } from './health.tsx';
import { PhoneAccess } from './phone-access.tsx';
import { Range } from './range.tsx';

/** Most visitors have no account: they need not load what only accounts see. */
const Console = lazy(async () => ({ default: (await import('./console/index.tsx')).Console }));

/** The server's front door: what runs here, how well, and how to reach it; with an account, everything of that account. */
export function HomePage() {
  const queries = useQueryClient();
  const info = useQuery(serverInfo);
  const { data: user } = useQuery(accountUser);
  const connection = useConnection();

  const signOut = async (everywhere: boolean) => {
    try {
      if (everywhere) await sendAsAccount('POST', '/api/auth/revoke-sessions');
      await sendAsAccount('POST', '/api/auth/sign-out');
    } catch (error) {
      return notify(sentence(error), 'danger');
    }
    forgetAccount(queries);
    scrollTo({ top: 0 });
    notify(everywhere ? 'You are signed out everywhere.' : 'You are signed out.');
  };

  return (
    <PageFrame
      title="Earshot"
      actions={user === undefined ? null : user === null ? <SignInLink /> : <SignOut signOut={signOut} />}
      footer={<Footer version={info.data?.version} />}
    >
      {user ? <Greeting user={user} /> : user === undefined && wasSignedIn() ? <Recognising /> : <Welcome />}

      {info.isPending && connection === 'offline' ? (
        <Banner tone="amber" icon="offline">
          You are offline. This page fills in by itself as soon as you are back.
        </Banner>
      ) : null}
      {info.isError ? (
        <Banner
          tone="danger"
          icon="warning"
          action={
            <Button icon="retry" busy={info.isFetching} onClick={() => void info.refetch()}>
              Ask again
            </Button>
          }
        >
          This page could not learn what the server offers. {sentence(info.error)}
        </Banner>
      ) : null}

      {info.data ? (
        user ? (
          <AppTiles apps={info.data.apps} />
        ) : (
          <AppCards apps={info.data.apps} />
        )
      ) : info.isError ? null : (
        <AppCardsLoading />
      )}

      {user ? (
        <Suspense
          fallback={<div aria-busy="true" className="mt-12 h-64 animate-pulse rounded-card bg-sunken" />}
        >
          <Console user={user} signOut={signOut} />
        </Suspense>
      ) : user === null ? (
        <AccountCard />
      ) : null}

      {info.data ? (
        <div className="mt-16 grid gap-x-16 gap-y-14 lg:grid-cols-2">
          <PhoneAccess info={info.data} />
          <Engines info={info.data} />
        </div>
      ) : null}
    </PageFrame>
  );
}

function Welcome() {
  return (
    <section className="relative isolate flex flex-col gap-5 pt-8 pb-12 sm:pt-16 sm:pb-20">
      <Range />
      <Health />
      <h1 className="max-w-2xl text-[clamp(2.25rem,1.4rem+3.6vw,4rem)] leading-[1.05] font-semibold tracking-[-0.035em]">
        Everything within earshot, on&nbsp;your own&nbsp;server.
      </h1>
      <p className="max-w-xl text-lg text-muted">
        Earshot is the self-hosted backend for apps that listen, speak and chat. Nothing to sign up for, and
        no other service needed.
      </p>
    </section>
  );
}

/** Shown to who was signed in before, so that the welcome for strangers does not flash up. */
const Recognising = () => (
  <div aria-busy="true" className="h-52 sm:h-60">
    <h1 className="sr-only">Earshot</h1>
  </div>
);

function Greeting({ user }: { user: AccountUser }) {
  return (
    <section className="flex flex-col gap-4 pt-6 pb-8 sm:pt-10 sm:pb-10">
      <Health />
      <h1 className="text-[clamp(1.9rem,1.4rem+2vw,2.75rem)] leading-[1.1] font-semibold tracking-[-0.03em] wrap-anywhere">
        Hello, {user.name}
      </h1>
      <p className="text-muted wrap-anywhere">You are signed in as {user.email}.</p>
    </section>
  );
}

const SignInLink = () => (
  <a href="#account" className="flex min-h-11 items-center rounded-control px-3 font-medium hover:bg-hover">
    Sign in
  </a>
);

const SignOut = ({ signOut }: { signOut: (everywhere: boolean) => Promise<void> }) => (
  <Button tone="plain" icon="exit" onClick={() => void signOut(false)}>
    Sign out
  </Button>
);

const links = [
  { href: '/docs', words: 'API reference' },
  { href: '/metrics', words: 'Metrics' },
  { href: '/health', words: 'Health' },
] as const;

function Footer({ version }: { version: string | undefined }) {
  return (
    <footer className="mx-auto mt-16 w-full max-w-6xl px-4 pb-[max(1.5rem,env(safe-area-inset-bottom))] sm:px-6">
      <div className="flex flex-wrap items-center gap-x-6 border-t border-line pt-4 text-sm">
        <nav aria-label="For developers" className="flex flex-wrap gap-x-6">
          {links.map(({ href, words }) => (
            <a
              key={href}
              href={href}
              className="flex min-h-11 items-center gap-1 underline-offset-4 hover:underline"
            >
              {words}
              <Icon name="arrow" className="size-4 -rotate-45 text-muted" />
            </a>
          ))}
        </nav>
        <p className="ml-auto flex min-h-11 items-center text-muted">Earshot {version ?? ''}</p>
      </div>
    </footer>
  );
}
