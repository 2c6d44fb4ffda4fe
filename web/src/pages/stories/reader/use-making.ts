import type { Illustration, Local, Story } from '@earshot/client';
import { useState } from 'react';
import { notify } from '../../../design/toast.tsx';
import { useClient } from '../client.tsx';
import { onServer } from '../on-server.ts';
import { useReach } from '../syncing/standing.ts';
import { runningStep, useTellings } from '../telling/tellings.ts';
import { failureSentence } from '../words.ts';

/** Has a voice and pictures made for a story that is written already. */
export interface Making {
  readonly isNarrating: boolean;
  readonly isDrawing: boolean;
  /** Why nothing can be made now. */
  readonly blocked: string | false;
  /** @param voice `auto`: the one that suits the hero */
  readonly narrate: (language: string, voice: string) => void;
  readonly draw: () => void;
}

/** There are scenes without a picture. */
export const isUndrawn = (illustrations: readonly Illustration[]): boolean =>
  illustrations.some(({ generationStatus }) => generationStatus !== 'completed');

export function useMaking(story: Local<Story>): Making {
  const client = useClient();
  const isOnline = useReach() === 'online';
  const [tellings] = useTellings();
  const [isNarrating, setNarrating] = useState(false);
  const [isDrawing, setDrawing] = useState(false);
  const { id } = story;
  const running = tellings
    .filter(({ storyId }) => storyId === id)
    .map(runningStep)
    .find((step) => step !== undefined);

  const make = async (set: (isOn: boolean) => void, work: () => Promise<unknown>): Promise<void> => {
    set(true);
    try {
      await onServer(client, work);
    } catch (error) {
      notify(failureSentence(error), 'danger');
    } finally {
      set(false);
    }
  };
  return {
    isNarrating: isNarrating || running === 'narration' || story.audioGenerationStatus === 'processing',
    isDrawing: isDrawing || running === 'pictures' || story.illustrationStatus === 'processing',
    blocked: !isOnline && 'This needs the network',
    narrate: (language, voice) =>
      void make(setNarrating, () =>
        client.generation.audio(id, { language, ...(voice !== 'auto' && { voice }) }),
      ),
    draw: () => void make(setDrawing, () => client.generation.illustrations(id)),
  };
}
