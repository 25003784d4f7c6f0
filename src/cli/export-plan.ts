/**
 * From the flags of `geor export` to inputs and a plan.
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { GeorError } from '../core/index.ts';
import { type ColumnNames, cardPath, parseColumns } from '../data/index.ts';
import {
  type Cluster,
  engineKeys,
  engineVersion,
  MODEL_PRESETS,
  type ModelPresetName,
  type Plan,
  presetOfConfig,
  type RunFacts,
  recipeNumbers,
  sortSettings,
} from '../engines/index.ts';
import type { ExportFlags } from './export-flags.ts';
import { type OpenedInput, openInput } from './synthesize-inputs.ts';

/** Sides of pictures are whole image tokens, so that no engine scales them again. */
const TOKEN_SIDE_PX = 28;

/** Everything that can be wrong about the command is found here, before the assets are read. */
export function planOf(engine: Plan['engine'], flags: ExportFlags, rows: Plan['rows']): Plan {
  const { stage, variant, adaptation, recipe } = flags;
  const version = engineVersion(engine, flags.engineVersion);
  const settings = sortSettings(flags.set, stage, engineKeys(engine, version, stage));
  const condition = flags.prompt && { condition: flags.prompt };
  const overrides = { ...condition, ...settings.numbers };
  return {
    run: flags.run ?? (basename(resolve(flags.output)).replaceAll(/[^\w.-]/g, '-') || 'run'),
    ...{ engine, engineVersion: version, recipe, variant },
    numbers: recipeNumbers(recipe, { stage, variant, adaptation, overrides }),
    model: modelOf(flags),
    cluster: clusterOf(engine, flags),
    ...{ seed: flags.seed, saveSteps: flags.saveSteps, rows },
    engineSettings: settings.engine,
  };
}

function modelOf({ model, preset, sharedRoot }: ExportFlags): Plan['model'] {
  if (Object.hasOwn(MODEL_PRESETS, model)) {
    const name = model as ModelPresetName;
    return { path: MODEL_PRESETS[name].hubId, preset: name };
  }
  const config = join(model, 'config.json');
  if (!existsSync(config)) return { path: model, preset: preset ?? null };
  const found = presetOfConfig(JSON.parse(readFileSync(config, 'utf8')));
  return { path: sharedPath(model, sharedRoot), preset: preset ?? found };
}

function clusterOf(engine: Plan['engine'], flags: ExportFlags): Cluster {
  const { nodes, gpus, device, processes, output, sharedRoot } = flags;
  const root = sharedPath(output, sharedRoot);
  if (device === 'gpu') {
    if (processes === undefined) return { nodes, gpusPerNode: gpus, processesPerNode: gpus, root };
    throw new GeorError('usage', '--processes is for --device cpu', {
      hint: 'on GPUs there is one process for each, see --gpus',
    });
  }
  if (engine !== 'verl') return { nodes, gpusPerNode: 0, processesPerNode: processes ?? 1, root };
  throw new GeorError('usage', 'verl does not run on processors', {
    hint: 'TRL does: geor export trl --device cpu',
  });
}

/** A path as the machines of the run see it. */
function sharedPath(path: string, mapping: ExportFlags['sharedRoot']): string {
  const absolute = resolve(path);
  if (!mapping) return absolute;
  const [here, there] = mapping;
  const way = relative(resolve(here), absolute);
  if (!way.startsWith('..')) return way === '' ? there : `${there}/${way}`;
  throw new GeorError('usage', `${path} is not below ${here}`, {
    hint: 'what the machines are to read has to lie in the folder of --shared-root',
  });
}

/**
 * Opens rows with their pictures.
 *
 * @throws GeorError `usage` for rows without pictures
 */
export function openExportInputs(
  inputs: readonly string[],
  flags: ExportFlags,
  maxPixels: number,
): OpenedInput[] {
  const { photos, seed, size, span, columns } = flags;
  const chosen = columns === undefined ? {} : parseColumns(columns);
  return inputs.map((input) => {
    const opened = openInput(input, {
      columns: { ...picturesOfCard(input), ...chosen },
      points: { seed, count: 1000 },
      tiles: { spanDegrees: span, sizePx: size },
      ...{ photos, maxPixels, multipleOf: TOKEN_SIDE_PX, canHavePictures: true },
    });
    if (opened.hasPictures) return opened;
    throw new GeorError('usage', `the rows of ${input} have no pictures`, {
      hint: 'say where they are: --photos FOLDER, --columns photo=NAME, or both',
    });
  });
}

const card = z.looseObject({ counts: z.looseObject({ pictures: z.int().positive() }) });

/** Rows of `geor synthesize` name their pictures in `images`, which their card tells. */
function picturesOfCard(input: string): ColumnNames {
  if (!existsSync(cardPath(input))) return {};
  const read = card.safeParse(JSON.parse(readFileSync(cardPath(input), 'utf8')));
  return read.success ? { photo: 'images' } : {};
}

const rewardFile = z.looseObject({ recipe: z.string() });

/**
 * The reward that the run is to be scored by.
 *
 * @throws GeorError `config` when the file does not hold one
 */
export function rewardOf({ recipe, variant }: Plan, flags: ExportFlags): RunFacts['reward'] {
  if (flags.stage === 'sft') return null;
  if (flags.rewardConfig === undefined) return { recipe, variant };
  try {
    return rewardFile.parse(JSON.parse(readFileSync(flags.rewardConfig, 'utf8')));
  } catch (cause) {
    throw new GeorError('config', `${flags.rewardConfig} holds no reward: ${String(cause)}`, {
      hint: 'it is JSON as geor serve --rewards takes it, e.g. {"recipe":"geo-r"}',
      cause,
    });
  }
}
