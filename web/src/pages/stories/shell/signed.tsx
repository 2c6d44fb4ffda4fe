import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useEffect } from 'react';
import { Spinner } from '../../../design/button.tsx';
import { Icon, type IconName } from '../../../design/icon.tsx';
import { PageFrame } from '../../../design/page-frame.tsx';
import { notify } from '../../../design/toast.tsx';
import { useClient } from '../client.tsx';
import { Library } from '../library/library.tsx';
import { type Place, usePlace, type View } from '../place.ts';
import { SyncButton } from '../syncing/sync-button.tsx';
import { Notices } from './notices.tsx';

const Reader = lazy(() => import('../reader/reader.tsx'));
const Tell = lazy(() => import('../telling/tell.tsx'));
const Heroes = lazy(() => import('../heroes/heroes.tsx'));
const HeroPage = lazy(() => import('../heroes/hero-page.tsx'));
const HeroWizard = lazy(() => import('../heroes/wizard.tsx'));
const Events = lazy(() => import('../events/events.tsx'));
const Journey = lazy(() => import('../journey/journey.tsx'));
const Settings = lazy(() => import('../settings/settings.tsx'));

const tabs: readonly { readonly view: View; readonly label: string; readonly icon: IconName }[] = [
  { view: 'library', label: 'Library', icon: 'book' },
  { view: 'heroes', label: 'Heroes', icon: 'person' },
  { view: 'events', label: 'Events', icon: 'calendar' },
  { view: 'journey', label: 'Journey', icon: 'path' },
  { view: 'settings', label: 'Settings', icon: 'gear' },
];

/** The frame of everything behind the sign-in. */
export default function Signed() {
  const { place } = usePlace();
  const isReading = place.story !== undefined;
  useGivenUp();
  return (
    <PageFrame
      title="Stories · Earshot"
      section="Stories"
      actions={
        <>
          <nav aria-label="Stories" className="mr-1 hidden items-center md:flex lg:mr-2 lg:gap-1">
            {tabs.map((tab) => (
              <Link
                key={tab.view}
                to="/stories"
                search={searchOf(tab.view)}
                activeOptions={exactly}
                aria-current={isIn(place, tab.view) ? 'page' : undefined}
                className={`flex min-h-11 items-center rounded-control px-2 font-medium lg:px-3 ${
                  isIn(place, tab.view)
                    ? 'bg-accent-soft text-accent'
                    : 'text-muted hover:bg-hover hover:text-ink'
                }`}
              >
                {tab.label}
              </Link>
            ))}
          </nav>
          <SyncButton />
        </>
      }
      footer={isReading ? null : <TabBar place={place} />}
    >
      <Notices />
      <div className={isReading ? '' : 'pb-28 md:pb-16'}>
        <Suspense fallback={<Waiting />}>
          <CurrentView place={place} />
        </Suspense>
      </div>
    </PageFrame>
  );
}

/** Says so when something that was changed here gave way to another device's version. */
function useGivenUp(): void {
  const client = useClient();
  useEffect(
    () =>
      client.onConflict(({ outcome, discarded }) => {
        if (outcome === 'takeServer' && discarded)
          notify('Something you changed was changed on another device too; that version is used.');
      }),
    [client],
  );
}

function CurrentView({ place }: { place: Place }) {
  if (place.story !== undefined) return <Reader key={place.story} id={place.story} />;
  switch (place.view) {
    case 'tell':
      return <Tell />;
    case 'heroes':
      if (place.hero === 'new') return <HeroWizard />;
      return place.hero === undefined ? <Heroes /> : <HeroPage key={place.hero} id={place.hero} />;
    case 'events':
      return <Events />;
    case 'journey':
      return <Journey />;
    case 'settings':
      return <Settings />;
    default:
      return <Library />;
  }
}

const exactly = { exact: true, includeSearch: true } as const;
const searchOf = (view: View): Place => (view === 'library' ? {} : { view });
const isIn = (place: Place, view: View): boolean =>
  view === (place.story === undefined && place.view !== 'tell' ? (place.view ?? 'library') : 'library');

function TabBar({ place }: { place: Place }) {
  return (
    <nav
      aria-label="Stories"
      data-tab-bar
      className="fixed inset-x-0 bottom-0 z-20 flex border-t border-line bg-canvas pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {tabs.map(({ view, label, icon }) => (
        <Link
          key={view}
          to="/stories"
          search={searchOf(view)}
          activeOptions={exactly}
          aria-current={isIn(place, view) ? 'page' : undefined}
          className={`flex min-h-15 flex-1 flex-col items-center justify-center gap-0.5 text-xs font-medium ${
            isIn(place, view) ? 'text-accent' : 'text-muted'
          }`}
        >
          <Icon name={icon} className="size-6" />
          {label}
        </Link>
      ))}
    </nav>
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
