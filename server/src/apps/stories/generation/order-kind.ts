import type { Transaction } from '../../../platform/database/database.js';
import type { AppError } from '../../../platform/http/errors.js';
import type { CallOutcome } from '../services.js';
import type { GenerationRow } from '../tables.js';

export type OrderKindName = GenerationRow['kind'];

/** Something that was ordered. */
export interface Order<Input> {
  readonly id: string;
  readonly userId: string;
  /** The hero, story or event that it is about. */
  readonly subjectId: string;
  readonly input: Input;
  /** Epoch ms. */
  readonly orderedAt: number;
}

/** What an order produced, not written yet. */
export interface Product {
  /**
   * Writes it, in the transaction that also ends the order.
   *
   * @returns what is told of the order, and the owner's newest number
   * @throws AppError when it has become impossible, for example because the hero was deleted meanwhile
   */
  write(
    tx: Transaction,
  ): Promise<{ readonly result: Readonly<Record<string, unknown>>; readonly version: number | null }>;
  /** Objects to erase when nobody wants them any more. */
  readonly mediaKeys?: readonly string[];
  /** For the ledger's row of this order, where it has one. */
  readonly outcome?: Pick<CallOutcome, 'tokens' | 'cost'>;
}

/** One kind of generation. `run` may be run again after a crash; everything that lasts is written by the product. */
export interface OrderKind<Input> {
  readonly name: OrderKindName;
  run(order: Order<Input>, signal: AbortSignal): Promise<Product>;
  /** Puts back what `admit` marked, in the transaction that fails the order. @returns the owner's newest number */
  failed?(tx: Transaction, order: Order<Input>, reason: AppError): Promise<number | null>;
}

/** A wish that has not been checked yet. */
export interface NewOrder<Input> {
  readonly kind: OrderKindName;
  readonly subjectId: string;
  /** Orders that wish the same at the same time are one: what is compared, beside the kind and the subject. */
  readonly sameness: unknown;
  /**
   * Checks that everything is the user's own, takes from the limits and marks rows, in the transaction that stores the
   * order. Runs only for an order that is really new.
   *
   * @param id the order's id, also for the ledger
   * @throws AppError 400, 403, 404, 409, 429
   */
  admit(tx: Transaction, id: string): Promise<{ readonly input: Input; readonly version?: number | null }>;
}
