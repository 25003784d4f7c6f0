/**
 * What every stage of the quick start needs: the Earth, its samples, the words, and tasks of them.
 * @module
 */
import { answerPrompt, type PromptCondition } from '../chain/index.ts';
import {
  cutTile,
  defaultGazetteer,
  type Earth,
  type EarthDataset,
  type EarthSample,
  earthDataset,
  loadEarth,
} from '../data/index.ts';
import type { Gazetteer } from '../geo/index.ts';
import {
  chainPattern,
  DEFAULT_PREPROCESSOR,
  ImageProcessor,
  initialParameters,
  loadTokenizer,
  type Model,
  type ModelConfig,
  parameterCount,
  SPECIAL_TOKENS,
  type Tokenizer,
  tinyConfig,
  trainTokenizer,
} from '../model/index.ts';
import type { Task } from '../train/index.ts';
import { chainOf, earthTask } from './earth-task.ts';
import type { QuickstartRecipe } from './recipe.ts';

/** The samples as one picture of the Earth shows them. */
export interface EarthView {
  readonly earth: Earth;
  /** Training, test or some other samples as a task under prompt conditions; the first is asked. */
  task(
    part: keyof EarthDataset | readonly EarthSample[],
    ...conditions: readonly PromptCondition[]
  ): Task;
  /** The tile of a sample, rows of red, green, blue bytes. */
  tileOf(sample: EarthSample): Uint8Array;
}

/** The prepared data and an untrained model's shape. */
export interface Prepared extends EarthView {
  readonly gazetteer: Gazetteer;
  readonly samples: EarthDataset;
  readonly tokenizer: Tokenizer;
  readonly config: ModelConfig;
  readonly processor: ImageProcessor;
  /** The same samples cut from another picture of the Earth. */
  viewOf(earth: Earth): EarthView;
  /** Numbers in the model. */
  readonly parameterCount: number;
  /** A model with random parameters. */
  newModel(seed: number): Model;
}

/**
 * Draws the samples and trains the tokenizer on the training answers.
 *
 * @param conditions - the prompts whose questions and answers the tokenizer is to know
 */
export function prepare(
  recipe: Pick<QuickstartRecipe, 'data' | 'model'>,
  seed: number,
  conditions: readonly PromptCondition[] = ['cor', 'direct'],
): Prepared {
  const gazetteer = defaultGazetteer();
  const earth = loadEarth();
  const { trainCount, testCount, sizePx, decimals } = recipe.data;
  const samples = earthDataset({ seed, trainCount, testCount }, gazetteer, earth);
  const texts = conditions.flatMap((condition) =>
    samples.train.flatMap((sample) => [
      answerPrompt('geo-r', condition, 'short'),
      chainOf(sample, condition, decimals),
    ]),
  );
  const tokenizer = loadTokenizer(
    trainTokenizer(texts, {
      vocabSize: recipe.model.vocabularySize,
      specialTokens: Object.values(SPECIAL_TOKENS),
      pattern: chainPattern,
    }),
  );
  const id = (token: keyof typeof SPECIAL_TOKENS): number =>
    tokenizer.tokenId(SPECIAL_TOKENS[token])!;
  const config = tinyConfig(tokenizer.vocabSize, {
    endOfText: id('endOfText'),
    endOfTurn: id('endOfTurn'),
    visionStart: id('visionStart'),
    visionEnd: id('visionEnd'),
    imagePad: id('imagePad'),
  });
  const processor = new ImageProcessor(config.vision_config, { width: sizePx, height: sizePx });
  const viewOf = (earth: Earth): EarthView => {
    const tasks = new Map<string, Task>();
    return {
      earth,
      task(part, ...conditions) {
        const parts = { earth, tokenizer, config, processor };
        if (typeof part !== 'string') return earthTask(part, conditions, recipe.data, parts);
        const key = [part, ...conditions].join(' ');
        const task = tasks.get(key) ?? earthTask(samples[part], conditions, recipe.data, parts);
        tasks.set(key, task);
        return task;
      },
      tileOf: ({ lat, lon }) =>
        cutTile(earth, { lat, lon, spanDegrees: recipe.data.spanDegrees, sizePx }),
    };
  };
  return {
    ...viewOf(earth),
    viewOf,
    gazetteer,
    samples,
    tokenizer,
    config,
    processor,
    parameterCount: parameterCount(config),
    newModel: (modelSeed) => ({
      config,
      tokenizer,
      preprocessor: { ...DEFAULT_PREPROCESSOR, minPixels: sizePx ** 2, maxPixels: sizePx ** 2 },
      parameters: initialParameters(config, modelSeed),
    }),
  };
}
