/**
 * What a run starts from: a model's folder, or a preset with a tokenizer of its own answers.
 * @module
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { GeorError } from '../../core/index.ts';
import {
  type Adapter,
  chainPattern,
  DEFAULT_PREPROCESSOR,
  initialParameters,
  loadTokenizer,
  type Model,
  mergeAdapter,
  newAdapter,
  type Parameters,
  type SmallPreset,
  SPECIAL_TOKENS,
  smallConfig,
  trainTokenizer,
} from '../../model/index.ts';
import { loadAdapter, loadModel } from '../../model/node/index.ts';
import { type AskingSettings, type TrainingRow, turnsOf } from '../rows/index.ts';
import type { TrainingRecipe } from './recipe.ts';

const PRESETS: readonly string[] = ['tiny', '5m', '25m'] satisfies SmallPreset[];

/** Whether a name is a preset and no folder. */
export const isPreset = (name: string): name is SmallPreset => PRESETS.includes(name);

/** A model to train. */
export interface StartModel {
  /** With the adapter to train, where one is. */
  readonly model: Model;
  /** What it answers at the start, for the KL divergence; shares the memory of what stays fixed. */
  readonly reference: Parameters;
}

/**
 * Makes or loads the model.
 *
 * @param rows - what a preset's tokenizer learns its words from
 * @throws GeorError `usage` when there is no such model; as `loadModel` and `loadAdapter`
 */
export function startModel(
  name: string,
  recipe: TrainingRecipe,
  asking: AskingSettings,
  rows: readonly TrainingRow[],
): StartModel {
  const base = isPreset(name) ? presetModel(name, recipe, asking, rows) : folderModel(name, recipe);
  if (recipe.adaptation === 'full') {
    if (recipe.adapter !== undefined)
      throw new GeorError('usage', 'an adapter is gone on with as an adapter', {
        hint: 'add --lora, or merge the adapter into its base first (geor merge)',
      });
    return { model: base, reference: base.parameters };
  }
  if (isPreset(name))
    throw new GeorError('usage', `a new ${name} model has nothing for an adapter to adapt`, {
      hint: 'train it in full, or name the folder of a trained model',
    });
  const adapter = adapterFor(base, name, recipe);
  const reference =
    recipe.adapter === undefined ? base.parameters : mergeAdapter(base.parameters, adapter);
  return { model: { ...base, adapter }, reference };
}

function adapterFor(base: Model, name: string, recipe: TrainingRecipe): Adapter {
  if (recipe.adapter !== undefined) {
    const adapter = loadAdapter(recipe.adapter, base.config);
    return { ...adapter, config: { ...adapter.config, baseModel: name } };
  }
  const { rank, alpha, targetModules } = recipe.lora;
  const lora = {
    ...{ rank, alpha, targetModules, baseModel: name },
    ...(recipe.freezeVision && { excludeModules: '.*visual\\..*' }),
  };
  return newAdapter(base.config, lora, recipe.seed);
}

/** A model of a folder; its pictures have at most the recipe's pixels. */
function folderModel(name: string, { maxPixels }: TrainingRecipe): Model {
  if (!existsSync(join(name, 'config.json')))
    throw new GeorError('usage', `${name} is neither a model folder nor a preset`, {
      hint: `presets: ${PRESETS.join(', ')}; a model folder holds config.json, tokenizer.json and weights`,
    });
  const model = loadModel(name);
  const { preprocessor = DEFAULT_PREPROCESSOR } = model;
  if (preprocessor.maxPixels <= maxPixels) return model;
  const minPixels = Math.min(preprocessor.minPixels, maxPixels);
  return { ...model, preprocessor: { ...preprocessor, minPixels, maxPixels } };
}

function presetModel(
  preset: SmallPreset,
  recipe: TrainingRecipe,
  asking: AskingSettings,
  rows: readonly TrainingRow[],
): Model {
  const texts = rows.flatMap((row) =>
    turnsOf(row, asking, 'short').flatMap(({ question, answer = '' }) => [question, answer]),
  );
  const tokenizer = loadTokenizer(
    trainTokenizer(texts, {
      vocabSize: recipe.vocabularySize,
      specialTokens: Object.values(SPECIAL_TOKENS),
      pattern: chainPattern,
    }),
  );
  const id = (token: keyof typeof SPECIAL_TOKENS): number =>
    tokenizer.tokenId(SPECIAL_TOKENS[token])!;
  const config = smallConfig(preset, tokenizer.vocabSize, {
    endOfText: id('endOfText'),
    endOfTurn: id('endOfTurn'),
    visionStart: id('visionStart'),
    visionEnd: id('visionEnd'),
    imagePad: id('imagePad'),
  });
  // such a model sees pictures of one area alone, as its tiles are
  const pixels = Math.min(recipe.maxPixels, recipe.tile.sizePx ** 2);
  return {
    config,
    tokenizer,
    preprocessor: { ...DEFAULT_PREPROCESSOR, minPixels: pixels, maxPixels: pixels },
    parameters: initialParameters(config, recipe.seed),
  };
}
