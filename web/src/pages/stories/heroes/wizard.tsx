import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Button } from '../../../design/button.tsx';
import { Card } from '../../../design/card.tsx';
import { useClient } from '../client.tsx';
import { usePlace } from '../place.ts';
import { Failure } from '../shell/failure.tsx';
import { Heading } from '../shell/heading.tsx';
import { type Draft, emptyDraft, fieldsOf } from './draft.ts';
import { PortraitStudio } from './portrait-studio.tsx';
import { Character, Looks, NameAndAge } from './questions.tsx';

const steps = [
  { title: () => 'Who is it?', Questions: NameAndAge },
  { title: (name: string) => `What is ${name} like?`, Questions: Character },
  { title: (name: string) => `What does ${name} look like?`, Questions: Looks },
] as const;
const stepNames = ['Name', 'Character', 'Looks', 'Portrait'] as const;

function problemIn(step: number, draft: Draft): string | undefined {
  if (step === 0 && draft.name.trim() === '') return 'Every hero needs a name.';
  if (step === 1 && draft.traits.length === 0) return 'Choose at least one trait.';
  return undefined;
}

/** A new hero, step by step; it is made on the device, so it works without a network too. */
export default function HeroWizard() {
  const client = useClient();
  const { go } = usePlace();
  const [step, setStep] = useState(0);
  const [draft, setDraft] = useState(emptyDraft);
  const [isTold, setTold] = useState(false);
  const [heroId, setHeroId] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const hasMoved = useRef(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each step begins at its title
  useEffect(() => {
    if (hasMoved.current) title.current?.focus();
    hasMoved.current = true;
  }, [step]);

  const problem = problemIn(step, draft);
  const next = async (event: FormEvent) => {
    event.preventDefault();
    if (problem) {
      setTold(true);
      // The field that is wrong is the first one of each step.
      (event.currentTarget as HTMLFormElement)
        .querySelector<HTMLElement>('input, button[aria-pressed]')
        ?.focus();
      return;
    }
    setTold(false);
    if (step < steps.length - 1) return setStep(step + 1);
    try {
      const hero = await client.heroes.create(fieldsOf(draft));
      setHeroId(hero.id);
      setStep(steps.length);
    } catch (failure) {
      setError(failure);
    }
  };

  const current = steps[step];
  return (
    <div className="mx-auto max-w-2xl">
      <Heading title="New hero">A new hero</Heading>
      <ol className="mb-6 grid grid-cols-4 gap-2">
        {stepNames.map((name, place) => (
          <li
            key={name}
            aria-current={place === step ? 'step' : undefined}
            className={`flex flex-col gap-1.5 text-xs font-medium ${place <= step ? 'text-accent' : 'text-muted'}`}
          >
            <span className={`h-1.5 rounded-full ${place <= step ? 'bg-accent' : 'bg-line'}`} />
            <span>
              <span className="sr-only">
                Step {place + 1} of {stepNames.length}:{' '}
              </span>
              {name}
              {place < step ? <span className="sr-only">, done</span> : null}
            </span>
          </li>
        ))}
      </ol>
      <Card className="p-5 sm:p-8">
        {current ? (
          <form noValidate onSubmit={(event) => void next(event)} className="flex flex-col gap-6">
            <h2 ref={title} tabIndex={-1} className="text-xl font-semibold tracking-tight outline-none">
              {current.title(draft.name.trim())}
            </h2>
            <current.Questions
              draft={draft}
              onChange={(changes) => setDraft({ ...draft, ...changes })}
              problem={isTold ? problem : undefined}
            />
            {error ? <Failure error={error} /> : null}
            <div className="flex justify-between gap-3">
              <Button icon="left" onClick={() => (step === 0 ? go({ view: 'heroes' }) : setStep(step - 1))}>
                {step === 0 ? 'Cancel' : 'Back'}
              </Button>
              <Button type="submit" tone="primary" className="min-w-32">
                {step === steps.length - 1 ? 'Make the hero' : 'Next'}
              </Button>
            </div>
          </form>
        ) : heroId ? (
          <div className="flex flex-col gap-6">
            <h2 ref={title} tabIndex={-1} className="text-xl font-semibold tracking-tight outline-none">
              Here is {draft.name.trim()}
            </h2>
            <PortraitStudio heroId={heroId} startsAtOnce />
            <div className="flex flex-wrap justify-between gap-3">
              <Button onClick={() => go({ view: 'heroes' })}>Done</Button>
              <Button tone="primary" icon="sparkle" onClick={() => go({ view: 'tell', hero: heroId })}>
                Tell a story with {draft.name.trim()}
              </Button>
            </div>
          </div>
        ) : null}
      </Card>
    </div>
  );
}
