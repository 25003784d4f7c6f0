/**
 * The folder of a training run: what it was asked, of which data, how far it is.
 *
 * `run.json` is enough to run it again to the same result, and is what `--resume` goes by. Times stand
 * apart (`timings.json`), so that equal runs have equal records.
 * @module
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { GeorError } from '../../core/index.ts';
import { sha256, writeFileAtomic, writing } from '../../core/node/index.ts';
import { inputFingerprint, isEarthAddress } from '../../data/index.ts';
import type { LeftOut } from '../rows/index.ts';
import type { TrainingRecipe } from './recipe.ts';

const input = z.object({ path: z.string(), sha256: z.string() });
const counts = z.object({ used: z.number(), leftOut: z.number() });

const recordSchema = z.looseObject({
  command: z.literal('train'),
  stage: z.enum(['sft', 'grpo']),
  /** The command line, for people; `recipe` is what counts. */
  arguments: z.array(z.string()),
  recipe: z.record(z.string(), z.unknown()),
  /** Folder or preset, as it was resolved. */
  model: z.string(),
  inputs: z.array(input),
  /** Sums of several threads differ in the last bit: a run goes on with as many as it began with. */
  threads: z.number().optional(),
  provider: z.string().optional(),
  rows: z.object({ data: counts, evalData: counts.optional() }).optional(),
  steps: z.number().optional(),
  finished: z.boolean(),
});

/** The record of a run. */
export type TrainingRecord = z.output<typeof recordSchema>;

/** What a new run is begun with. */
export interface NewRun {
  readonly recipe: TrainingRecipe;
  readonly arguments: readonly string[];
  readonly model: string;
  readonly geor: string;
  readonly threads?: number;
  /** The execution provider, where it is not the CPU. */
  readonly provider?: string;
  /** Further facts for the record: the hash of the reward's configuration. */
  readonly about?: Readonly<Record<string, string>>;
}

/** Files of a run. */
export class TrainingFolder {
  readonly path: string;
  #record: TrainingRecord;

  private constructor(path: string, record: TrainingRecord) {
    this.path = path;
    this.#record = record;
  }

  /**
   * Makes the folder of a new run. What it reads is hashed.
   *
   * @throws GeorError `usage` when there is something in the folder already
   */
  static async create(path: string, run: NewRun): Promise<TrainingFolder> {
    if (existsSync(path) && (!statSync(path).isDirectory() || readdirSync(path).length > 0))
      throw new GeorError('usage', `${path} is not empty`, {
        hint: existsSync(join(path, 'run.json'))
          ? 'continue the run there with --resume, or choose another folder with -o'
          : 'choose another folder with -o',
      });
    const { recipe, model, geor, threads, provider, about = {} } = run;
    const record: TrainingRecord = {
      command: 'train',
      stage: recipe.stage,
      arguments: [...run.arguments],
      finished: false,
      ...about,
      versions: { geor, node: process.version, 'onnxruntime-node': runtimeVersion() },
      machine: {
        platform: `${process.platform} ${process.arch}`,
        processor: cpus()[0]?.model.trim() ?? 'unknown',
        threads: availableParallelism(),
        memoryGiB: Math.round(totalmem() / 2 ** 30),
      },
      ...(threads !== undefined && { threads }),
      ...(provider !== undefined && { provider }),
      model,
      inputs: await fingerprints(recipe, model),
      recipe: { ...recipe },
    };
    writing(path, () => mkdirSync(join(path, 'checkpoints'), { recursive: true }));
    const folder = new TrainingFolder(path, record);
    folder.#save();
    return folder;
  }

  /**
   * Opens the folder of a run that is to go on.
   *
   * @throws GeorError `usage` when it holds none; `data` when what the run reads has changed since
   */
  static async open(path: string): Promise<TrainingFolder> {
    const record = readTrainingRecord(path);
    if (!record)
      throw new GeorError('usage', `${path} holds no run to resume`, {
        hint: 'start one without --resume',
      });
    for (const { path: name, sha256: before } of record.inputs) {
      const now = await fingerprint(name);
      if (now !== before)
        throw new GeorError('data', `${name} is not what it was when the run began`, {
          hint: 'a resumed run reads the same data and model: put them back, or start another run',
        });
    }
    return new TrainingFolder(path, record);
  }

  get record(): TrainingRecord {
    return this.#record;
  }

  /** A file of the run. */
  file(...parts: readonly string[]): string {
    return join(this.path, ...parts);
  }

  /** Adds to the record. */
  note(facts: Partial<Pick<TrainingRecord, 'rows' | 'steps' | 'finished'>>): void {
    this.#record = { ...this.#record, ...facts };
    this.#save();
  }

  /** Writes `failures.jsonl`: the rows that are left out, with their reasons. */
  writeFailures(leftOut: readonly LeftOut[]): void {
    this.writeLines('failures.jsonl', leftOut);
  }

  /** Writes a file of JSON lines whole. */
  writeLines(name: string, rows: readonly object[]): void {
    writeFileAtomic(this.file(name), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  }

  /** Adds seconds to a stage's, over all attempts. */
  addSeconds(stage: string, seconds: number): void {
    const path = this.file('timings.json');
    const kept = this.seconds();
    writeFileAtomic(
      path,
      `${JSON.stringify({ ...kept, [stage]: (kept[stage] ?? 0) + seconds }, null, 2)}\n`,
    );
  }

  /** Seconds by stage. */
  seconds(): Readonly<Record<string, number>> {
    const path = this.file('timings.json');
    if (!existsSync(path)) return {};
    return z.record(z.string(), z.number()).parse(JSON.parse(readFileSync(path, 'utf8')));
  }

  #save(): void {
    writeFileAtomic(this.file('run.json'), `${JSON.stringify(this.#record, null, 2)}\n`);
  }
}

/**
 * The record of a folder; undefined when it holds no training run.
 *
 * @throws GeorError `data` when `run.json` cannot be read
 */
export function readTrainingRecord(path: string): TrainingRecord | undefined {
  const file = join(path, 'run.json');
  if (!existsSync(file)) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new GeorError('data', `${file} is not JSON`, { cause });
  }
  return recordSchema.safeParse(json).data;
}

/** Checksums of everything that a run reads; addresses of the embedded Earth are their own. */
async function fingerprints(
  { data = [], evalData = [], adapter }: TrainingRecipe,
  model: string,
): Promise<{ path: string; sha256: string }[]> {
  const paths = [...data, ...evalData, ...(adapter ? [adapter] : [])];
  if (existsSync(model)) paths.push(model);
  return Promise.all(
    [...new Set(paths)].map(async (path) => ({ path, sha256: await fingerprint(path) })),
  );
}

const fingerprint = async (path: string): Promise<string> =>
  isEarthAddress(path) ? sha256(path) : (await inputFingerprint(path)).sha256;

function runtimeVersion(): string {
  const file = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
  return String(JSON.parse(readFileSync(file, 'utf8')).version);
}
