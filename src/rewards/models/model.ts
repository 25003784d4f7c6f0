/**
 * What rewards ask of models: vectors of texts, and answers to questions.
 *
 * A reward knows only these two interfaces; where the model runs is the caller's choice. A call
 * never throws for one bad item: its outcome carries the reason, and the others go on.
 * @module
 */
import type { Outcome } from '../../core/index.ts';

/** Turns texts into vectors whose angles tell how alike they are. */
export interface Embedder {
  /** Everything that its vectors depend on besides the text; part of every cache key. */
  readonly name: string;
  /** One outcome per text, in the order of the texts. */
  embed(texts: readonly string[]): Promise<readonly Outcome<Float32Array>[]>;
}

/** One question to a judge. */
export interface Question {
  readonly prompt: string;
  /** The picture that the question is about, a `data:` or `https:` address. */
  readonly image?: string;
  /** Tokens of the reply at most. */
  readonly maxTokens: number;
  /** How many alternatives of the first token to report; 0 for none. */
  readonly topLogprobs: number;
}

/** A token that could have come first, with its natural-log probability. */
export interface TokenLogprob {
  readonly token: string;
  readonly logprob: number;
}

/** What a judge replied. */
export interface Reply {
  readonly text: string;
  /** The likeliest first tokens; empty when the question asked for none. */
  readonly firstToken: readonly TokenLogprob[];
}

/** Answers questions: a language model, with or without eyes. */
export interface Judge {
  /** Everything that its replies depend on besides the question; part of every cache key. */
  readonly name: string;
  ask(question: Question): Promise<Outcome<Reply>>;
}
