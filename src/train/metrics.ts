/**
 * The record of a run, step by step: `metrics.jsonl`, with TRL's names.
 *
 * It holds what the computation determines and nothing of the clock, so a resumed run's file equals
 * an unbroken one's byte for byte. Speeds are for the display.
 * @module
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { GeorError } from '../core/index.ts';
import { writeFileAtomic, writing } from '../core/node/index.ts';

const metricsRow = z
  .object({ stage: z.string(), step: z.number() })
  .catchall(z.union([z.number(), z.string()]));

/** One step's numbers; steps count from 1. */
export type MetricsRow = Readonly<z.infer<typeof metricsRow>>;

/** Appends rows; takes back the rows after a checkpoint when a run resumes. */
export class MetricsLog {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Adds one row. @throws GeorError `data` when the disk refuses */
  append(row: MetricsRow): void {
    writing(this.#path, () => appendFileSync(this.#path, `${JSON.stringify(row)}\n`));
  }

  /**
   * All rows; a torn last line (a crash while writing) is left out.
   *
   * @throws GeorError `data` when another line is not a row
   */
  rows(): MetricsRow[] {
    if (!existsSync(this.#path)) return [];
    const lines = readFileSync(this.#path, 'utf8').split('\n');
    return lines.slice(0, -1).map((line, i) => this.#row(line, i + 1));
  }

  #row(text: string, line: number): MetricsRow {
    try {
      return metricsRow.parse(JSON.parse(text));
    } catch (cause) {
      throw new GeorError('data', `${this.#path}:${line} is not a row of metrics`, {
        hint: 'remove the line, or start in a new folder',
        cause,
      });
    }
  }

  /** Keeps the rows of `stage` up to `step` and those of all other stages. */
  rewind(stage: string, step: number): void {
    const kept = this.rows().filter((row) => row.stage !== stage || row.step <= step);
    writeFileAtomic(this.#path, kept.map((row) => `${JSON.stringify(row)}\n`).join(''));
  }
}
