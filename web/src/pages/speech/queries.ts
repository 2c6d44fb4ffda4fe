import { type QueryClient, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { NoAnswer } from '../../server/request.ts';
import {
  type GenerationStatus,
  generationStatus,
  listFiles,
  listPlaybackStates,
  type PlaybackState,
  type PlaybackUpdate,
  syncPlayback,
  usage,
} from './api.ts';
import { type Note, toNotes } from './notes.ts';
import { currentSession } from './session.ts';

const everyTenSeconds = 10_000;
const whileGenerating = 1_000;

/** Keys begin with the user, so that nothing of one reader is ever shown to the next. */
function key(...parts: readonly string[]): readonly string[] {
  return ['speech', currentSession()?.userId ?? '', ...parts];
}

export function filesQuery() {
  return queryOptions({
    queryKey: key('files'),
    queryFn: ({ signal }) => listFiles(signal),
    select: toNotes,
    refetchInterval: everyTenSeconds,
    refetchOnWindowFocus: 'always',
  });
}

export function usageQuery() {
  return queryOptions({ queryKey: key('usage'), queryFn: ({ signal }) => usage(signal) });
}

export function statesQuery() {
  return queryOptions({
    queryKey: key('states'),
    queryFn: ({ signal }) => listPlaybackStates(signal),
    refetchOnWindowFocus: 'always',
  });
}

/** The library may have changed: ask for files and usage again. */
export function refreshLibrary(queries: QueryClient): void {
  void queries.invalidateQueries({ queryKey: key('files') });
  void queries.invalidateQueries({ queryKey: key('usage') });
}

/** How far a note's generation is, asked every second. Refreshes the library at the end. */
export function useGenerationStatus(note: Note): GenerationStatus | undefined {
  const queries = useQueryClient();
  const generating = note.status === 'generating';
  const { data } = useQuery({
    queryKey: key('status', note.id),
    queryFn: ({ signal }) => generationStatus(note.contentHash, signal),
    enabled: generating,
    refetchInterval: whileGenerating,
  });
  const ended = generating && data !== undefined && data.status !== 'generating';
  useEffect(() => {
    if (ended) refreshLibrary(queries);
  }, [ended, queries]);
  return data;
}

/** Where each content was left, 0..1, by its hash. */
export function useHeard(): ReadonlyMap<string, PlaybackState> {
  const { data } = useQuery({
    ...statesQuery(),
    select: (states) => new Map(states.map((state) => [state.document_id, state])),
  });
  return data ?? nothingHeard;
}
const nothingHeard: ReadonlyMap<string, PlaybackState> = new Map();

export interface PositionKeeper {
  /** 0..1; waits for the first answer about positions, 0 when there is none. */
  readonly recall: (contentHash: string) => Promise<number>;
  readonly save: (note: Note, progress: number, playing: boolean, leaving: boolean) => void;
  /** Whether another device wrote it, after everything this one wrote. */
  readonly isNews: (state: PlaybackState) => boolean;
  readonly close: () => void;
}

/** Keeps positions on the server; what could not be sent is sent when the network is back. */
export function createPositionKeeper(queries: QueryClient): PositionKeeper {
  const unsent = new Map<string, PlaybackUpdate>();
  const underway = new Map<string, number>();
  const written = new Map<string, string>();

  const remember = (state: PlaybackState) => {
    queries.setQueryData<readonly PlaybackState[]>(statesQuery().queryKey, (states = []) => [
      state,
      ...states.filter((other) => other.document_id !== state.document_id),
    ]);
  };

  const countUnderway = (documentId: string, change: 1 | -1) =>
    underway.set(documentId, (underway.get(documentId) ?? 0) + change);

  const send = async (update: PlaybackUpdate, leaving: boolean) => {
    countUnderway(update.document_id, 1);
    try {
      const { updated_at } = await syncPlayback(update, leaving);
      written.set(update.document_id, updated_at);
      // A later position may have been saved meanwhile; only the server's instant is news.
      const newest = queries
        .getQueryData<readonly PlaybackState[]>(statesQuery().queryKey)
        ?.find((state) => state.document_id === update.document_id);
      if (newest) remember({ ...newest, updated_at });
    } catch (error) {
      // Any other refusal concerns this one update: the next one, seconds later, replaces it.
      if (error instanceof NoAnswer) {
        unsent.set(update.document_id, {
          ...update,
          updated_at: update.updated_at ?? new Date().toISOString(),
        });
      }
    } finally {
      countUnderway(update.document_id, -1);
    }
  };

  const sendLate = () => {
    const late = [...unsent.values()];
    unsent.clear();
    for (const update of late) void send(update, false);
  };
  addEventListener('online', sendLate);

  return {
    recall: async (contentHash) => {
      try {
        const states = await queries.ensureQueryData(statesQuery());
        return states.find((state) => state.document_id === contentHash)?.progress ?? 0;
      } catch {
        // Without an answer the text is heard from its beginning.
        return 0;
      }
    },
    save: (note, progress, playing, leaving) => {
      void queries.cancelQueries({ queryKey: statesQuery().queryKey });
      remember({
        document_id: note.contentHash,
        progress,
        is_playing: playing,
        updated_at: new Date().toISOString(),
      });
      unsent.delete(note.contentHash);
      void send(
        {
          document_id: note.contentHash,
          title: note.title,
          // Enough to recognise it by; the whole text is with the file.
          text_content: Array.from(note.text.slice(0, 1_000)).slice(0, 500).join(''),
          language_code: null,
          resume_key: note.contentHash,
          progress,
          is_playing: playing,
          is_paused: !playing,
          is_loading: false,
          current_title: note.title,
        },
        leaving,
      );
    },
    isNews: ({ document_id, updated_at }) =>
      !underway.get(document_id) &&
      !unsent.has(document_id) &&
      Date.parse(updated_at) > Date.parse(written.get(document_id) ?? new Date(0).toISOString()),
    close: () => removeEventListener('online', sendLate),
  };
}
