/**
 * The folder of an ablation: what was asked, and a folder a seed with every unit that is done.
 * @module
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { GeorError } from '../core/index.ts';
import { writeFileAtomic } from '../core/node/index.ts';
import type { ArmName } from './arms.ts';
import { type JudgedRow, judgedRowSchema } from './measures.ts';
import { ablateRecipeSchema } from './recipe.ts';
import { TABLE_NAMES } from './tables.ts';

const recordSchema = z.strictObject({
  command: z.literal('ablate'),
  version: z.string(),
  minutes: z.number().positive(),
  recipe: ablateRecipeSchema,
  seeds: z.array(z.number().int()).min(1),
  tables: z.array(z.enum(TABLE_NAMES)).min(1),
  /** ONNX Runtime's threads where they were chosen: sums of several threads round otherwise. */
  threads: z.number().int().positive().optional(),
});

/** What a run was asked to do. Minutes are part of the recipe already, and kept to be read. */
export type AblateRecord = z.infer<typeof recordSchema>;

/** The record of a folder; undefined when it holds no ablation. */
export function readAblateRecord(path: string): AblateRecord | undefined {
  const file = join(path, 'run.json');
  if (!existsSync(file)) return undefined;
  try {
    return recordSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new GeorError('data', `${file} is not the record of an ablation`, {
      hint: 'choose another folder with -o',
      cause,
    });
  }
}

/** Makes the folder, or takes it up, and writes what is asked. */
export function writeAblateRecord(path: string, record: AblateRecord): void {
  mkdirSync(path, { recursive: true });
  writeFileAtomic(join(path, 'run.json'), `${JSON.stringify(record, null, 2)}\n`);
}

/** The files of one seed. */
export class SeedFolder {
  readonly #path: string;

  constructor(path: string, seed: number) {
    this.#path = join(path, `seed-${seed}`);
    for (const part of ['models', 'answers', 'metrics', 'checkpoints'])
      mkdirSync(join(this.#path, part), { recursive: true });
  }

  /** A path in the folder. */
  file(...parts: readonly string[]): string {
    return join(this.#path, ...parts);
  }

  /** The judged answers of an arm; undefined when it has not been asked yet. */
  answers(arm: ArmName): JudgedRow[] | undefined {
    const file = this.file('answers', `${arm}.jsonl`);
    if (!existsSync(file)) return undefined;
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    try {
      return lines.map((line) => judgedRowSchema.parse(JSON.parse(line)));
    } catch (cause) {
      throw new GeorError('data', `${file} does not hold judged answers`, {
        hint: 'remove it: the arm is asked again',
        cause,
      });
    }
  }

  /** Stores the judged answers of an arm, whole or not at all. */
  writeAnswers(arm: ArmName, rows: readonly JudgedRow[]): void {
    writeFileAtomic(
      this.file('answers', `${arm}.jsonl`),
      rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
    );
  }

  /** Adds to the time that units took; of the clock, so no part of any result. */
  addSeconds(unit: string, seconds: number): void {
    appendFileSync(this.file('times.jsonl'), `${JSON.stringify({ unit, seconds })}\n`);
  }

  /** Seconds that all units took so far, over all resumptions. */
  seconds(): number {
    const file = this.file('times.jsonl');
    if (!existsSync(file)) return 0;
    const row = z.object({ seconds: z.number() });
    return readFileSync(file, 'utf8')
      .split('\n')
      .slice(0, -1)
      .reduce((sum, line) => sum + row.parse(JSON.parse(line)).seconds, 0);
  }
}
