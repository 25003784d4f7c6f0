/**
 * The files of a model that an adapter is merged into.
 * @module
 */
import { copyFileSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { GeorError } from '../../../core/index.ts';
import { SafetensorsFile } from '../../../tensor/node/index.ts';
import {
  checkpointName,
  parseWeightIndex,
  WEIGHTS,
  WEIGHTS_INDEX,
} from '../../checkpoint/index.ts';

/** Where a tensor lies. */
export interface BaseTensor {
  readonly shard: SafetensorsFile;
  /** Its name there. */
  readonly name: string;
}

/** A model's weights, open. */
export interface BaseFolder {
  readonly folder: string;
  readonly shards: readonly { readonly file: string; readonly weights: SafetensorsFile }[];
  /** By published name. */
  readonly tensors: ReadonlyMap<string, BaseTensor>;
  close(): void;
}

/**
 * Opens the weights of a model.
 *
 * @throws GeorError `data` when the folder holds none
 */
export function openBase(folder: string): BaseFolder {
  const shards: { file: string; weights: SafetensorsFile }[] = [];
  const close = (): void => {
    for (const { weights } of shards) weights.close();
  };
  try {
    for (const file of shardNames(folder))
      shards.push({ file, weights: SafetensorsFile.open(join(folder, file)) });
  } catch (error) {
    close();
    throw error;
  }
  const tensors = new Map<string, BaseTensor>();
  for (const { weights } of shards)
    for (const name of weights.entries.keys())
      tensors.set(checkpointName(name) ?? name, { shard: weights, name });
  return { folder, shards, tensors, close };
}

function shardNames(folder: string): string[] {
  const index = join(folder, WEIGHTS_INDEX);
  if (existsSync(index)) {
    let json: unknown;
    try {
      json = JSON.parse(readFileSync(index, 'utf8'));
    } catch (cause) {
      throw new GeorError('data', `${index} is not JSON`, { cause });
    }
    return [...new Set(parseWeightIndex(json).values())].sort();
  }
  if (existsSync(join(folder, WEIGHTS))) return [WEIGHTS];
  throw new GeorError('data', `${folder} holds no weights`, {
    hint: `a model's folder has ${WEIGHTS}, or ${WEIGHTS_INDEX} and its shards`,
  });
}

/** Configuration, tokenizer, processor, templates; nothing that could be weights or run. */
const COMPANION =
  /^(?:[\w-]+\.(?:json|jinja)|vocab\.txt|merges\.txt|[\w-]+\.model|LICENSE(?:\.\w+)?)$/;
const NOT_COMPANIONS =
  /^(?:adapter_config|trainer_state|training_args|latest|manifest|.*\.safetensors\.index)\.json$/;

/**
 * Copies what belongs to a model beside its weights. A file that both folders have comes from the
 * first one.
 *
 * @returns names of the files copied
 */
export function copyCompanions(folders: readonly string[], output: string): string[] {
  const copied: string[] = [];
  for (const folder of folders)
    for (const name of readdirSync(folder).sort()) {
      if (!COMPANION.test(name) || NOT_COMPANIONS.test(name) || copied.includes(name)) continue;
      if (!statSync(join(folder, name)).isFile()) continue;
      copyFileSync(join(folder, name), join(output, name));
      copied.push(name);
    }
  return copied;
}
