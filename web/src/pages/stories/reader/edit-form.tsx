import type { Local, Story } from '@earshot/client';
import { type FormEvent, useState } from 'react';
import { Button } from '../../../design/button.tsx';
import { Field } from '../../../design/field.tsx';
import { notify } from '../../../design/toast.tsx';
import { useClient } from '../client.tsx';
import { Failure } from '../shell/failure.tsx';
import { TextArea } from '../shell/text-area.tsx';

/** Title and text, to be changed; it works without a network too. */
export function EditForm({ story, onDone }: { story: Local<Story>; onDone: () => void }) {
  const client = useClient();
  const [title, setTitle] = useState(story.title);
  const [content, setContent] = useState(story.content);
  const [error, setError] = useState<unknown>(null);
  const isNewText = content.trim() !== story.content.trim();
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const changes = {
      ...(title.trim() !== story.title && { title: title.trim() }),
      ...(isNewText && { content: content.trim() }),
    };
    try {
      if (Object.keys(changes).length > 0) await client.stories.update(story.id, changes);
      notify('Saved.');
      onDone();
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <form noValidate onSubmit={(event) => void save(event)} className="flex flex-col gap-4">
      <h1 className="font-serif text-2xl">Change the story</h1>
      <Field
        label="Title"
        value={title}
        maxLength={200}
        autoFocus
        onChange={(event) => setTitle(event.currentTarget.value)}
        error={title.trim() === '' ? 'A story needs a title.' : undefined}
      />
      <TextArea
        label="Text"
        rows={18}
        value={content}
        onChange={setContent}
        hint={
          isNewText && story.audioUrl
            ? 'The voice reads the old text, so the narration is taken away; have it read aloud again afterwards.'
            : 'An empty line begins a new paragraph.'
        }
        error={content.trim() === '' ? 'A story needs a text.' : undefined}
      />
      {error ? <Failure error={error} /> : null}
      <div className="flex gap-3">
        <Button
          type="submit"
          tone="primary"
          blocked={(title.trim() === '' || content.trim() === '') && 'A story needs a title and a text'}
        >
          Save
        </Button>
        <Button onClick={onDone}>Cancel</Button>
      </div>
    </form>
  );
}
