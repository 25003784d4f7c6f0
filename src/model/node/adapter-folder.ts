/**
 * Adapters in folders, as PEFT keeps them.
 * @module
 */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../core/node/index.ts';
import type { SafetensorsDtype } from '../../tensor/index.ts';
import { writeSafetensorsFile } from '../../tensor/node/index.ts';
import type { ModelConfig } from '../config.ts';
import {
  ADAPTER_CONFIG,
  ADAPTER_WEIGHTS,
  type Adapter,
  adapterJson,
  fromPeftName,
  peftName,
  readAdapter,
} from '../lora/index.ts';
import { ModelFolder } from './model-folder.ts';

/**
 * Reads an adapter for a model.
 *
 * @throws GeorError `data` or `config` when a file is missing or malformed, or is for another base
 */
export function loadAdapter(folder: string, model: ModelConfig): Adapter {
  const files = new ModelFolder(folder);
  try {
    return readAdapter(files, model);
  } finally {
    files.close();
  }
}

/** Writes an adapter's folder. A new folder appears whole or not at all. */
export function saveAdapter(
  folder: string,
  { config, parameters }: Adapter,
  { dtype = 'F32' }: { dtype?: SafetensorsDtype } = {},
): void {
  const isNew = !existsSync(folder);
  const target = isNew ? `${folder}.partial` : folder;
  if (isNew) rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const json = `${JSON.stringify(adapterJson(config), null, 2)}\n`;
  writeFileAtomic(join(target, ADAPTER_CONFIG), json);
  const plans = new Map(
    Array.from(parameters, ([name, { shape }]) => [peftName(name), { dtype, shape }]),
  );
  const elementsOf = (name: string): Float32Array => parameters.get(fromPeftName(name)!)!.data;
  writeSafetensorsFile(join(target, ADAPTER_WEIGHTS), plans, elementsOf, { format: 'pt' });
  if (isNew) renameSync(target, folder);
}
