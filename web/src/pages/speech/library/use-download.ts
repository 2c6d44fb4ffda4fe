import { useState } from 'react';
import { notify } from '../../../design/toast.tsx';
import { sentence } from '../../../server/request.ts';
import type { Note } from '../notes.ts';
import { usePlayer } from '../player/context.tsx';
import { fileName } from '../words.ts';

/** Saves a note's audio under its title, with the ending of its format. */
export function useDownload(note: Note): { download: () => void; busy: boolean } {
  const player = usePlayer();
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      const url = URL.createObjectURL(await player.fetchAudio(note));
      const link = document.createElement('a');
      link.href = url;
      link.download = fileName(note.title, note.format);
      link.click();
      // Some browsers read the address only after this turn.
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    } catch (error) {
      notify(sentence(error), 'danger');
    } finally {
      setBusy(false);
    }
  };
  return { download: () => void run(), busy };
}
