/**
 * What a run of an engine left behind, and what has to be done to serve it.
 *
 * - TRL and ms-swift write PEFT adapters, or whole models, into their checkpoints.
 * - verl writes the shards of its processes; its own merger turns them into a model. Of a run with
 *   adapters that merger writes the base *as it was before the training* and puts the adapter into
 *   `lora_adapter/` beside it (`verl/model_merger/base_model_merger.py`): to serve that folder is to
 *   serve the untrained model.
 * @module
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { GeorError } from '../../core/index.ts';
import type { Checkpoint } from '../launch/checkpoints.ts';
import type { Manifest } from '../manifest/manifest.ts';

/** What there is to do. */
export type TrainedModel =
  /** An adapter, to be merged into `base`. */
  | { readonly kind: 'adapter'; readonly adapter: string; readonly base: string }
  /** A whole model, ready. */
  | { readonly kind: 'whole'; readonly folder: string }
  /** Shards that verl's merger has to turn into `target` first. */
  | {
      readonly kind: 'shards';
      readonly folder: string;
      readonly target: string;
      /** Arguments for the engine's Python. */
      readonly arguments: readonly string[];
    };

/** What to look at. */
export interface TrainedModelOptions {
  /** The run's folder as this machine sees it. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** The checkpoint to take; left out where the finished model is wanted. */
  readonly checkpoint: Checkpoint | undefined;
  /** A folder instead of the manifest's model. */
  readonly base?: string | undefined;
}

const ADAPTER = 'adapter_model.safetensors';
const WHOLE = ['model.safetensors', 'model.safetensors.index.json'];

const isWhole = (folder: string): boolean => WHOLE.some((name) => existsSync(join(folder, name)));

/**
 * Finds the trained model.
 *
 * @throws GeorError `usage` when there is none yet or its base is not a folder here, `data` when
 *   what is there is not what the run was to train
 */
export function trainedModel(options: TrainedModelOptions): TrainedModel {
  const { folder, manifest, checkpoint } = options;
  if (manifest.engine.name === 'verl') return verlModel(options);
  const place = join(folder, checkpoint?.path ?? manifest.checkpoints.folder);
  if (existsSync(join(place, ADAPTER)))
    return { kind: 'adapter', adapter: place, base: baseFolder(options) };
  if (manifest.model.adaptation === 'lora')
    throw new GeorError('usage', `${place} holds no adapter`, {
      hint: 'the run has no whole checkpoint yet; see geor launch --attach',
    });
  if (isWhole(place)) return { kind: 'whole', folder: place };
  throw new GeorError('usage', `${place} holds no model`, {
    hint: 'the run has no whole checkpoint yet; see geor launch --attach',
  });
}

function verlModel(options: TrainedModelOptions): TrainedModel {
  const { folder, manifest, checkpoint } = options;
  if (!checkpoint)
    throw new GeorError('usage', 'the run has no whole checkpoint yet', {
      hint: 'see geor launch --attach',
    });
  const actor = join(folder, checkpoint.path, 'actor');
  const target = join(folder, checkpoint.path, 'huggingface');
  if (!isWhole(target)) {
    const merger = ['-m', 'verl.model_merger', 'merge', '--backend', 'fsdp'];
    return {
      ...{ kind: 'shards', folder: actor, target },
      arguments: [...merger, '--local_dir', actor, '--target_dir', target],
    };
  }
  const adapter = join(target, 'lora_adapter');
  if (existsSync(join(adapter, ADAPTER))) return { kind: 'adapter', adapter, base: target };
  if (manifest.model.adaptation === 'lora')
    throw new GeorError('data', `${target} has no lora_adapter, so it is the base alone`, {
      hint: "remove the folder and merge again: verl's merger must have been interrupted",
    });
  return { kind: 'whole', folder: target };
}

function baseFolder({ manifest, base }: TrainedModelOptions): string {
  const folder = base ?? manifest.model.path;
  if (existsSync(join(folder, 'config.json'))) return folder;
  throw new GeorError('usage', `the base ${folder} is not a model's folder on this machine`, {
    hint: 'name the folder of the model that was trained with --base',
  });
}
