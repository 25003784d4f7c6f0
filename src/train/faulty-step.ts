/**
 * A step whose loss or gradient is not a number, kept to be looked at: two files beside the
 * checkpoint, one to read (samples, tokens, losses), one with the pixels.
 * @module
 */
import { writeFileAtomic } from '../core/node/index.ts';
import { writeSafetensors } from '../tensor/index.ts';
import type { DrawnImage } from './draw-images.ts';

/** What a step was computed from. */
export interface Evidence {
  readonly images: readonly DrawnImage[];
  /** Token ids: of every image its prompts and answers. */
  readonly tokens: readonly (readonly {
    readonly prompt: readonly number[];
    readonly answer: readonly number[];
  }[])[];
  /** What else tells: losses by pass, advantages, rewards. */
  readonly numbers: Readonly<Record<string, readonly (number | null)[]>>;
}

/** Which step, and what was wrong. */
export interface FaultyStep {
  readonly stage: string;
  /** From 1. */
  readonly step: number;
  readonly seed: number;
  /** `loss`, `gradient` or `learning rate`. */
  readonly what: string;
}

/** A number as JSON: what it has no word for is written as a text. */
const spelled = (value: number | null): number | string | null =>
  value === null || Number.isFinite(value) ? value : String(value);

/** Writes the two files. @returns the path of the one to read */
export function saveFaultyStep(
  checkpointPath: string,
  fault: FaultyStep,
  { images, tokens, numbers }: Evidence,
): string {
  const base = `${checkpointPath.replace(/\.safetensors$/, '')}.fault-step-${fault.step}`;
  const pixels = images.map(({ grid, pixels: data }, i) => {
    const patches = grid.height * grid.width;
    return [`image.${i}`, { shape: [patches, data.length / patches], data }] as const;
  });
  writeFileAtomic(`${base}.safetensors`, writeSafetensors(new Map(pixels)));
  const spelledNumbers = Object.fromEntries(
    Object.entries(numbers).map(([name, values]) => [name, values.map(spelled)]),
  );
  const samples = images.map(({ sample }) => sample);
  const grids = images.map(({ grid }) => grid);
  const record = { ...fault, samples, grids, ...spelledNumbers, tokens };
  writeFileAtomic(`${base}.json`, `${JSON.stringify(record)}\n`);
  return `${base}.json`;
}
