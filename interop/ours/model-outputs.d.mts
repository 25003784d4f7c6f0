import type { answerGraph } from '../../src/model/answer-graph.ts';
import type { batchFeeds } from '../../src/model/batch-feeds.ts';
import type { DEFAULT_PREPROCESSOR } from '../../src/model/checkpoint/index.ts';
import type { ModelConfig } from '../../src/model/config.ts';
import type { Generator } from '../../src/model/generation/generator.ts';
import type { pack } from '../../src/model/packing.ts';
import type { Parameters } from '../../src/model/parameters.ts';
import type { promptBatch } from '../../src/model/policy-request.ts';
import type { promptPositions } from '../../src/model/positions.ts';
import type { prepareImage } from '../../src/model/prepare-image.ts';
import type { Session } from '../../src/tensor/session.ts';
import type { nextTokenLoss } from '../../src/train/loss.ts';

/** What `modelOutputs` is made of. */
export interface Geor {
  readonly answerGraph: typeof answerGraph;
  readonly batchFeeds: typeof batchFeeds;
  readonly DEFAULT_PREPROCESSOR: typeof DEFAULT_PREPROCESSOR;
  readonly Generator: typeof Generator;
  readonly nextTokenLoss: typeof nextTokenLoss;
  readonly pack: typeof pack;
  readonly prepareImage: typeof prepareImage;
  readonly promptBatch: typeof promptBatch;
  readonly promptPositions: typeof promptPositions;
  readonly Session: typeof Session;
}

/** A case, as interop/model_cases.py has it. */
export interface ModelCase {
  /** Width and height of every image. */
  readonly images: readonly (readonly [number, number])[];
  readonly examples: readonly {
    /** Which images the prompt shows. */
    readonly images: readonly number[];
    /** One placeholder for each image. */
    readonly prompt: readonly number[];
    readonly answer: readonly number[];
  }[];
  readonly pixels: { readonly minPixels: number; readonly maxPixels: number };
  readonly temperature: number;
  readonly greedyTokens: number;
  /** The sampled completion of an example, to be scored. */
  readonly sampled: (example: number) => readonly number[];
}

/** What geor computes, by name. */
export declare function modelOutputs(
  geor: Geor,
  model: { readonly config: ModelConfig; readonly parameters: Parameters },
  golden: ModelCase,
  imageOf: (number: number, width: number, height: number) => Uint8Array,
): Promise<
  Map<string, { readonly data: ArrayLike<number>; readonly shape: readonly number[] }>
>;
