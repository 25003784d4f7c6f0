/**
 * Writes training rows to a file, their pictures beside it and what was rejected next to it.
 *
 * The rows grow in a partial file that takes its name when it is whole: when the file is there, its
 * pictures are too. A run that was killed or interrupted leaves the partial files and a journal, and
 * goes on from there to the same bytes. Pictures are named by their content, so writing one twice
 * does no harm.
 * @module
 */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppendFile, type FileCalls, writing } from '../../core/node/index.ts';
import { writeCard } from '../card.ts';
import { rowFormat } from '../formats/formats.ts';
import { rejectLine, rejectsPath } from '../rejects.ts';
import { type Chunk, renderInputs, type SynthesisInput } from './flow.ts';
import {
  addCounts,
  emptyTally,
  type Journal,
  readJournal,
  removeJournal,
  type Tally,
  writeJournal,
} from './journal.ts';
import type { RowPicture } from './pictures.ts';
import { type RenderOptions, rowSettings } from './render.ts';
import type { RenderPool } from './render-pool.ts';
import { synthesisCard } from './synthesis-card.ts';

/** What to write, and how. */
export interface WriteOptions {
  /** The file of rows. */
  readonly path: string;
  readonly render: RenderOptions;
  /** Everything that decides the bytes of the rows: goes into the card, and guards a resumed run. */
  readonly identity: Readonly<Record<string, unknown>>;
  /** Go on where an interrupted run stood, if there was one. */
  readonly resume?: boolean;
  /** Stop after this many items of the input. */
  readonly limit?: number | undefined;
  /** Items between two entries of the journal; a picture counts as a hundred. 50,000 by default. */
  readonly journalItems?: number;
  /** Stops the run at the next chunk; what was written is kept for a resumed one. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (tally: Readonly<Tally>) => void;
  /** For tests: the file system that rows are written through. */
  readonly calls?: FileCalls;
}

/** How a run ended. */
export interface WriteResult {
  readonly tally: Readonly<Tally>;
  readonly isInterrupted: boolean;
  /** Items that an earlier run had done. */
  readonly resumedFrom: number;
}

/**
 * Writes the rows of all inputs.
 *
 * @throws GeorError `data` when the disk refuses; `usage` when `resume` finds another run
 */
export async function writeSynthesis(
  inputs: readonly SynthesisInput[],
  pool: RenderPool,
  options: WriteOptions,
): Promise<WriteResult> {
  const { path, identity } = options;
  const found = options.resume ? readJournal(path, { ...identity }) : undefined;
  if (!options.resume) writing(path, () => removeJournal(path));
  const run = new Run(options, found);
  const resumedFrom = found?.tally.items ?? 0;
  try {
    if (!found?.isComplete) {
      const limit = options.limit ?? Number.POSITIVE_INFINITY;
      for await (const chunk of renderInputs(inputs, pool, { skip: resumedFrom, limit })) {
        run.add(chunk);
        if (!options.signal?.aborted) continue;
        run.record(false);
        return { tally: run.tally, isInterrupted: true, resumedFrom };
      }
      run.record(true);
    }
  } finally {
    run.close();
  }
  await putInPlace(options, run.tally);
  return { tally: run.tally, isInterrupted: false, resumedFrom };
}

const linesPath = ({ path, render }: WriteOptions): string =>
  rowFormat(render.format).convert ? `${path}.lines.partial` : `${path}.partial`;

const partialRejects = (path: string): string => `${rejectsPath(path)}.partial`;

/** The files of a run while it lasts. */
class Run {
  readonly tally: Tally;
  readonly #options: WriteOptions;
  readonly #lines: AppendFile | undefined;
  readonly #rejects: AppendFile | undefined;
  #sinceRecord = 0;
  #hasFolder = false;

  constructor(options: WriteOptions, found: Journal | undefined) {
    this.#options = options;
    this.tally = found?.tally ?? emptyTally();
    if (found?.isComplete) return;
    this.#lines = new AppendFile(linesPath(options), found?.lineBytes ?? 0, options.calls);
    this.#rejects = new AppendFile(
      partialRejects(options.path),
      found?.rejectBytes ?? 0,
      options.calls,
    );
  }

  add({ items, rows, rendered, failures, pictures }: Chunk): void {
    const { tally } = this;
    for (const picture of pictures) this.#writePicture(picture);
    this.#lines?.append(rendered.lines);
    if (failures.length > 0) {
      const text = failures.map((failure) => `${rejectLine(failure)}\n`).join('');
      this.#rejects?.append(Buffer.from(text));
    }
    tally.items += items;
    tally.rows += rows;
    tally.pictures += pictures.length;
    for (const { code } of failures) addCounts(tally.rejects, { [code]: 1 });
    addCounts(tally.places, rendered.places);
    for (const [level, found] of Object.entries(rendered.labels)) {
      tally.labels[level] ??= {};
      addCounts(tally.labels[level], found);
    }
    this.#options.onProgress?.(tally);
    this.#sinceRecord += items + 100 * pictures.length;
    if (this.#sinceRecord >= (this.#options.journalItems ?? 50_000)) this.record(false);
  }

  #writePicture({ path, jpeg }: RowPicture): void {
    const to = join(dirname(this.#options.path), path);
    writing(to, () => {
      if (!this.#hasFolder) mkdirSync(dirname(to), { recursive: true });
      this.#hasFolder = true;
      writeFileSync(to, jpeg);
    });
  }

  /** Enters into the journal how far the files have come. */
  record(isComplete: boolean): void {
    const { path, identity } = this.#options;
    this.#sinceRecord = 0;
    if (!this.#lines || !this.#rejects) return;
    this.#lines.sync();
    this.#rejects.sync();
    const [lineBytes, rejectBytes] = [this.#lines.size, this.#rejects.size];
    const { tally } = this;
    writeJournal(path, {
      ...{ version: 1, identity: { ...identity }, tally, lineBytes, rejectBytes, isComplete },
    });
  }

  close(): void {
    this.#lines?.close();
    this.#rejects?.close();
  }
}

/** Gives the files of a complete run their names, the rows last. Can be done again after a kill. */
async function putInPlace(options: WriteOptions, tally: Tally): Promise<void> {
  const { path, identity, render } = options;
  const rejected = Object.keys(tally.rejects).length > 0;
  writing(path, () => {
    if (!rejected) {
      rmSync(rejectsPath(path), { force: true });
      rmSync(partialRejects(path), { force: true });
    } else if (existsSync(partialRejects(path))) {
      renameSync(partialRejects(path), rejectsPath(path));
    }
    writeCard(path, synthesisCard(identity, tally));
  });
  const lines = linesPath(options);
  if (existsSync(lines)) {
    const { convert } = rowFormat(render.format);
    if (convert) await convert(lines, path, rowSettings(render));
    writing(path, () => (convert ? rmSync(lines) : renameSync(lines, path)));
  }
  removeJournal(path);
}
