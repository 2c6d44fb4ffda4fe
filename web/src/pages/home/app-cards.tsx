import { Icon } from '../../design/icon.tsx';
import type { AppInfo } from '../../server/info.ts';
import { appIcons } from './app-icons.ts';

export function AppCards({ apps }: { apps: readonly AppInfo[] }) {
  return (
    <section aria-labelledby="apps" className="flex flex-col gap-4">
      <h2 id="apps" className="sr-only">
        Apps
      </h2>
      <ul className={`grid gap-4 ${apps.length > 1 ? 'md:grid-cols-2' : ''}`}>
        {apps.map((app) => (
          <li key={app.name}>
            <AppCard app={app} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function AppCard({ app }: { app: AppInfo }) {
  const inside = (
    <>
      <span className="grid size-14 shrink-0 place-items-center rounded-2xl bg-accent text-on-accent">
        <Icon name={appIcons[app.name]} className="size-7" />
      </span>
      <div className="min-w-0 flex-1 basis-52">
        <h3 className="text-2xl font-semibold tracking-tight">{app.title}</h3>
        <p className="max-w-xl text-muted">{app.summary}</p>
      </div>
    </>
  );
  const look =
    'flex h-full flex-wrap items-center gap-x-5 gap-y-4 rounded-card border border-line bg-surface p-6 shadow-raised sm:p-8';
  if (app.path === null) {
    return (
      <div className={look}>
        {inside}
        <a href="/docs" className="flex min-h-11 items-center font-medium underline underline-offset-4">
          API only
        </a>
      </div>
    );
  }
  return (
    <a
      href={app.path}
      className={`group ${look} transition-[border-color,translate] duration-200 ease-calm hover:-translate-y-0.5 hover:border-accent`}
    >
      {inside}
      <span className="flex items-center gap-2 font-medium text-accent">
        Open
        <Icon name="arrow" className="size-5 transition-transform duration-200 group-hover:translate-x-1" />
      </span>
    </a>
  );
}

/** The same for whoever knows them: a row of places to go to. */
export function AppTiles({ apps }: { apps: readonly AppInfo[] }) {
  return (
    <nav aria-label="Apps">
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(9.5rem,1fr))] gap-3 sm:grid-cols-3 lg:grid-cols-5">
        {apps.map(({ name, title, path }) => (
          <li key={name}>
            <a
              href={path ?? '/docs'}
              className="flex min-h-16 items-center gap-2.5 rounded-card border border-line bg-surface p-2.5 font-semibold shadow-raised transition-[border-color,translate] duration-200 ease-calm hover:-translate-y-0.5 hover:border-accent"
            >
              <span className="grid size-9 shrink-0 place-items-center rounded-xl bg-accent text-on-accent">
                <Icon name={appIcons[name]} />
              </span>
              <span className="min-w-0 truncate">{title}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

export function AppCardsLoading() {
  return (
    <div aria-busy="true" className="flex flex-col gap-4">
      <p className="sr-only" role="status">
        Asking the server what it offers
      </p>
      <div className="h-32 animate-pulse rounded-card bg-sunken" />
      <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
        {[1, 2, 3, 4].map((place) => (
          <div key={place} className="h-36 animate-pulse rounded-card bg-sunken" />
        ))}
      </div>
    </div>
  );
}
