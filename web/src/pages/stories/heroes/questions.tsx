import type { ReactNode } from 'react';
import { Field, Select, Slider } from '../../../design/field.tsx';
import { Icon } from '../../../design/icon.tsx';
import { TextArea } from '../shell/text-area.tsx';
import { counted, traits } from '../words.ts';
import { type Draft, eyeColors, hairColors, hairStyles, type Swatch, skinTones } from './draft.ts';

export interface QuestionsProps {
  readonly draft: Draft;
  readonly onChange: (changes: Partial<Draft>) => void;
  readonly problem?: string | undefined;
}

/** Who it is. */
export function NameAndAge({ draft, onChange, problem }: QuestionsProps) {
  return (
    <div className="flex flex-col gap-6">
      <Field
        label="Name"
        value={draft.name}
        maxLength={200}
        autoComplete="off"
        onChange={(event) => onChange({ name: event.currentTarget.value })}
        error={problem}
        hint="The child’s own, or one from another world."
        className="min-h-13 text-lg"
      />
      <Slider
        label="Age"
        min={3}
        max={12}
        step={1}
        value={draft.age}
        words={`${draft.age} years`}
        onChange={(age) => onChange({ age })}
      />
    </div>
  );
}

const most = 5;

/** What the hero is like. */
export function Character({ draft, onChange, problem }: QuestionsProps) {
  const own = draft.traits;
  const offered = [...traits, ...own.filter((trait) => !traits.some((known) => known === trait))];
  return (
    <div className="flex flex-col gap-6">
      <fieldset className="flex flex-col gap-3">
        <legend className="mb-3 text-sm font-medium">
          Choose up to {counted(most, 'trait')}; the first one counts most
        </legend>
        <div className="flex flex-wrap gap-2">
          {offered.map((trait) => {
            const place = own.indexOf(trait);
            const isChosen = place >= 0;
            return (
              <button
                key={trait}
                type="button"
                aria-pressed={isChosen}
                {...(!isChosen && own.length >= most ? { 'aria-disabled': true } : {})}
                onClick={() => {
                  if (isChosen) onChange({ traits: own.filter((each) => each !== trait) });
                  else if (own.length < most) onChange({ traits: [...own, trait] });
                }}
                className={`flex min-h-11 items-center gap-2 rounded-full border px-4 font-medium transition-colors ${
                  isChosen
                    ? 'border-accent bg-accent text-on-accent'
                    : 'border-edge bg-surface hover:bg-hover aria-disabled:text-muted'
                }`}
              >
                {isChosen ? <span className="text-sm tabular-nums">{place + 1}</span> : null}
                {trait}
              </button>
            );
          })}
        </div>
        {problem ? (
          <p role="alert" className="flex gap-1.5 text-sm text-danger">
            <Icon name="warning" className="mt-0.5 size-4" />
            {problem}
          </p>
        ) : null}
      </fieldset>
      <Field
        label="A special ability (optional)"
        value={draft.ability}
        maxLength={200}
        autoComplete="off"
        placeholder="Can talk to cats"
        onChange={(event) => onChange({ ability: event.currentTarget.value })}
      />
    </div>
  );
}

/** What the hero looks like: every answer may be left open. */
export function Looks({ draft, onChange }: QuestionsProps) {
  return (
    <div className="flex flex-col gap-6">
      <Swatches
        legend="Hair"
        swatches={hairColors}
        value={draft.hair}
        onChange={(hair) => onChange({ hair })}
      />
      <Select
        label="Hair style"
        value={draft.hairStyle}
        choices={hairStyles}
        onChange={(event) => onChange({ hairStyle: event.currentTarget.value })}
      />
      <Swatches
        legend="Eyes"
        swatches={eyeColors}
        value={draft.eyes}
        onChange={(eyes) => onChange({ eyes })}
      />
      <Swatches
        legend="Skin"
        swatches={skinTones}
        value={draft.skin}
        onChange={(skin) => onChange({ skin })}
      />
      <TextArea
        label="Anything else (optional)"
        rows={2}
        maxLength={500}
        value={draft.appearance}
        placeholder="Always wears a yellow raincoat"
        onChange={(appearance) => onChange({ appearance })}
      />
    </div>
  );
}

function Swatches(props: {
  readonly legend: string;
  readonly swatches: readonly Swatch[];
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const { legend, swatches, value, onChange } = props;
  const isOwn = value !== '' && !swatches.some((swatch) => swatch.value === value);
  return (
    <fieldset>
      <legend className="mb-2 text-sm font-medium">{legend}</legend>
      <div className="flex flex-wrap gap-2">
        <Choice isChosen={value === ''} label="Surprise me" onChoose={() => onChange('')}>
          <span
            aria-hidden="true"
            className="grid size-6 place-items-center rounded-full border border-dashed border-edge text-sm"
          >
            ?
          </span>
        </Choice>
        {swatches.map((swatch) => (
          <Choice
            key={swatch.value}
            isChosen={swatch.value === value}
            label={swatch.label}
            onChoose={() => onChange(swatch.value)}
          >
            <svg aria-hidden="true" viewBox="0 0 24 24" className="size-6">
              <circle
                cx="12"
                cy="12"
                r="11.500"
                fill={swatch.color}
                className="stroke-edge"
                strokeWidth="0.5"
              />
            </svg>
          </Choice>
        ))}
        {isOwn ? (
          <Choice isChosen label={value} onChoose={() => undefined}>
            <Icon name="pencil" className="size-5" />
          </Choice>
        ) : null}
      </div>
    </fieldset>
  );
}

function Choice(props: {
  readonly isChosen: boolean;
  readonly label: string;
  readonly onChoose: () => void;
  readonly children: ReactNode;
}) {
  const { isChosen, label, onChoose, children } = props;
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      onClick={onChoose}
      className={`flex min-h-11 items-center gap-2 rounded-full border py-1 pr-3.5 pl-2 text-sm font-medium transition-colors ${
        isChosen ? 'border-accent bg-accent-soft text-accent' : 'border-line bg-surface hover:bg-hover'
      }`}
    >
      {children}
      {label}
    </button>
  );
}
