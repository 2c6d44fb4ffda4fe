import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { sentence } from '../../../server/request.ts';
import { api } from '../api.ts';
import { useInbox } from './context.ts';

const pauseMs = 200;
const nothing: readonly string[] = [];

/** Ids of the conversations in which all of these words occur, asked for after a pause in typing. */
export function useSearchResult(words: string) {
  const inbox = useInbox();
  const [settled, setSettled] = useState(words);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(words.trim()), pauseMs);
    return () => clearTimeout(timer);
  }, [words]);

  const query = useQuery({
    queryKey: ['support', 'search', settled],
    queryFn: async ({ signal }) => {
      const page = await api.conversations({ search: settled, limit: 50 }, signal);
      inbox.know(page.conversations);
      return { ids: page.conversations.map((row) => row.conversation_id), more: page.next_cursor !== null };
    },
    enabled: settled !== '',
    placeholderData: keepPreviousData,
  });
  return {
    ids: query.data?.ids ?? nothing,
    hasMore: query.data?.more ?? false,
    isPending: query.isPending || query.isPlaceholderData || settled !== words.trim(),
    failure: query.isError ? sentence(query.error) : null,
  };
}
