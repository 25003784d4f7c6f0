/**
 * A value, or the reason why there is none.
 * @module
 */

/** What can fail for one item of a batch without failing the batch. */
export type Outcome<T> =
  | { readonly value: T; readonly failure?: never }
  | { readonly failure: string; readonly value?: never };
