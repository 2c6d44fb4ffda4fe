import type { GenerationIntent, Hero, Local } from '@earshot/client';
import { Button, IconButton } from '../../../design/button.tsx';
import { Icon } from '../../../design/icon.tsx';
import { useClient } from '../client.tsx';

/** What was wished for without a network: it is told, read or drawn as soon as the server can be reached. */
export function Wishes({
  wishes,
  heroes,
}: {
  wishes: readonly GenerationIntent[];
  heroes: readonly Local<Hero>[];
}) {
  const client = useClient();
  if (wishes.length === 0) return null;
  const retry = async (id: string): Promise<void> => {
    await client.generation.retry(id);
    // Wishes are fulfilled after a sync.
    client.scheduler.request('manual');
  };
  const nameOf = (id: string): string => heroes.find((hero) => hero.id === id)?.name ?? 'a hero';
  const words = (wish: GenerationIntent): string => {
    switch (wish.kind) {
      case 'story':
        return `A story about ${nameOf(wish.request.heroId)}${wish.request.eventType ? `: ${wish.request.eventType}` : ''}`;
      case 'avatar':
        return `A portrait of ${nameOf(wish.heroId)}`;
      case 'audio':
        return 'A narration';
      case 'illustrations':
        return 'Pictures for a story';
    }
  };
  return (
    <section aria-label="Wishes" className="mb-6 flex flex-col gap-2">
      {wishes.map((wish) => (
        <div
          key={wish.id}
          className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-control border border-dashed border-edge px-4 py-2"
        >
          <Icon
            name={wish.failed ? 'warning' : 'clock'}
            className={`size-5 ${wish.failed ? 'text-danger' : 'text-muted'}`}
          />
          <p className="min-w-0 flex-1">
            <span className="font-medium">{words(wish)}</span>{' '}
            <span className={wish.failed ? 'text-danger' : 'text-muted'}>
              {wish.failed ? (wish.error ?? 'It could not be made.') : 'waits for the network.'}
            </span>
          </p>
          {wish.failed ? (
            <Button icon="retry" onClick={() => void retry(wish.id)}>
              Try again
            </Button>
          ) : null}
          <IconButton
            label="Give this wish up"
            icon="close"
            onClick={() => void client.generation.forget(wish.id)}
          />
        </div>
      ))}
    </section>
  );
}
