import { useQuery } from '@tanstack/react-query';
import { Banner } from '../../design/banner.tsx';
import { Button, Spinner } from '../../design/button.tsx';
import { EmptyState } from '../../design/empty-state.tsx';
import { PageFrame } from '../../design/page-frame.tsx';
import { useConnection } from '../../server/connection.ts';
import { serverHealth, serverInfo } from '../../server/info.ts';
import { sentence } from '../../server/request.ts';
import { Composer } from './compose/composer.tsx';
import { Library } from './library/library.tsx';
import { PlayerProvider } from './player/context.tsx';
import { Dock } from './player/dock.tsx';
import { useStanding } from './session.ts';
import { Shortcuts } from './shortcuts.tsx';
import { Account } from './sign-in/account.tsx';
import { SignIn } from './sign-in/sign-in.tsx';

/** Texts in, audio out. */
export function SpeechPage() {
  const info = useQuery(serverInfo);
  const { session, endedBecause } = useStanding();

  return (
    <PageFrame
      title="Speech · Earshot"
      section="Speech"
      actions={
        session ? (
          <>
            <Shortcuts />
            <Account session={session} />
          </>
        ) : null
      }
    >
      <ConnectionBanner />
      {info.data ? (
        session ? (
          <PlayerProvider key={session.userId}>
            <h1 className="sr-only">Speech</h1>
            <div className="grid gap-x-10 gap-y-12 pt-4 pb-52 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.1fr)]">
              <div className="lg:self-start lg:[@media(min-height:60rem)]:sticky lg:[@media(min-height:60rem)]:top-6">
                <Composer engine={info.data.engines.speech} />
              </div>
              <Library />
            </div>
            <Dock />
          </PlayerProvider>
        ) : (
          <SignIn builtIn={info.data.engines.speech.engine === 'builtin'} endedBecause={endedBecause} />
        )
      ) : (
        <>
          <h1 className="sr-only">Speech</h1>
          {info.isError ? (
            <EmptyState
              title="The server could not be asked"
              action={
                <Button icon="retry" busy={info.isFetching} onClick={() => void info.refetch()}>
                  Ask again
                </Button>
              }
            >
              {sentence(info.error)}
            </EmptyState>
          ) : (
            <p role="status" className="flex items-center justify-center gap-3 py-24 text-muted">
              <Spinner />
              Asking the server what it offers
            </p>
          )}
        </>
      )}
    </PageFrame>
  );
}

function ConnectionBanner() {
  const connection = useConnection();
  // Someone has to notice that the server is back, also where nothing else asks it.
  useQuery({ ...serverHealth, enabled: connection === 'unreachable', refetchInterval: 3_000 });
  if (connection === 'offline') {
    return (
      <Banner tone="amber" icon="offline">
        You are offline. What is downloaded keeps playing; everything else returns by itself with the network.
      </Banner>
    );
  }
  if (connection === 'unreachable') {
    return (
      <Banner tone="amber" icon="offline">
        The server does not answer. What is downloaded keeps playing; this page keeps asking.
      </Banner>
    );
  }
  return null;
}
