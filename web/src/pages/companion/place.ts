export const views = ['conversations', 'todos', 'memories', 'chat', 'people', 'settings'] as const;
export type View = (typeof views)[number];

/** Where one is on the page: everything of it is in the address. */
export interface Place {
  readonly view?: View;
  /** The conversation that is open. */
  readonly id?: string;
}

export function readPlace(search: Record<string, unknown>): Place {
  const view = views.find((name) => name === search.view && name !== 'conversations');
  const id = typeof search.id === 'string' && /^[\w-]{1,64}$/.test(search.id) ? search.id : undefined;
  return { ...(view ? { view } : {}), ...(id && !view ? { id } : {}) };
}
