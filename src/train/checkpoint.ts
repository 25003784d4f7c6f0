/**
 * The state of a stage in the middle: parameters, moments, step. One safetensors file, replaced
 * atomically. Randomness is keyed by step, so it has no state.
 * @module
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { GeorError } from '../core/index.ts';
import { type FileCalls, writeFileAtomic } from '../core/node/index.ts';
import type { Parameters } from '../model/index.ts';
import { readSafetensors, writeSafetensors } from '../tensor/index.ts';
import type { OptimizerState } from './optimizer.ts';

/**
 * Writes parameters and optimiser as they are after `step` steps.
 *
 * @throws GeorError `data` when the disk refuses; the checkpoint before is then as it was
 */
export function saveCheckpoint(
  path: string,
  step: number,
  parameters: Parameters,
  optimizer: OptimizerState,
  fileCalls?: FileCalls,
): void {
  const tensors = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  tensors.set('step', { shape: [2], data: Float32Array.of(step, optimizer.steps) });
  for (const [name, { shape, data }] of parameters)
    tensors.set(`parameter:${name}`, { shape, data });
  for (const [name, data] of optimizer.state) tensors.set(name, { shape: [data.length], data });
  writeFileAtomic(path, writeSafetensors(tensors), fileCalls);
}

/**
 * Restores a checkpoint in place.
 *
 * @returns the steps done, or 0 when there is no checkpoint
 * @throws GeorError `data` when the file is of another model
 */
export function restoreCheckpoint(
  path: string,
  parameters: Parameters,
  optimizer: OptimizerState,
): number {
  if (!existsSync(path)) return 0;
  const tensors = readSafetensors(readFileSync(path));
  const copies: (() => void)[] = []; // made when all fit: a refused file changes nothing
  const copy = (name: string, into: Float32Array): void => {
    const tensor = tensors.get(name);
    if (tensor?.data.length !== into.length) {
      throw new GeorError(
        'data',
        `${path} is a checkpoint of another model: ${name} does not fit`,
        {
          hint: 'resume with the settings the run began with, or start in a new folder',
        },
      );
    }
    copies.push(() => into.set(tensor.data));
  };
  for (const [name, { data }] of parameters) copy(`parameter:${name}`, data);
  for (const [name, data] of optimizer.state) copy(name, data);
  const steps = new Float32Array(2);
  copy('step', steps);
  for (const make of copies) make();
  optimizer.steps = steps[1]!;
  return steps[0]!;
}

/** Removes a checkpoint that a finished stage no longer needs. */
export function removeCheckpoint(path: string): void {
  rmSync(path, { force: true });
}
