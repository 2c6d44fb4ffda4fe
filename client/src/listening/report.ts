/** One session of listening that the server has not been told of. Its id is the mutation id. */
export interface ListeningReport {
  readonly id: string;
  /** Local id of the story. */
  readonly storyId: string;
  readonly startedAt: string;
  readonly endedAt: string;
  /** Seconds that were really heard, pauses left out. */
  readonly duration: number;
  readonly completed: boolean;
}
