import { useQuery } from '@tanstack/react-query';
import { Card } from '../../../design/card.tsx';
import { Icon } from '../../../design/icon.tsx';
import { appIcons } from '../app-icons.ts';
import { Bars } from './bars.tsx';
import { Asked, Section } from './section.tsx';
import { type AppUsage, usage } from './server.ts';
import { byteWords } from './words.ts';

/** What each app was used for in the last two weeks. */
export function Usage() {
  const asked = useQuery(usage);
  return (
    <Section id="usage" title="Your last two weeks" about="Counted by days of universal time.">
      <Asked query={asked} what="what you used">
        {({ days, apps }) => (
          <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
            {apps.map((app) => (
              <li key={app.app}>
                <AppCard app={app} days={days} />
              </li>
            ))}
          </ul>
        )}
      </Asked>
    </Section>
  );
}

function AppCard({ app, days }: { app: AppUsage; days: readonly string[] }) {
  return (
    <Card className="flex h-full flex-col gap-5 p-5">
      <h3 className="flex items-center gap-2.5 font-semibold">
        <Icon name={appIcons[app.app]} className="size-5 text-accent" />
        {app.title}
        {app.stored_bytes ? (
          <span className="ml-auto text-sm font-normal text-muted">{byteWords(app.stored_bytes)} stored</span>
        ) : null}
      </h3>
      {app.series.map(({ unit, total, counts }) => (
        <div key={unit} className="flex flex-col gap-2 last:flex-1">
          <p className="mb-auto">
            <span className="text-2xl font-semibold tracking-tight tabular-nums">
              {total.toLocaleString()}
            </span>{' '}
            <span className="text-muted">{unit}</span>
          </p>
          {total > 0 ? <Bars unit={unit} days={days} counts={counts} /> : null}
        </div>
      ))}
    </Card>
  );
}
