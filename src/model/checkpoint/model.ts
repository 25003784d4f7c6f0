/**
 * A model as one value: shape, numbers, words, and how its makers mean it to be used.
 * @module
 */
import type { ModelConfig } from '../config.ts';
import type { Adapter } from '../lora/adapter.ts';
import type { Parameters } from '../parameters.ts';
import type { Tokenizer } from '../tokenizer/index.ts';
import type { GenerationConfig } from './generation-config.ts';
import type { PreprocessorConfig } from './preprocessor-config.ts';

/** All of a model but its numbers. */
export interface ModelCard {
  readonly config: ModelConfig;
  readonly tokenizer: Tokenizer;
  /** Jinja source that turns messages into a prompt. Default: geor's own (`prompt.ts`). */
  readonly chatTemplate?: string;
  readonly generation?: GenerationConfig;
  readonly preprocessor?: PreprocessorConfig;
}

/** A model with its numbers in memory. */
export interface Model extends ModelCard {
  readonly parameters: Parameters;
  /** Added to the parameters' linear layers. */
  readonly adapter?: Adapter;
}
