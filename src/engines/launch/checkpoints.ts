/**
 * The last checkpoint of a run that is whole.
 *
 * A process that is killed while it saves leaves half a checkpoint behind, and the trainers' own
 * "last checkpoint" is the one with the highest number, whole or not.
 * @module
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Manifest } from '../manifest/manifest.ts';

/** A checkpoint to go on from. */
export interface Checkpoint {
  /** Steps of the optimiser that were done. */
  readonly step: number;
  /** Its folder, relative to the run's, with `/`. */
  readonly path: string;
}

const trainerState = z.object({ global_step: z.int().nonnegative() });

const names = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);

/**
 * Whether a checkpoint of the transformers trainer is whole: weights, and the state of the trainer,
 * which its first process writes after everything else of its own. The other processes write only
 * their random state; without all of these a resumed run would not be the same one.
 */
function isWhole(folder: string, step: number, processes: number): boolean {
  const files = names(folder);
  const hasWeights = files.some((name) => /^(adapter_)?model.*\.safetensors$/.test(name));
  const hasRandomState =
    processes === 1 ||
    files.filter((name) => /^rng_state_\d+\.pth$/.test(name)).length >= processes;
  if (!hasWeights || !hasRandomState) return false;
  try {
    const text = readFileSync(join(folder, 'trainer_state.json'), 'utf8');
    return trainerState.parse(JSON.parse(text)).global_step === step;
  } catch {
    return false;
  }
}

/** Folders `checkpoint-N` in a folder, highest first. */
function numbered(folder: string): { step: number; name: string }[] {
  return names(folder)
    .flatMap((name) => {
      const step = /^checkpoint-(\d+)$/.exec(name)?.[1];
      return step === undefined ? [] : [{ step: Number(step), name }];
    })
    .sort((a, b) => b.step - a.step);
}

/** The whole checkpoint of one step, or `undefined`. */
export function checkpointAt(
  manifest: Manifest,
  folder: string,
  step: number,
): Checkpoint | undefined {
  const { folder: under, latest } = manifest.checkpoints;
  if (latest === null)
    return [...wholeCheckpoints(manifest, folder)].find((one) => one.step === step);
  const path = `${under}/global_step_${step}`;
  const last = lastCheckpoint(manifest, folder);
  return last && step <= last.step && existsSync(join(folder, path)) ? { step, path } : undefined;
}

/**
 * The last whole checkpoint, or `undefined`. `folder` is the run's folder as this machine sees it.
 *
 * verl names its last checkpoint in a file that it writes when all of it is there.
 */
export function lastCheckpoint(manifest: Manifest, folder: string): Checkpoint | undefined {
  const { folder: under, latest } = manifest.checkpoints;
  const place = join(folder, under);
  if (latest !== null) {
    const file = join(place, latest);
    const step = existsSync(file)
      ? Number(readFileSync(file, 'utf8').trim() || Number.NaN)
      : Number.NaN;
    if (!Number.isInteger(step) || step < 0) return undefined;
    return { step, path: `${under}/global_step_${step}` };
  }
  for (const checkpoint of wholeCheckpoints(manifest, folder)) return checkpoint;
  return undefined;
}

/** Whole checkpoints of the transformers trainer, newest first. */
function* wholeCheckpoints(manifest: Manifest, folder: string): Generator<Checkpoint> {
  const { folder: under } = manifest.checkpoints;
  const place = join(folder, under);
  const processes = manifest.cluster.nodes * manifest.cluster.processesPerNode;
  // ms-swift may put its checkpoints one folder deeper, one folder per start.
  for (const inner of [
    '',
    ...names(place)
      .filter((name) => /^v\d+-/.test(name))
      .reverse(),
  ]) {
    for (const { step, name } of numbered(join(place, inner))) {
      if (!isWhole(join(place, inner, name), step, processes)) continue;
      yield { step, path: [under, inner, name].filter((part) => part !== '').join('/') };
    }
  }
}
