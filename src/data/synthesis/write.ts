/**
 * Writes training rows to a file, their pictures beside it and what failed next to it.
 *
 * The file appears last and whole: when it is there, its pictures are too. Pictures are named by
 * their content, so a second run writes the same files again and never two for one tile.
 * @module
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { encodeJpeg } from '../jpeg.ts';
import { LineFile } from '../line-file.ts';
import type { RowFailure } from '../sources/row.ts';
import type { Synthesized } from './synthesize.ts';

/** How a run ended. */
export interface SynthesisCounts {
  readonly rows: number;
  readonly failures: number;
}

/** Where the failures of a file of rows are recorded. */
export function failuresPath(path: string): string {
  return `${path}.failures.jsonl`;
}

/** A failure as a line of JSON, without its end. */
export function failureLine({ source, line, reason }: RowFailure): string {
  return JSON.stringify({ source, line, reason });
}

/**
 * Writes everything `items` gives. Without failures there is no file of failures, and one left by an
 * earlier run is removed.
 *
 * @param onProgress - called after every item with the counts so far
 */
export async function writeSynthesis(
  items: AsyncIterable<Synthesized | RowFailure>,
  path: string,
  onProgress: (counts: SynthesisCounts) => void = () => {},
): Promise<SynthesisCounts> {
  const folder = dirname(path);
  const rowFile = new LineFile(path);
  const failureFile = new LineFile(failuresPath(path));
  const counts = { rows: 0, failures: 0 };
  let isWhole = false;
  let hasImageFolder = false;
  try {
    for await (const item of items) {
      if (item.kind === 'failure') {
        counts.failures++;
        failureFile.add(failureLine(item));
      } else {
        counts.rows++;
        if (item.picture) {
          const to = join(folder, item.picture.path);
          if (!hasImageFolder) mkdirSync(dirname(to), { recursive: true });
          hasImageFolder = true;
          writeFileSync(to, encodeJpeg(item.picture.pixels));
        }
        rowFile.add(JSON.stringify(item.row));
      }
      onProgress(counts);
    }
    isWhole = true;
  } finally {
    if (isWhole) rmSync(failuresPath(path), { force: true });
    failureFile.finish(isWhole && counts.failures > 0);
    rowFile.finish(isWhole);
  }
  return counts;
}
