import type { CustomEvent, Local } from '@earshot/client';
import { type FormEvent, useState } from 'react';
import { Button } from '../../../design/button.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { Field, Select } from '../../../design/field.tsx';
import { notify } from '../../../design/toast.tsx';
import { useClient } from '../client.tsx';
import { Failure } from '../shell/failure.tsx';
import { TextArea } from '../shell/text-area.tsx';

const inWords = (value: string): { readonly value: string; readonly label: string } => ({
  value,
  label: value.slice(0, 1).toUpperCase() + value.slice(1),
});
const categories = [
  'general',
  'daily',
  'adventure',
  'emotional',
  'learning',
  'celebration',
  'challenge',
  'imagination',
  'custom',
].map(inWords);
const tones = [
  'cheerful',
  'calming',
  'exciting',
  'educational',
  'funny',
  'inspiring',
  'mysterious',
  'balanced',
].map(inWords);
const ages = ['All Ages', '2-4 years', '4-6 years', '6-10 years'].map(inWords);
const MOST_KEYWORDS = 20;

const keywordsIn = (text: string): readonly string[] =>
  [
    ...new Set(
      text
        .split(',')
        .map((word) => word.trim().slice(0, 50))
        .filter(Boolean),
    ),
  ].slice(0, MOST_KEYWORDS);

/** A new event, or one to be changed. */
export function EventDialog({ event, onClose }: { event?: Local<CustomEvent>; onClose: () => void }) {
  const client = useClient();
  const [title, setTitle] = useState(event?.title ?? '');
  const [promptSeed, setPromptSeed] = useState(event?.promptSeed ?? '');
  const [category, setCategory] = useState(event?.category ?? 'general');
  const [tone, setTone] = useState(event?.tone ?? 'cheerful');
  const [ageRange, setAgeRange] = useState(event?.ageRange ?? 'All Ages');
  const [keywords, setKeywords] = useState(event?.keywords?.join(', ') ?? '');
  const [isTold, setTold] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const hasTitle = title.trim() !== '';
  const hasSeed = promptSeed.trim() !== '';

  const save = async (submitted: FormEvent) => {
    submitted.preventDefault();
    setTold(true);
    if (!hasTitle || !hasSeed) return;
    const fields = {
      title: title.trim(),
      promptSeed: promptSeed.trim(),
      category,
      tone,
      ageRange,
      keywords: keywordsIn(keywords),
    };
    try {
      if (event) await client.customEvents.update(event.id, fields);
      else await client.customEvents.create(fields);
      notify(event ? 'Saved.' : `“${fields.title}” is ready to be told.`);
      onClose();
    } catch (failure) {
      setError(failure);
    }
  };

  return (
    <Dialog
      open
      insistent
      title={event ? 'Change this event' : 'A day of your own'}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" type="submit" form="event-form">
            Save
          </Button>
        </>
      }
    >
      <form
        id="event-form"
        noValidate
        onSubmit={(submitted) => void save(submitted)}
        className="flex flex-col gap-4"
      >
        <Field
          label="Title"
          data-first
          value={title}
          maxLength={200}
          placeholder="The first loose tooth"
          onChange={(changed) => setTitle(changed.currentTarget.value)}
          error={isTold && !hasTitle ? 'Give the day a name.' : undefined}
        />
        <TextArea
          label="What happens?"
          value={promptSeed}
          maxLength={2_000}
          placeholder="A tooth has been wobbling for days, and nobody knows when it will fall out."
          onChange={setPromptSeed}
          hint="One or two sentences are enough."
          error={isTold && !hasSeed ? 'Say in a sentence what happens.' : undefined}
        />
        <div className="grid gap-4 sm:grid-cols-2">
          <Select
            label="Tone"
            value={tone}
            choices={tones}
            onChange={(changed) => setTone(changed.currentTarget.value)}
          />
          <Select
            label="For"
            value={ageRange}
            choices={ages}
            onChange={(changed) => setAgeRange(changed.currentTarget.value)}
          />
        </div>
        <Select
          label="Kind"
          value={category}
          choices={categories}
          onChange={(changed) => setCategory(changed.currentTarget.value)}
        />
        <Field
          label="Keywords (optional)"
          value={keywords}
          placeholder="tooth, courage, grandmother"
          onChange={(changed) => setKeywords(changed.currentTarget.value)}
          hint="Set apart by commas."
        />
        {error ? <Failure error={error} /> : null}
      </form>
    </Dialog>
  );
}
