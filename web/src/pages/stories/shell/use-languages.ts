import { useQuery } from '@tanstack/react-query';
import { serverInfo } from '../../../server/info.ts';
import { usePreferences } from '../preferences.ts';
import { storyLanguages } from '../words.ts';

const builtInLanguages: readonly string[] = ['English', 'French'];

export interface Languages {
  /** In which this server can tell stories, as far as it is known. */
  readonly offered: readonly string[];
  readonly chosen: string;
  /** What to expect of the voice in that language. */
  readonly hint: string | undefined;
}

/** The languages of the server's engines: the built-in storyteller knows two, and its voice one. */
export function useLanguages(): Languages {
  const { language } = usePreferences();
  const { data } = useQuery(serverInfo);
  const offered = data?.engines.text.engine === 'builtin' ? builtInLanguages : storyLanguages;
  const chosen = offered.includes(language) ? language : 'English';
  const isForeign = data?.engines.speech.engine === 'builtin' && chosen !== 'English';
  return {
    offered,
    chosen,
    hint: isForeign ? `The built-in voice is English and reads ${chosen} with a strong accent.` : undefined,
  };
}
