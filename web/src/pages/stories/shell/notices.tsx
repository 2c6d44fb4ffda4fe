import { useState } from 'react';
import { Banner } from '../../../design/banner.tsx';
import { Button } from '../../../design/button.tsx';
import { useInstallable } from '../../../shell/installation.ts';
import { useLive } from '../client.tsx';
import { ConflictDialog } from '../syncing/conflict-dialog.tsx';
import { type Contested, readContested, useReach } from '../syncing/standing.ts';

/** What everybody should know wherever they are: no network, no server, a choice to be made. */
export function Notices() {
  const reach = useReach();
  const { data: contested = [] } = useLive('contested', readContested);
  const [chosen, setChosen] = useState<Contested | null>(null);
  const { update } = useInstallable();
  const first = contested[0];
  return (
    <div className="flex flex-col gap-2 empty:hidden">
      {reach === 'offline' ? (
        <Banner tone="amber" icon="offline">
          You are offline. What you change is kept, and sent when you are back.
        </Banner>
      ) : null}
      {reach === 'unreachable' ? (
        <Banner tone="amber" icon="offline">
          The server does not answer. Everything you have stays usable, and this page keeps trying.
        </Banner>
      ) : null}
      {first ? (
        <Banner
          tone="amber"
          icon="warning"
          action={<Button onClick={() => setChosen(first)}>Look at both</Button>}
        >
          “{first.name}” was changed on two devices.
          {contested.length > 1 ? ` So were ${contested.length - 1} more.` : ''}
        </Banner>
      ) : null}
      {update ? (
        <Banner tone="calm" icon="sparkle" action={<Button onClick={update}>Reload</Button>}>
          A new version of this page is here.
        </Banner>
      ) : null}
      {chosen ? <ConflictDialog contested={chosen} onClose={() => setChosen(null)} /> : null}
    </div>
  );
}
