import { useState } from 'react';
import { Button } from '../../../design/button.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { TextArea } from '../shell/text-area.tsx';
import { Scrolled } from './version.tsx';

/** One version written by hand, with both texts in sight. */
export function MergeDialog(props: {
  readonly title: string;
  readonly mine: string;
  readonly theirs: string;
  readonly onBack: () => void;
  readonly onSave: (fields: { readonly title: string; readonly content: string }) => void;
}) {
  const [title, setTitle] = useState(props.title);
  const [content, setContent] = useState(props.mine);
  return (
    <Dialog
      open
      wide
      insistent
      title="Write one from both"
      onClose={props.onBack}
      actions={
        <>
          <Button onClick={props.onBack}>Back</Button>
          <Button
            tone="primary"
            blocked={(title.trim() === '' || content.trim() === '') && 'A story needs a title and a text'}
            onClick={() => props.onSave({ title: title.trim(), content: content.trim() })}
          >
            Save this version
          </Button>
        </>
      }
    >
      <label className="flex flex-col gap-1.5 text-sm font-medium">
        Title
        <input
          data-first
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
          className="min-h-11 rounded-control border border-edge bg-surface px-3 text-base"
        />
      </label>
      <div className="grid gap-4 md:grid-cols-2">
        <TextArea label="Your text, to go on with" rows={12} value={content} onChange={setContent} />
        <section aria-label="The other device’s text" className="flex min-w-0 flex-col gap-1.5">
          <h3 className="text-sm font-medium">The other device’s text, to take from</h3>
          <Scrolled className="max-h-80 rounded-control bg-sunken p-3 font-serif whitespace-pre-line">
            {props.theirs}
          </Scrolled>
        </section>
      </div>
    </Dialog>
  );
}
