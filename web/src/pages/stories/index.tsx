import type { EarshotClient } from '@earshot/client';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Button, Spinner } from '../../design/button.tsx';
import { EmptyState } from '../../design/empty-state.tsx';
import { PageFrame } from '../../design/page-frame.tsx';
import { useInstallation } from '../../shell/installation.ts';
import { SignIn } from './account/sign-in.tsx';
import { ClientProvider, openClient, useAuth } from './client.tsx';

const Signed = lazy(() => import('./shell/signed.tsx'));

/** Heroes and bedtime stories. Everything is read from and written to this browser first, so it works without a network. */
export function StoriesPage() {
  const [client, setClient] = useState<EarshotClient | null>(null);
  const [isForbidden, setForbidden] = useState(false);
  useInstallation('stories');

  useEffect(() => {
    const opened = openClient();
    let isLeft = false;
    opened.start().then(
      () => {
        if (!isLeft) setClient(opened);
      },
      () => setForbidden(true),
    );
    const toFront = (): void => {
      if (document.visibilityState === 'visible') opened.foreground();
    };
    document.addEventListener('visibilitychange', toFront);
    return () => {
      isLeft = true;
      setClient(null);
      document.removeEventListener('visibilitychange', toFront);
      // Whoever leaves has nothing to wait for: what is written is in the database already.
      opened.close().catch(() => undefined);
    };
  }, []);

  if (isForbidden) return <NothingKept />;
  if (!client) return <Opening />;
  return (
    <ClientProvider value={client}>
      <WhoIsThere />
    </ClientProvider>
  );
}

function WhoIsThere() {
  const { status } = useAuth();
  if (status !== 'signedIn') return <SignIn />;
  return (
    <Suspense fallback={<Opening />}>
      <Signed />
    </Suspense>
  );
}

function Opening() {
  return (
    <PageFrame title="Stories · Earshot" section="Stories">
      <h1 className="sr-only">Stories</h1>
      <p role="status" className="flex items-center justify-center gap-3 py-24 text-muted">
        <Spinner />
        Opening the book
      </p>
    </PageFrame>
  );
}

function NothingKept() {
  return (
    <PageFrame title="Stories · Earshot" section="Stories">
      <h1 className="sr-only">Stories</h1>
      <EmptyState
        title="This browser lets the page keep nothing"
        action={
          <Button icon="retry" onClick={() => location.reload()}>
            Try again
          </Button>
        }
      >
        Stories are kept in the browser’s own database, so that they are there without a network. In a private
        window, or with storage blocked, it cannot be opened. Open the page in a normal window.
      </EmptyState>
    </PageFrame>
  );
}
