/**
 * Rows of a run that is under way, beside its output: `FILE.progress`, a line as soon as a row is done.
 * A run that goes on takes up the rows whose request and settings are the same.
 * @module
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { z } from 'zod';
import { AppendFile } from '../../core/node/index.ts';

/** A row of output, as it is written. */
export type GeneratedRow = Readonly<Record<string, unknown>>;

const lineSchema = z.object({ key: z.string(), rows: z.array(z.looseObject({})) });

/** Rows by the key of their request. */
export class GenerateJournal {
  readonly #done = new Map<string, readonly GeneratedRow[]>();
  readonly #file: AppendFile | undefined;
  readonly #path: string | undefined;

  /** @param output - where rows will go in the end; undefined keeps nothing */
  constructor(output: string | undefined, resume: boolean) {
    if (output === undefined) return;
    this.#path = `${output}.progress`;
    const kept = resume ? this.#take(this.#path) : 0;
    this.#file = new AppendFile(this.#path, kept);
  }

  /** Reads what is there; a line that a killed run left half-written is cut off. */
  #take(path: string): number {
    if (!existsSync(path)) return 0;
    const content = readFileSync(path);
    let kept = 0;
    for (let end = content.indexOf(0x0a); end >= 0; end = content.indexOf(0x0a, kept)) {
      let json: unknown;
      try {
        json = JSON.parse(content.toString('utf8', kept, end));
      } catch {
        break;
      }
      const line = lineSchema.safeParse(json);
      if (!line.success) break;
      this.#done.set(line.data.key, line.data.rows);
      kept = end + 1;
    }
    return kept;
  }

  /** Rows of a request that is done. */
  find(key: string): readonly GeneratedRow[] | undefined {
    return this.#done.get(key);
  }

  /** Keeps the rows of a request. */
  add(key: string, rows: readonly GeneratedRow[]): void {
    this.#done.set(key, rows);
    this.#file?.append(Buffer.from(`${JSON.stringify({ key, rows })}\n`));
  }

  /** Closes it and leaves it for the run that goes on. */
  close(): void {
    this.#file?.close();
  }

  /** Closes and removes it: the result is in place. */
  finish(): void {
    this.#file?.close();
    if (this.#path) rmSync(this.#path, { force: true });
  }
}
