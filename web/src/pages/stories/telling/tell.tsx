import { useState } from 'react';
import { Button, ButtonLink } from '../../../design/button.tsx';
import { EmptyState } from '../../../design/empty-state.tsx';
import { useLive } from '../client.tsx';
import { Heading } from '../shell/heading.tsx';
import { Order } from './order.tsx';
import { TellingProgress } from './progress.tsx';
import { isOver, useTellings } from './tellings.ts';

/** What the next story is about; then how it comes about. */
export default function Tell() {
  const { data } = useLive('tell', async (client) => {
    const [heroes, events] = await Promise.all([
      client.heroes.list({ policy: 'cacheOnly' }),
      client.customEvents.list({ policy: 'cacheOnly' }),
    ]);
    return { heroes: heroes.items, events: events.items };
  });
  const [all, tellings] = useTellings();
  const [shownId, setShownId] = useState(() => all.find((telling) => !isOver(telling))?.id ?? null);
  const shown = all.find(({ id }) => id === shownId);
  if (shown) {
    return (
      <div className="mx-auto max-w-2xl">
        <Heading title="On its way" actions={<Button onClick={() => setShownId(null)}>Another story</Button>}>
          {isOver(shown) ? 'It is ready' : 'On its way'}
        </Heading>
        <TellingProgress telling={shown} tellings={tellings} />
      </div>
    );
  }
  if (!data) return null;
  if (data.heroes.length === 0) {
    return (
      <>
        <Heading title="New story">A new story</Heading>
        <EmptyState
          title="Every story needs a hero"
          action={
            <ButtonLink to="/stories" search={{ view: 'heroes', hero: 'new' }} tone="primary">
              Make a hero
            </ButtonLink>
          }
        >
          Then this is where you choose what happens.
        </EmptyState>
      </>
    );
  }
  return <Order heroes={data.heroes} events={data.events} onBegin={setShownId} />;
}
