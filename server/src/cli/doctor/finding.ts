/** One thing that was looked at. */
export interface Finding {
  readonly state: 'good' | 'attention' | 'broken';
  readonly words: string;
  /** What to do about it, in plain words. */
  readonly todo?: string;
}

export const good = (words: string): Finding => ({ state: 'good', words });
export const attention = (words: string, todo: string): Finding => ({ state: 'attention', words, todo });
export const broken = (words: string, todo: string): Finding => ({ state: 'broken', words, todo });

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
