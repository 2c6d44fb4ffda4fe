import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';

export const views = ['library', 'tell', 'heroes', 'events', 'journey', 'settings'] as const;
export type View = (typeof views)[number];

/** Where somebody is. It stands in the address, so that links, reloads and the back button keep it. */
export interface Place {
  readonly view?: View | undefined;
  /** The story that is open. */
  readonly story?: string | undefined;
  /** A hero's id, or `new`. */
  readonly hero?: string | undefined;
  /** A custom event's id, or `new`. */
  readonly event?: string | undefined;
}

const textOr = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** Reads the address; what it does not know is left out. */
export function readPlace(search: Readonly<Record<string, unknown>>): Place {
  const place: Place = {
    view: views.find((view) => view === search.view),
    story: textOr(search.story),
    hero: textOr(search.hero),
    event: textOr(search.event),
  };
  return Object.fromEntries(Object.entries(place).filter(([, value]) => value !== undefined));
}

export function usePlace(): {
  readonly place: Place;
  readonly go: (place: Place, options?: { readonly replace?: boolean }) => void;
} {
  const place = useSearch({ from: '/stories' });
  const navigate = useNavigate();
  return useMemo(
    () => ({
      place,
      go: (next, { replace = false } = {}) => void navigate({ to: '/stories', search: next, replace }),
    }),
    [place, navigate],
  );
}
