import { type CustomEvent, type Hero, type Local, wordsOf } from '@earshot/client';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Banner } from '../../../design/banner.tsx';
import { Button } from '../../../design/button.tsx';
import { Select } from '../../../design/field.tsx';
import { Icon } from '../../../design/icon.tsx';
import { notify } from '../../../design/toast.tsx';
import { useClient } from '../client.tsx';
import { DayIcon } from '../events/day-icon.tsx';
import { Portrait } from '../heroes/portrait.tsx';
import { usePlace } from '../place.ts';
import { changePreferences, usePreferences } from '../preferences.ts';
import { Heading } from '../shell/heading.tsx';
import { Tick } from '../shell/tick.tsx';
import { useLanguages } from '../shell/use-languages.ts';
import { useReach } from '../syncing/standing.ts';
import { builtInDays, voices } from '../words.ts';
import { DayWords, Option } from './option.tsx';
import { useTellings } from './tellings.ts';

interface OrderProps {
  readonly heroes: readonly Local<Hero>[];
  readonly events: readonly Local<CustomEvent>[];
  readonly onBegin: (tellingId: string) => void;
}

type Day =
  | { readonly kind: 'builtin'; readonly name: string }
  | { readonly kind: 'own'; readonly id: string };

/** The form for a new story: about whom, what kind of day, told how. */
export function Order({ heroes, events, onBegin }: OrderProps) {
  const client = useClient();
  const { place, go } = usePlace();
  const isOnline = useReach() === 'online';
  const [, tellings] = useTellings();
  const [heroId, setHeroId] = useState(heroes.find(({ id }) => id === place.hero)?.id ?? heroes[0]?.id ?? '');
  const [day, setDay] = useState<Day>(
    events.some(({ id }) => id === place.event)
      ? { kind: 'own', id: place.event ?? '' }
      : { kind: 'builtin', name: builtInDays[0].name },
  );
  const { voice, narrate, illustrate } = usePreferences();
  const languages = useLanguages();
  const language = languages.chosen;
  const hero = heroes.find(({ id }) => id === heroId);
  const event = day.kind === 'own' ? events.find(({ id }) => id === day.id) : undefined;
  const wait = client.rateLimits.waitMs('story_generation');

  const submit = async (submitted: FormEvent) => {
    submitted.preventDefault();
    if (!hero) return;
    const dayName = event?.title ?? (day.kind === 'builtin' ? day.name : '');
    const request = {
      heroId: hero.id,
      language,
      eventType: dayName,
      ...(event && { customEventId: event.id }),
    };
    if (!isOnline) {
      await client.generation.later({
        kind: 'story',
        request: { ...request, generateAudio: narrate, generateIllustrations: illustrate },
      });
      notify('Your wish is kept, and told as soon as you are online.');
      return go({});
    }
    const telling = tellings.begin({
      request,
      heroName: hero.name,
      dayName,
      voice: voice === 'auto' ? undefined : voice,
      narrate,
      illustrate,
    });
    onBegin(telling.id);
  };

  return (
    <form onSubmit={(submitted) => void submit(submitted)} className="mx-auto flex max-w-3xl flex-col gap-8">
      <div className="-mb-6">
        <Heading title="New story">A new story</Heading>
      </div>
      <fieldset>
        <legend className="mb-3 text-lg font-semibold">Who is it about?</legend>
        <div className="flex flex-wrap gap-3">
          {heroes.map((each) => (
            <Option
              key={each.id}
              name="hero"
              isChosen={each.id === heroId}
              onChoose={() => setHeroId(each.id)}
              className="flex items-center gap-3 rounded-full py-1.5 pr-5 pl-1.5"
            >
              <Portrait hero={each} className="size-12" />
              <span className="font-medium">{each.name}</span>
            </Option>
          ))}
          <Link
            to="/stories"
            search={{ view: 'heroes', hero: 'new' }}
            className="flex min-h-15 items-center gap-2 rounded-full border border-dashed border-edge px-5 font-medium hover:bg-hover"
          >
            <Icon name="plus" />
            New hero
          </Link>
        </div>
      </fieldset>

      <fieldset>
        <legend className="mb-3 text-lg font-semibold">What kind of day?</legend>
        <div className="grid gap-3 sm:grid-cols-2">
          {events.map((each) => (
            <Option
              key={each.id}
              name="day"
              isChosen={day.kind === 'own' && day.id === each.id}
              onChoose={() => setDay({ kind: 'own', id: each.id })}
              className="flex gap-3 rounded-control p-3.5"
            >
              <DayIcon name="" className="mt-0.5 size-6 text-accent" />
              <DayWords name={each.title} about={each.description || 'Thought up by you'} />
            </Option>
          ))}
          {builtInDays.map(({ name, about }) => (
            <Option
              key={name}
              name="day"
              isChosen={day.kind === 'builtin' && day.name === name}
              onChoose={() => setDay({ kind: 'builtin', name })}
              className="flex gap-3 rounded-control p-3.5"
            >
              <DayIcon name={name} className="mt-0.5 size-6 text-accent" />
              <DayWords name={name} about={about} />
            </Option>
          ))}
          <Link
            to="/stories"
            search={{ view: 'events', event: 'new' }}
            className="flex min-h-16 items-center gap-3 rounded-control border border-dashed border-edge p-3.5 font-medium hover:bg-hover"
          >
            <Icon name="plus" className="size-6" />
            Think up your own
          </Link>
        </div>
      </fieldset>

      <fieldset className="flex flex-col gap-4">
        <legend className="mb-3 text-lg font-semibold">How is it told?</legend>
        <div className="grid gap-4 sm:grid-cols-2">
          <Select
            label="Language"
            value={language}
            choices={languages.offered.map((name) => ({ value: name, label: name }))}
            hint={narrate ? languages.hint : undefined}
            onChange={(changed) => changePreferences({ language: changed.currentTarget.value })}
          />
          <Select
            label="Voice"
            value={voice}
            disabled={!narrate}
            choices={voices}
            onChange={(changed) => changePreferences({ voice: changed.currentTarget.value })}
          />
        </div>
        <div className="flex flex-wrap gap-x-8 gap-y-1">
          <Tick isOn={narrate} onChange={(on) => changePreferences({ narrate: on })}>
            Read aloud
          </Tick>
          <Tick isOn={illustrate} onChange={(on) => changePreferences({ illustrate: on })}>
            With pictures
          </Tick>
        </div>
      </fieldset>

      {isOnline ? null : (
        <Banner tone="amber" icon="offline">
          The storyteller lives on the server. Your wish is kept here and told as soon as you are online.
        </Banner>
      )}
      {wait > 0 ? (
        <Banner tone="amber" icon="clock">
          {wordsOf('rateLimited').message} It is lifted in {Math.ceil(wait / 60_000)} min.
        </Banner>
      ) : null}
      <Button
        type="submit"
        tone="primary"
        icon={isOnline ? 'sparkle' : 'clock'}
        blocked={wait > 0 && wordsOf('rateLimited').message}
        className="min-h-14 text-lg sm:self-start sm:px-8"
      >
        {isOnline ? 'Tell the story' : 'Tell it when online'}
      </Button>
    </form>
  );
}
