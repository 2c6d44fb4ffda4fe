import { useQuery } from '@tanstack/react-query';
import { Banner } from '../../design/banner.tsx';
import { Button } from '../../design/button.tsx';
import { Icon } from '../../design/icon.tsx';
import { PageFrame } from '../../design/page-frame.tsx';
import { useConnection } from '../../server/connection.ts';
import { serverInfo } from '../../server/info.ts';
import { sentence } from '../../server/request.ts';
import { AppCards, AppCardsLoading } from './app-cards.tsx';
import { Engines } from './engines.tsx';
import { Health } from './health.tsx';
import { PhoneAccess } from './phone-access.tsx';
import { Range } from './range.tsx';

/** The server's front door: what runs here, how well, and how to reach it. */
export function HomePage() {
  const info = useQuery(serverInfo);
  const connection = useConnection();

  return (
    <PageFrame title="Earshot" footer={<Footer version={info.data?.version} />}>
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

      {info.data ? <AppCards apps={info.data.apps} /> : info.isError ? null : <AppCardsLoading />}

      {info.data ? (
        <div className="mt-16 grid gap-x-16 gap-y-14 lg:grid-cols-2">
          <PhoneAccess info={info.data} />
          <Engines info={info.data} />
        </div>
      ) : null}
    </PageFrame>
  );
}

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
