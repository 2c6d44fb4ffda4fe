/** Tables of the changes port. */
export interface ChangeTables {
  change_sequences: ChangeSequenceRow;
  changes: ChangeRow;
}

/** Where an owner's sequence stands. */
export interface ChangeSequenceRow {
  owner: string;
  /** Another one says that numbers handed out earlier mean nothing any more. */
  epoch: string;
  latest: number;
}

/** The newest change of one thing; `deleted` rows are tombstones and stay as long as their owner. */
export interface ChangeRow {
  owner: string;
  seq: number;
  type: string;
  id: string;
  deleted: number;
}
