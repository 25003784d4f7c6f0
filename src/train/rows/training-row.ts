/**
 * A row to train on: a place, where its picture comes from, and what is asked and answered.
 * @module
 */
import type { FailureCode } from '../../data/index.ts';
import type { Coordinate, Place } from '../../geo/index.ts';

/** Where the picture of a row comes from. */
export type PictureOrigin =
  | { readonly kind: 'photo'; readonly path: string }
  /** A tile of the embedded Earth around the row's coordinate. */
  | { readonly kind: 'tile' };

/** A question with the answer to learn, where the row itself has them. */
export interface GivenTurn {
  readonly question: string;
  /** Absent in rows for reinforcement. */
  readonly answer?: string;
}

/** A row whose picture was not yet opened. */
export interface TrainingRow extends Coordinate {
  readonly id: string;
  /** Which input it came from, and its line there (from 1). */
  readonly source: string;
  readonly line: number;
  readonly place: Place;
  readonly picture: PictureOrigin;
  /** What is to be seen in the picture, for rewards that look for it. */
  readonly entities?: readonly string[];
  readonly given?: GivenTurn;
}

/**
 * A row that is left out, and why.
 *
 * `too-long`: its question or answer has more tokens than the recipe allows. `no-answer`: supervised
 * training of a conversation without one. The others are `data`'s.
 */
export interface LeftOut {
  readonly source: string;
  readonly line: number;
  readonly id?: string;
  readonly code: FailureCode | 'too-long' | 'no-answer';
  readonly reason: string;
}
