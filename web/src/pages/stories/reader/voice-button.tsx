import type { Local, Story } from '@earshot/client';
import { type FormEvent, useState } from 'react';
import { Button, IconButton } from '../../../design/button.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { Select } from '../../../design/field.tsx';
import { usePreferences } from '../preferences.ts';
import { voices } from '../words.ts';
import type { Making } from './use-making.ts';

/** Has a story read aloud by another voice. */
export function VoiceButton({ story, making }: { story: Local<Story>; making: Making }) {
  const preferences = usePreferences();
  const [isOpen, setOpen] = useState(false);
  const [voice, setVoice] = useState(preferences.voice === 'auto' ? 'coral' : preferences.voice);
  const begin = (event: FormEvent): void => {
    event.preventDefault();
    setOpen(false);
    making.narrate(story.language, voice);
  };
  return (
    <>
      <IconButton
        label="Read it in another voice"
        icon="wave"
        busy={making.isNarrating}
        blocked={making.blocked}
        onClick={() => setOpen(true)}
      />
      <Dialog
        open={isOpen}
        title="Another voice"
        onClose={() => setOpen(false)}
        actions={
          <>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button tone="primary" type="submit" form="voice-form">
              Read it aloud
            </Button>
          </>
        }
      >
        <form id="voice-form" onSubmit={begin} className="flex flex-col gap-3">
          <Select
            label="Voice"
            data-first
            value={voice}
            choices={voices.filter(({ value }) => value !== 'auto')}
            onChange={(event) => setVoice(event.currentTarget.value)}
          />
          <p className="text-sm text-muted">The narration there is now is replaced, on all your devices.</p>
        </form>
      </Dialog>
    </>
  );
}
