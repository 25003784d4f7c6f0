/**
 * Models to folders in Hugging Face's layout.
 * @module
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../core/node/index.ts';
import { BYTES_PER_ELEMENT, type SafetensorsDtype, sizeOf } from '../../tensor/index.ts';
import { writeSafetensorsFile } from '../../tensor/node/index.ts';
import {
  type Model,
  modelTexts,
  WEIGHTS,
  WEIGHTS_INDEX,
  weightIndex,
} from '../checkpoint/index.ts';
import type { Parameters } from '../parameters.ts';

/** How a model is written. */
export interface SaveModelOptions {
  /** Type of the weights in the file. F16 and BF16 round. Default F32. */
  readonly dtype?: SafetensorsDtype;
  /** Bytes of weights per file at most, unless one tensor is larger. Default 5 GB, as in transformers 4. */
  readonly maxShardBytes?: number;
}

/**
 * Writes a model's folder. A new folder appears whole or not at all. In a folder that is there each
 * file is replaced whole, the weights last, and weights of an earlier model are removed.
 */
export function saveModel(folder: string, model: Model, options: SaveModelOptions = {}): void {
  const isNew = !existsSync(folder);
  const target = isNew ? `${folder}.partial` : folder;
  if (isNew) rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const { dtype = 'F32', maxShardBytes = 5e9 } = options;
  for (const [name, text] of modelTexts(model, dtype)) writeFileAtomic(join(target, name), text);
  saveParameters(target, model.parameters, dtype, maxShardBytes);
  if (isNew) renameSync(target, folder);
}

const SHARD = /^model-\d{5}-of-\d{5}\.safetensors$/;

function saveParameters(
  folder: string,
  parameters: Parameters,
  dtype: SafetensorsDtype,
  maxShardBytes: number,
): void {
  const shards = intoShards(parameters, dtype, maxShardBytes);
  const nameOf = (shard: number): string => {
    const digits = (value: number): string => `${value}`.padStart(5, '0');
    if (shards.length === 1) return WEIGHTS;
    return `model-${digits(shard + 1)}-of-${digits(shards.length)}.safetensors`;
  };
  shards.forEach((names, shard) => {
    const plans = new Map(
      names.map((name) => [name, { dtype, shape: parameters.get(name)!.shape }]),
    );
    const elementsOf = (name: string): Float32Array => parameters.get(name)!.data;
    writeSafetensorsFile(join(folder, nameOf(shard)), plans, elementsOf, { format: 'pt' });
  });
  // transformers reads the single file when both are there
  const written = new Set(shards.map((_, shard) => nameOf(shard)));
  if (shards.length > 1) {
    rmSync(join(folder, WEIGHTS), { force: true });
    const fileOf = new Map(shards.flatMap((names, i) => names.map((name) => [name, nameOf(i)])));
    const bytes = [...parameters.values()].reduce((sum, { data }) => sum + data.length, 0);
    const index = weightIndex(fileOf, bytes * BYTES_PER_ELEMENT[dtype]);
    writeFileAtomic(join(folder, WEIGHTS_INDEX), `${JSON.stringify(index, null, 2)}\n`);
  } else rmSync(join(folder, WEIGHTS_INDEX), { force: true });
  for (const file of readdirSync(folder))
    if (SHARD.test(file) && !written.has(file)) rmSync(join(folder, file));
}

/** Names by shard: parameters in their order, a new shard when the next one would not fit. */
function intoShards(
  parameters: Parameters,
  dtype: SafetensorsDtype,
  maxShardBytes: number,
): string[][] {
  const shards: string[][] = [];
  let room = 0;
  for (const [name, { shape }] of parameters) {
    const bytes = sizeOf(shape) * BYTES_PER_ELEMENT[dtype];
    if (shards.length === 0 || bytes > room) {
      shards.push([]);
      room = maxShardBytes;
    }
    shards.at(-1)!.push(name);
    room -= bytes;
  }
  return shards;
}
