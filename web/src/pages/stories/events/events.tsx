import type { CustomEvent, Local } from '@earshot/client';
import { useState } from 'react';
import { Button, ButtonLink, IconButton } from '../../../design/button.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { EmptyState } from '../../../design/empty-state.tsx';
import { notify } from '../../../design/toast.tsx';
import { useClient, useLive } from '../client.tsx';
import { onServer } from '../on-server.ts';
import { usePlace } from '../place.ts';
import { Heading } from '../shell/heading.tsx';
import { useReach } from '../syncing/standing.ts';
import { SyncMark } from '../syncing/sync-mark.tsx';
import { counted, failureSentence } from '../words.ts';
import { DayIcon } from './day-icon.tsx';
import { EventDialog } from './event-dialog.tsx';

/** The days that the family thought up. */
export default function Events() {
  const { place, go } = usePlace();
  const { data: events } = useLive('events', async (client) => {
    const { items } = await client.customEvents.list({ policy: 'cacheOnly' });
    return items;
  });
  const close = (): void => go({ view: 'events' }, { replace: true });
  const edited = events?.find(({ id }) => id === place.event);
  return (
    <>
      <Heading
        title="Events"
        actions={
          <ButtonLink
            to="/stories"
            search={{ view: 'events', event: 'new' }}
            tone="primary"
            icon="plus"
            className="min-h-12"
          >
            New event
          </ButtonLink>
        }
      >
        Events
      </Heading>
      {events?.length === 0 ? (
        <EmptyState
          picture={<DayIcon name="" className="size-10 text-accent" />}
          title="Think up a day of your own"
          action={
            <ButtonLink to="/stories" search={{ view: 'events', event: 'new' }} tone="primary">
              Think one up
            </ButtonLink>
          }
        >
          The first loose tooth, moving house, a lost teddy bear: say what happens, and the storyteller makes
          a story of it.
        </EmptyState>
      ) : (
        <ul className="grid gap-4 md:grid-cols-2">
          {events?.map((event) => (
            <li key={event.id}>
              <EventCard event={event} />
            </li>
          ))}
        </ul>
      )}
      {place.event === 'new' ? <EventDialog onClose={close} /> : null}
      {edited ? <EventDialog key={edited.id} event={edited} onClose={close} /> : null}
    </>
  );
}

function EventCard({ event }: { event: Local<CustomEvent> }) {
  const client = useClient();
  const isOnline = useReach() === 'online';
  const { go } = usePlace();
  const [isAsking, setAsking] = useState(false);
  const [isPolishing, setPolishing] = useState(false);
  const { id, title, isFavorite } = event;

  const polish = async (): Promise<void> => {
    setPolishing(true);
    try {
      await onServer(client, () => client.generation.enhanceEvent(id));
      notify(`“${title}” is worked out.`);
    } catch (error) {
      notify(failureSentence(error), 'danger');
    } finally {
      setPolishing(false);
    }
  };
  const remove = async (): Promise<void> => {
    try {
      await client.customEvents.delete(id);
      notify(`“${title}” is deleted.`);
    } catch (error) {
      notify(failureSentence(error), 'danger');
    }
  };
  return (
    <article className="flex h-full flex-col gap-3 rounded-card border border-line bg-surface p-5 shadow-raised">
      <div className="flex items-start gap-3">
        <DayIcon name={title} className="mt-1 size-6 text-accent" />
        <div className="min-w-0 flex-1">
          <h2 className="font-serif text-xl leading-snug [overflow-wrap:anywhere]">{title}</h2>
          <p className="flex flex-wrap items-center gap-2 text-sm text-muted">
            {[
              event.tone,
              event.ageRange,
              event.usageCount > 0 ? `told ${counted(event.usageCount, 'time')}` : null,
              event.aiEnhanced ? 'worked out by the storyteller' : null,
            ]
              .filter(Boolean)
              .join(' · ')}
            <SyncMark sync={event.sync} />
          </p>
        </div>
        <IconButton
          label={isFavorite ? `Not a favourite any more: ${title}` : `Mark as a favourite: ${title}`}
          icon="heart"
          aria-pressed={isFavorite}
          onClick={() => void client.customEvents.update(id, { isFavorite: !isFavorite })}
          className={`-mt-2 -mr-2 ${isFavorite ? 'text-accent [&>svg]:fill-current' : ''}`}
        />
      </div>
      <p className="line-clamp-4 [overflow-wrap:anywhere]">{event.description || event.promptSeed}</p>
      {event.keywords && event.keywords.length > 0 ? (
        <ul aria-label="Keywords" className="flex flex-wrap gap-1.5">
          {event.keywords.map((keyword) => (
            <li key={keyword} className="rounded-full bg-sunken px-2.5 py-0.5 text-sm text-muted">
              {keyword}
            </li>
          ))}
        </ul>
      ) : null}
      <div className="mt-auto flex flex-wrap items-center gap-2 pt-1">
        <ButtonLink to="/stories" search={{ view: 'tell', event: id }} icon="sparkle">
          Tell it
        </ButtonLink>
        {event.aiEnhanced ? null : (
          <Button
            tone="plain"
            busy={isPolishing}
            blocked={!isOnline && 'The storyteller needs the network'}
            onClick={() => void polish()}
          >
            Work it out
          </Button>
        )}
        <span className="ml-auto flex">
          <IconButton
            label={`Change “${title}”`}
            icon="pencil"
            onClick={() => go({ view: 'events', event: id })}
          />
          <IconButton label={`Delete “${title}”`} icon="trash" onClick={() => setAsking(true)} />
        </span>
      </div>
      <Dialog
        open={isAsking}
        title="Delete this event?"
        onClose={() => setAsking(false)}
        actions={
          <>
            <Button data-first onClick={() => setAsking(false)}>
              Keep it
            </Button>
            <Button tone="danger" onClick={() => void remove()}>
              Delete
            </Button>
          </>
        }
      >
        <p>“{title}” is deleted on all your devices. Stories that were told of it stay.</p>
      </Dialog>
    </article>
  );
}
