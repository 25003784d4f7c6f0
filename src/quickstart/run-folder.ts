/**
 * The folder of a run: what it was asked, how far it is, what it wrote.
 *
 * `run.json` holds all that is needed to run it again to the same result.
 * @module
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { GeorError } from '../core/index.ts';
import { readAsset, sha256, writeFileAtomic, writing } from '../core/node/index.ts';
import { otherEarthBytes } from './other-earth.ts';
import { type QuickstartRecipe, recipeSchema } from './recipe.ts';

/** What a run was asked to do. */
export interface RunArguments {
  readonly seed: number;
  readonly minutes: number;
  readonly recipe: QuickstartRecipe;
  /** The execution provider, where it is not the CPU. */
  readonly provider?: string;
  /** A JPEG of another rendering of the Earth to test on. Default: the one that is kept, if any. */
  readonly otherEarth?: string;
}

const recordSchema = z.looseObject({
  command: z.literal('quickstart'),
  seed: z.number(),
  minutes: z.number(),
  recipe: recipeSchema,
  provider: z.string().optional(),
  otherEarth: z.string().optional(),
  finished: z.boolean(),
});

/** The record of a run. */
export type RunRecord = z.infer<typeof recordSchema>;

/** Files of a run. */
export interface RunFolder {
  readonly path: string;
  file(...parts: string[]): string;
  /** Seconds spent per stage so far, over all resumptions. */
  readonly seconds: Map<string, number>;
  save(finished: boolean): void;
  /** Runs a stage and adds its time, also when it is interrupted. */
  timed<T>(stage: string, work: () => T | Promise<T>): Promise<T>;
}

const ASSETS = ['gazetteer.bin.br', 'earth-blue-marble.jpg'] as const;

/** Makes or reopens a run's folder. */
export function openRunFolder(
  path: string,
  { seed, minutes, recipe, provider, otherEarth }: RunArguments,
  version: string,
): RunFolder {
  writing(path, () => mkdirSync(join(path, 'checkpoints'), { recursive: true }));
  const seconds = new Map<string, number>();
  const timings = join(path, 'timings.json');
  if (existsSync(timings)) {
    const kept = z.record(z.string(), z.number()).parse(JSON.parse(readFileSync(timings, 'utf8')));
    for (const [stage, spent] of Object.entries(kept)) seconds.set(stage, spent);
  }
  const other = otherEarthBytes(otherEarth);
  const inputs = {
    ...Object.fromEntries(ASSETS.map((name) => [name, `sha256:${sha256(readAsset(name))}`])),
    otherEarth: other ? `sha256:${sha256(other)}` : null,
  };
  const folder: RunFolder = {
    path,
    file: (...parts) => join(path, ...parts),
    seconds,
    save(finished) {
      const record = {
        command: 'quickstart',
        seed,
        minutes,
        ...(provider !== undefined && { provider }),
        ...(otherEarth !== undefined && { otherEarth }),
        finished,
        versions: { geor: version, node: process.version, ...runtimeVersion() },
        inputs,
        machine: {
          platform: `${process.platform} ${process.arch}`,
          processor: cpus()[0]?.model.trim() ?? 'unknown',
          threads: availableParallelism(),
          memoryGiB: Math.round(totalmem() / 2 ** 30),
        },
        recipe,
      };
      writeFileAtomic(join(path, 'run.json'), `${JSON.stringify(record, null, 2)}\n`);
      writeFileAtomic(timings, `${JSON.stringify(Object.fromEntries(seconds), null, 2)}\n`);
    },
    async timed(stage, work) {
      const start = performance.now();
      try {
        return await work();
      } finally {
        seconds.set(stage, (seconds.get(stage) ?? 0) + (performance.now() - start) / 1000);
        folder.save(false);
      }
    },
  };
  folder.save(false);
  return folder;
}

function runtimeVersion(): Record<string, string> {
  const file = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
  return { 'onnxruntime-node': String(JSON.parse(readFileSync(file, 'utf8')).version) };
}

/**
 * The record of a folder, or undefined when it holds no run.
 *
 * @throws GeorError `data` when `run.json` is not a record of a quick start
 */
export function readRunRecord(path: string): RunRecord | undefined {
  const file = join(path, 'run.json');
  if (!existsSync(file)) return undefined;
  try {
    return recordSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new GeorError('data', `${file} is not the record of a quick start`, {
      hint: 'choose another folder with -o',
      cause,
    });
  }
}

/** `base`, or `base-2`, `base-3`, … : the first that holds no run. */
export function freshFolder(base: string): string {
  for (let i = 1; ; i++) {
    const path = i === 1 ? base : `${base}-${i}`;
    if (!existsSync(path) || (statSync(path).isDirectory() && readdirSync(path).length === 0))
      return path;
  }
}

/** The unfinished run among `base`, `base-2`, … that was begun last. */
export function unfinishedFolder(base: string): string | undefined {
  let found: string | undefined;
  for (let i = 1; ; i++) {
    const path = i === 1 ? base : `${base}-${i}`;
    if (!existsSync(path)) return found;
    if (readRunRecord(path)?.finished === false) found = path;
  }
}
