import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from '@tanstack/react-router';
import { Button, ButtonLink } from './design/button.tsx';
import { EmptyState } from './design/empty-state.tsx';
import { PageFrame } from './design/page-frame.tsx';
import { readPlace } from './pages/admin/place.ts';
import { readPlace as readCompanionPlace } from './pages/companion/place.ts';
import { readPlace as readStoriesPlace } from './pages/stories/place.ts';

const root = createRootRoute({ component: Outlet });

/** Each page is a file of its own, fetched when its address is opened. */
const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/home/index.tsx'), 'HomePage'),
});

const speech = createRoute({
  getParentRoute: () => root,
  path: '/speech',
  component: lazyRouteComponent(() => import('./pages/speech/index.tsx'), 'SpeechPage'),
});

const stories = createRoute({
  getParentRoute: () => root,
  path: '/stories',
  validateSearch: readStoriesPlace,
  component: lazyRouteComponent(() => import('./pages/stories/index.tsx'), 'StoriesPage'),
});

const voice = createRoute({
  getParentRoute: () => root,
  path: '/voice',
  component: lazyRouteComponent(() => import('./pages/voice/index.tsx'), 'VoicePage'),
});

const companion = createRoute({
  getParentRoute: () => root,
  path: '/companion',
  validateSearch: readCompanionPlace,
  component: lazyRouteComponent(() => import('./pages/companion/index.tsx'), 'CompanionPage'),
});

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  validateSearch: ({ token }): { token?: string } => (typeof token === 'string' && token ? { token } : {}),
  component: lazyRouteComponent(() => import('./pages/setup/index.tsx'), 'SetupPage'),
});

const admin = createRoute({
  getParentRoute: () => root,
  path: '/admin',
  validateSearch: readPlace,
  component: lazyRouteComponent(() => import('./pages/admin/index.tsx'), 'AdminPage'),
});

const supportDemo = createRoute({
  getParentRoute: () => root,
  path: '/support/demo',
  component: lazyRouteComponent(() => import('./pages/support-demo/index.tsx'), 'SupportDemoPage'),
});

function NotFound() {
  return (
    <PageFrame title="Not found · Earshot">
      <h1 className="sr-only">Not found</h1>
      <EmptyState title="There is no page here" action={<ButtonLink to="/">To the start page</ButtonLink>}>
        The address may be mistyped, or the page belongs to a later release.
      </EmptyState>
    </PageFrame>
  );
}

function PageFailure() {
  return (
    <PageFrame title="Something went wrong · Earshot">
      <h1 className="sr-only">Something went wrong</h1>
      <EmptyState
        title="This page could not be shown"
        action={
          <Button tone="primary" icon="retry" onClick={() => location.reload()}>
            Reload
          </Button>
        }
      >
        The server may have been updated or restarted since the page was opened. Nothing you saved is lost.
      </EmptyState>
    </PageFrame>
  );
}

export const router = createRouter({
  routeTree: root.addChildren([home, speech, stories, companion, voice, setup, admin, supportDemo]),
  defaultPreload: 'intent',
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: PageFailure,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
