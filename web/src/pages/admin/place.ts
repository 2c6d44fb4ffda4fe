import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { type Filter, isFilter } from './inbox/conversations.ts';

export type View = 'inbox' | 'people' | 'analytics' | 'settings';
const views: readonly View[] = ['inbox', 'people', 'analytics', 'settings'];

export const sections = ['profile', 'team', 'keys', 'replies', 'webhooks', 'app'] as const;
export type Section = (typeof sections)[number];

/** Where in the console somebody is: it stands in the address, so that links, reloads and a new sign-in keep it. */
export interface Place {
  readonly view?: View | undefined;
  /** The open conversation. */
  readonly id?: string | undefined;
  readonly filter?: Filter | undefined;
  readonly person?: string | undefined;
  readonly section?: Section | undefined;
  readonly invite?: string | undefined;
}

const textOr = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** Reads the address; what it does not know is left out. */
export function readPlace(search: Readonly<Record<string, unknown>>): Place {
  const place: Place = {
    view: views.find((view) => view === search.view),
    id: textOr(search.id),
    filter: isFilter(search.filter) ? search.filter : undefined,
    person: textOr(search.person),
    section: sections.find((section) => section === search.section),
    invite: textOr(search.invite),
  };
  return Object.fromEntries(Object.entries(place).filter(([, value]) => value !== undefined));
}

export function usePlace(): {
  readonly place: Place;
  readonly go: (place: Place, replace?: boolean) => void;
} {
  const place = useSearch({ from: '/admin' });
  const navigate = useNavigate();
  return useMemo(
    () => ({
      place,
      go: (next, replace = false) => void navigate({ to: '/admin', search: next, replace }),
    }),
    [place, navigate],
  );
}
