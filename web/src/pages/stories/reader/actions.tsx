import type { Illustration, Local, Story } from '@earshot/client';
import { useEffect, useState } from 'react';
import { Button, IconButton } from '../../../design/button.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { notify } from '../../../design/toast.tsx';
import { useClient } from '../client.tsx';
import { usePlace } from '../place.ts';
import { failureSentence } from '../words.ts';
import { isUndrawn, type Making } from './use-making.ts';
import { VoiceButton } from './voice-button.tsx';

interface ActionsProps {
  readonly story: Local<Story>;
  readonly illustrations: readonly Local<Illustration>[];
  readonly making: Making;
  readonly onEdit: () => void;
}

/** What can be done with a story besides hearing it. */
export function Actions({ story, illustrations, making, onEdit }: ActionsProps) {
  const client = useClient();
  const { go } = usePlace();
  const [isAsking, setAsking] = useState(false);
  const { id, title, isFavorite } = story;

  const remove = async (): Promise<void> => {
    try {
      await client.stories.delete(id);
      go({}, { replace: true });
      notify(`“${title}” is deleted.`);
    } catch (error) {
      notify(failureSentence(error), 'danger');
    }
  };
  return (
    <div className="-ml-3 flex flex-wrap items-center max-lg:*:scroll-mt-[46dvh]">
      <IconButton
        label={isFavorite ? 'Not a favourite any more' : 'Mark as a favourite'}
        icon="heart"
        aria-pressed={isFavorite}
        onClick={() => void client.stories.update(id, { isFavorite: !isFavorite })}
        className={isFavorite ? 'text-accent [&>svg]:fill-current' : ''}
      />
      <IconButton label="Change title and text" icon="pencil" onClick={onEdit} />
      {story.audioGenerationStatus === 'completed' ? <VoiceButton story={story} making={making} /> : null}
      {isUndrawn(illustrations) ? (
        <IconButton
          label="Draw the missing pictures"
          icon="picture"
          busy={making.isDrawing}
          blocked={making.blocked}
          onClick={making.draw}
        />
      ) : null}
      <KeepButton story={story} />
      <IconButton label="Delete the story" icon="trash" onClick={() => setAsking(true)} />
      <Dialog
        open={isAsking}
        title="Delete this story?"
        onClose={() => setAsking(false)}
        actions={
          <>
            <Button data-first onClick={() => setAsking(false)}>
              Keep it
            </Button>
            <Button tone="danger" onClick={() => void remove()}>
              Delete
            </Button>
          </>
        }
      >
        <p>“{title}” is deleted with its narration and pictures, on all your devices.</p>
      </Dialog>
    </div>
  );
}

/** Keeps narration and pictures on the device, whatever their age. */
function KeepButton({ story }: { story: Local<Story> }) {
  const { media } = useClient();
  const [isKept, setKept] = useState(false);
  const [share, setShare] = useState<number | null>(null);
  const { id } = story;
  useEffect(() => {
    let isLeft = false;
    const look = (): void => {
      media.isKeptOffline(id).then(
        (kept) => {
          if (!isLeft) setKept(kept);
        },
        () => undefined,
      );
    };
    look();
    const leave = media.subscribe(look);
    return () => {
      isLeft = true;
      leave();
    };
  }, [media, id]);
  const toggle = async (): Promise<void> => {
    if (isKept) {
      await media.releaseOffline(id);
      return notify('The files of this story may be cleared again when room is needed.');
    }
    setShare(0);
    try {
      await media.keepOffline(id, { onProgress: setShare });
      notify('This story stays on this device, with voice and pictures.');
    } catch (error) {
      notify(failureSentence(error), 'danger');
    } finally {
      setShare(null);
    }
  };
  return (
    <IconButton
      label={isKept ? 'Kept on this device. Release it' : 'Keep on this device'}
      icon={isKept ? 'check' : 'download'}
      aria-pressed={isKept}
      busy={share !== null}
      onClick={() => void toggle()}
      className={isKept ? 'text-accent' : ''}
    />
  );
}
