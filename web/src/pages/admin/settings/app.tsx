import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from '../../../design/button.tsx';
import { Card } from '../../../design/card.tsx';
import { Field } from '../../../design/field.tsx';
import { type AppSettings, api } from '../api.ts';
import { Loaded, Section } from './section.tsx';
import { useAction } from './use-action.ts';

const key = ['support', 'settings'];

export function AppSection() {
  const settings = useQuery({ queryKey: key, queryFn: ({ signal }) => api.settings(signal) });
  return (
    <Section title="App and data" under="What it is called, how long things are kept, and when phones ring.">
      <Loaded query={settings}>{(current) => <Form current={current} />}</Loaded>
    </Section>
  );
}

/** An empty field means: for ever. */
function daysOf(value: FormDataEntryValue | null): number | null {
  const days = Number.parseInt(String(value ?? ''), 10);
  return Number.isFinite(days) && days > 0 ? days : null;
}

function Form({ current }: { current: AppSettings }) {
  const { busy, run } = useAction(key);
  const [hold, setHold] = useState(current.legal_hold);
  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    void run(
      () =>
        api.changeSettings({
          name: String(form.get('name') ?? '').trim(),
          message_retention_days: daysOf(form.get('messages')),
          event_retention_days: daysOf(form.get('events')),
          push_enabled: form.has('push'),
          push_quiet_hours: form.has('quiet'),
          legal_hold: form.has('hold'),
        }),
      'Saved.',
    );
  };
  return (
    <Card className="max-w-xl p-6">
      <form onSubmit={save} className="flex flex-col gap-5">
        <Field label="Name of the app" name="name" required maxLength={200} defaultValue={current.name} />
        <div className="grid gap-5 sm:grid-cols-2">
          <Field
            label="Keep messages for (days)"
            name="messages"
            type="number"
            min={1}
            max={36_500}
            placeholder="for ever"
            defaultValue={current.message_retention_days ?? ''}
            hint="Empty keeps them for ever."
          />
          <Field
            label="Keep events for (days)"
            name="events"
            type="number"
            min={1}
            max={36_500}
            placeholder="for ever"
            defaultValue={current.event_retention_days ?? ''}
            hint="Empty keeps them for ever."
          />
        </div>
        <fieldset className="flex flex-col gap-1">
          <legend className="sr-only">Switches</legend>
          <Switch name="push" checked={current.push_enabled} words="Push to phones that are not connected" />
          <Switch
            name="quiet"
            checked={current.push_quiet_hours}
            words="No push from 22:00 to 08:00 where the phone is"
          />
          <Switch
            name="hold"
            checked={current.legal_hold}
            words="Legal hold: delete nothing by age"
            onChange={setHold}
          />
        </fieldset>
        {hold ? (
          <p className="text-sm text-amber">While the hold is on, the days above have no effect.</p>
        ) : null}
        <Button type="submit" tone="primary" busy={busy} className="self-start">
          Save
        </Button>
      </form>
    </Card>
  );
}

function Switch(props: {
  readonly name: string;
  readonly checked: boolean;
  readonly words: string;
  readonly onChange?: (checked: boolean) => void;
}) {
  return (
    <label className="flex min-h-11 cursor-pointer items-center gap-3">
      <input
        type="checkbox"
        name={props.name}
        defaultChecked={props.checked}
        onChange={(event) => props.onChange?.(event.currentTarget.checked)}
        className="size-5 shrink-0 accent-accent"
      />
      {props.words}
    </label>
  );
}
