/**
 * What is asked and what comes back, whoever answers: the server or the model in this page.
 * @module
 */
import type { Precision } from '../../../src/locate/index.ts';
import type { LocateEvent } from '../../../src/serve/locate/events.ts';

export type { LocateEvent };

/** A point in degrees. */
export interface Point {
  readonly lat: number;
  readonly lon: number;
}

/** How far names and coordinates go in what is shown. */
export type { Precision };

/** Where a tile of the Earth was cut. */
export interface TileCut extends Point {
  readonly spanDegrees: number;
}

/** A picture to be located. */
export interface Question {
  /** The picture as the visitor sees it; an address of this page alone. */
  readonly address: string;
  /** Set for a tile of the Earth. */
  readonly cut?: TileCut;
  /** Set for a photograph: the file's bytes, never its name. */
  readonly photo?: Blob;
}

/** How to ask. */
export interface Asking {
  /** Answers sampled; 1 takes the most probable one. */
  readonly samples: number;
  readonly precision: Precision;
}

/** Someone who answers. */
export interface Answerer {
  ask(question: Question, asking: Asking, signal: AbortSignal): AsyncIterable<LocateEvent>;
}
