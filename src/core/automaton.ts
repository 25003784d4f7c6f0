/**
 * A language of texts as an automaton over UTF-8 bytes: what a constrained decoder may write.
 * @module
 */

/** Deterministic; states are whole numbers from 0. */
export interface ByteAutomaton {
  readonly start: number;
  /** The state after `byte`, or -1 where no text of the language goes on like this. */
  next(state: number, byte: number): number;
  /** Whether a text may end here. */
  isFinal(state: number): boolean;
}
