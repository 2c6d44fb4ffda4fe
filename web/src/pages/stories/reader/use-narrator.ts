import type { Story } from '@earshot/client';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useClient } from '../client.tsx';
import { type Media, useMedia } from '../media/use-media.ts';
import { readPreferences } from '../preferences.ts';
import { createNarrator, type Narration, type Narrator } from './narrator.ts';

const silent: Narration = { isPlaying: false, position: 0, duration: 0, isBroken: false };

export interface Playing {
  readonly narrator: Narrator | null;
  readonly narration: Narration;
  /** The file of the narration. */
  readonly media: Media;
}

/** The narrator of a story for as long as it is open. */
export function useNarrator(story: Story, heroName: string): Playing {
  const client = useClient();
  const media = useMedia(
    'audio',
    story.id,
    story.audioGenerationStatus === 'completed' ? story.audioUrl : null,
  );
  const [narrator, setNarrator] = useState<Narrator | null>(null);
  const [narration, setNarration] = useState(silent);
  const { id, title } = story;
  // A title that changes on another device must not interrupt the voice.
  const words = useRef({ title, heroName });
  useLayoutEffect(() => {
    words.current = { title, heroName };
  });

  useEffect(() => {
    const made = createNarrator(client, id, () => words.current, readPreferences().rate);
    setNarrator(made);
    const leave = made.subscribe(() => setNarration(made.state()));
    return () => {
      leave();
      made.close();
      setNarrator(null);
      setNarration(silent);
    };
  }, [client, id]);

  const url = media.state === 'ready' ? media.url : null;
  useEffect(() => narrator?.load(url), [narrator, url]);
  return { narrator, narration, media };
}
