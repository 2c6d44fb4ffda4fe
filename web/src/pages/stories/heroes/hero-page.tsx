import { type Hero, isEarshotError, type Local } from '@earshot/client';
import { type FormEvent, useState } from 'react';
import { Button, ButtonLink } from '../../../design/button.tsx';
import { Card } from '../../../design/card.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { EmptyState } from '../../../design/empty-state.tsx';
import { notify } from '../../../design/toast.tsx';
import { useClient, useLive } from '../client.tsx';
import { StoryCard } from '../library/story-card.tsx';
import { usePlace } from '../place.ts';
import { Failure } from '../shell/failure.tsx';
import { Heading } from '../shell/heading.tsx';
import { SyncMark } from '../syncing/sync-mark.tsx';
import { counted, failureSentence, heroWords } from '../words.ts';
import { draftOf, fieldsOf } from './draft.ts';
import { PortraitStudio } from './portrait-studio.tsx';
import { Character, Looks, NameAndAge } from './questions.tsx';

/** One hero: the portrait, what is known, and the stories. */
export default function HeroPage({ id }: { id: string }) {
  const { data, error } = useLive(`hero page ${id}`, async (client) => {
    const policy = 'cacheOnly' as const;
    const hero = await client.heroes.get(id, { policy });
    const stories = await client.stories.find({ heroId: id, policy });
    const illustrations = await client.illustrations.list({ policy });
    return { hero, stories: stories.items, illustrations: illustrations.items };
  });
  const [isEditing, setEditing] = useState(false);
  const [isAsking, setAsking] = useState(false);

  if (error && isEarshotError(error, 'notFound', 'notCached')) {
    return (
      <>
        <Heading title="Gone">This hero is gone</Heading>
        <EmptyState
          title="Nobody is here"
          action={
            <ButtonLink to="/stories" search={{ view: 'heroes' }}>
              To the heroes
            </ButtonLink>
          }
        >
          The hero was deleted, here or on another device.
        </EmptyState>
      </>
    );
  }
  if (!data) return null;
  const { hero, stories, illustrations } = data;
  const coverOf = (storyId: string) =>
    illustrations.find((each) => each.storyId === storyId && each.generationStatus === 'completed');
  return (
    <>
      <Heading title={hero.name}>{hero.name}</Heading>
      <div className="grid gap-8 lg:grid-cols-[20rem_minmax(0,1fr)]">
        <div className="flex flex-col gap-6">
          <PortraitStudio heroId={id} />
          <Facts hero={hero} />
          <div className="flex flex-wrap gap-2">
            <Button icon="pencil" onClick={() => setEditing(true)}>
              Change
            </Button>
            <Button icon="trash" onClick={() => setAsking(true)}>
              Delete
            </Button>
          </div>
        </div>
        <section aria-labelledby="stories-of" className="flex flex-col gap-5">
          <div className="flex flex-wrap items-center justify-between gap-3">
            <h2 id="stories-of" className="text-xl font-semibold tracking-tight">
              {counted(stories.length, 'story', 'stories')}
            </h2>
            <ButtonLink to="/stories" search={{ view: 'tell', hero: id }} tone="primary" icon="sparkle">
              New story
            </ButtonLink>
          </div>
          {stories.length === 0 ? (
            <EmptyState title="No story yet">{hero.name} is waiting to find out what happens.</EmptyState>
          ) : (
            <ul className="grid grid-cols-2 gap-x-4 gap-y-7 sm:grid-cols-3">
              {stories.map((story) => (
                <li key={story.id}>
                  <StoryCard story={story} hero={hero} cover={coverOf(story.id)} />
                </li>
              ))}
            </ul>
          )}
        </section>
      </div>
      {isEditing ? <EditDialog hero={hero} onClose={() => setEditing(false)} /> : null}
      <DeleteDialog hero={hero} stories={stories.length} open={isAsking} onClose={() => setAsking(false)} />
    </>
  );
}

function Facts({ hero }: { hero: Local<Hero> }) {
  const facts = [
    ['Character', heroWords(hero)],
    ['Ability', hero.specialAbilities?.join(', ')],
    ['Hair', hero.hairColor],
    ['Eyes', hero.eyeColor],
    ['Skin', hero.skinTone],
    ['Looks', hero.appearance],
  ] as const;
  return (
    <Card className="p-5">
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5">
        {facts.map(([name, value]) =>
          value ? (
            <div key={name} className="contents">
              <dt className="text-muted">{name}</dt>
              <dd className="[overflow-wrap:anywhere]">{value}</dd>
            </div>
          ) : null,
        )}
      </dl>
      <div className="mt-3 empty:hidden">
        <SyncMark sync={hero.sync} />
      </div>
    </Card>
  );
}

function EditDialog({ hero, onClose }: { hero: Local<Hero>; onClose: () => void }) {
  const client = useClient();
  const [draft, setDraft] = useState(() => draftOf(hero));
  const [error, setError] = useState<unknown>(null);
  const problem =
    draft.name.trim() === ''
      ? 'Every hero needs a name.'
      : draft.traits.length === 0
        ? 'Choose at least one trait.'
        : false;
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (problem) return;
    const {
      specialAbilities = [],
      appearance = '',
      hairColor = '',
      eyeColor = '',
      skinTone = '',
      ...rest
    } = fieldsOf(draft);
    try {
      await client.heroes.update(hero.id, {
        ...rest,
        specialAbilities,
        appearance,
        hairColor,
        eyeColor,
        skinTone,
      });
      notify(`${draft.name.trim()} is changed.`);
      onClose();
    } catch (failure) {
      setError(failure);
    }
  };
  const change = (changes: Partial<typeof draft>): void => setDraft({ ...draft, ...changes });
  return (
    <Dialog
      open
      insistent
      title={`Change ${hero.name}`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" type="submit" form="hero-form" blocked={problem}>
            Save
          </Button>
        </>
      }
    >
      <form id="hero-form" noValidate onSubmit={(event) => void save(event)} className="flex flex-col gap-6">
        <NameAndAge draft={draft} onChange={change} />
        <Character draft={draft} onChange={change} />
        <Looks draft={draft} onChange={change} />
        {error ? <Failure error={error} /> : null}
        <p className="text-sm text-muted">
          Stories that are told already stay as they are. Draw the portrait again to see the new looks.
        </p>
      </form>
    </Dialog>
  );
}

function DeleteDialog(props: {
  readonly hero: Local<Hero>;
  readonly stories: number;
  readonly open: boolean;
  readonly onClose: () => void;
}) {
  const { hero, stories, open, onClose } = props;
  const client = useClient();
  const { go } = usePlace();
  const remove = async (): Promise<void> => {
    try {
      await client.heroes.delete(hero.id);
      go({ view: 'heroes' }, { replace: true });
      notify(`${hero.name} is deleted.`);
    } catch (error) {
      notify(failureSentence(error), 'danger');
    }
  };
  return (
    <Dialog
      open={open}
      title={`Delete ${hero.name}?`}
      onClose={onClose}
      actions={
        <>
          <Button data-first onClick={onClose}>
            Keep
          </Button>
          <Button tone="danger" onClick={() => void remove()}>
            Delete
          </Button>
        </>
      }
    >
      <p>
        {stories === 0
          ? `${hero.name} is deleted on all your devices.`
          : `${hero.name} and ${counted(stories, 'story', 'stories')} with narration and pictures are deleted on all your devices.`}
      </p>
    </Dialog>
  );
}
