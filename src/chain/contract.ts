/**
 * What an answer contract consists of: its questions, its texts, its reading.
 *
 * @module
 */
import type { Place } from '../geo/index.ts';
import type { Answer, PromptCondition } from './answer.ts';

/** `full` instructs a general vision-language model, `short` only tells a trained one which answer. */
export type PromptStyle = 'full' | 'short';

/** A question per style and condition. */
export type Prompts = Readonly<Record<PromptStyle, Readonly<Record<PromptCondition, string>>>>;

/** What to build. */
export interface ChainOptions {
  readonly condition: PromptCondition;
  /** Decimals of the coordinates, 0 to 10; default 4 (11 m). Contracts of names have none. */
  readonly decimals?: number;
}

/** One answer contract. */
export interface Contract {
  readonly prompts: Prompts;
  /** The text of an answer, see `buildChain`. */
  build(place: Place, options: ChainOptions): string;
  /** The reading of a completion, see `parseAnswer`. Never throws. */
  parse(text: string): Answer;
  /** Whether a reading has every part of the contract as published, see `hasOfficialFormat`. */
  isOfficial(answer: Answer): boolean;
}
