/**
 * A model folder as a backend.
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GeorError } from '../../core/index.ts';
import { sha256 } from '../../core/node/index.ts';
import { defaultGazetteer } from '../../data/index.ts';
import type { Backend } from '../backend.ts';
import { embeddedBackend } from '../backends/embedded.ts';

/** The model that comes with geor. */
export const SHIPPED_MODEL: string = fileURLToPath(
  new URL('../../../assets/earth-model', import.meta.url),
);

/** Whether a model comes with this installation. */
export const hasShippedModel = (): boolean => existsSync(join(SHIPPED_MODEL, 'config.json'));

/** How to open a model folder. */
export interface ModelFolderOptions {
  readonly threads?: number;
  /** `auto`, the default: a tile model's chains name only places that exist. */
  readonly structured?: 'auto' | 'off';
}

/**
 * Opens a model folder.
 *
 * @throws GeorError `usage` when there is no such folder; as `loadModel` when its files do not fit
 */
export async function modelFolderBackend(
  folder: string,
  { threads, structured = 'auto' }: ModelFolderOptions = {},
): Promise<Backend> {
  const weights = join(folder, 'model.safetensors');
  if (!existsSync(join(folder, 'config.json')) || !existsSync(weights))
    throw new GeorError('usage', `${folder} is no model folder`, {
      hint: 'a model folder holds config.json, model.safetensors and tokenizer.json',
    });
  const { loadModel } = await import('../../model/node/index.ts');
  const model = loadModel(folder);
  return embeddedBackend(model, {
    name: nameOf(folder),
    identity: `sha256:${sha256(readFileSync(weights))}`,
    ...(threads !== undefined && { threads }),
    ...(structured === 'auto' && { gazetteer: defaultGazetteer }),
  });
}

/** `models/grpo` says more than `grpo`. */
function nameOf(folder: string): string {
  const path = resolve(folder);
  const parent = basename(dirname(path));
  return parent === 'models'
    ? `${basename(dirname(dirname(path)))}/${basename(path)}`
    : basename(path);
}
