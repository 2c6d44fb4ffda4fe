/**
 * How two versions become one. Only what was changed on both sides is in conflict; what only one side changed is kept in
 * any case.
 */
export type ConflictStrategy =
  | 'serverWins'
  | 'localWins'
  /** Each field by itself: what was changed here is kept, a hero's traits are united. */
  | 'merge'
  /** The newer edit; a tie goes to this device. */
  | 'lastWriteWins'
  /** A person decides: the record waits in `conflict`. */
  | 'ask';

export interface ConflictPolicies {
  readonly hero: ConflictStrategy;
  /** Title and content of a story, which only make sense together. */
  readonly storyText: ConflictStrategy;
  readonly storyMetadata: ConflictStrategy;
  readonly customEvent: ConflictStrategy;
  readonly illustration: ConflictStrategy;
}

/** Contract §7.6. An app without a dialogue sets `storyText` to `serverWins`. */
export const defaultConflictPolicies: ConflictPolicies = {
  hero: 'serverWins',
  storyText: 'ask',
  storyMetadata: 'merge',
  customEvent: 'localWins',
  illustration: 'serverWins',
};
