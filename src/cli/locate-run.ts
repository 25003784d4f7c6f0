/**
 * Going through pictures with a backend: order, progress, notes, Ctrl-C, the journal.
 * @module
 */
import { existsSync } from 'node:fs';
import {
  type Backend,
  type BatchOptions,
  type BatchRow,
  isLocated,
  type LocateRow,
  locateEach,
  type PictureItem,
} from '../locate/index.ts';
import { openJournal, readRows } from '../locate/node/index.ts';

/** What a run through pictures needs. */
export interface RunOptions extends BatchOptions {
  readonly limit: number;
  /** Where rows gather until the result is whole; absent: nowhere. */
  readonly output?: string | undefined;
  readonly resume: boolean;
  /** Told of rows in the order of the pictures. */
  readonly onRow: (row: LocateRow) => void;
}

/** How a run ended. */
export interface RunResult {
  /** In the order of the pictures. */
  readonly rows: readonly LocateRow[];
  readonly failed: number;
  readonly isInterrupted: boolean;
  /** Puts an end to the journal, when the result is in place. */
  readonly finish: () => void;
}

/** Runs; the signal of Ctrl-C ends it after what is under way. */
export async function runPictures(
  items: AsyncIterable<PictureItem>,
  backend: Backend,
  options: RunOptions,
): Promise<RunResult> {
  const { output, resume, limit, onRow, concurrency } = options;
  const journal =
    output === undefined
      ? undefined
      : openJournal(`${output}.partial.jsonl`, resume, resume ? earlierRows(output) : []);
  const rows: LocateRow[] = [];
  const progress = new Progress();
  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort();
  process.once('SIGINT', onInterrupt);
  let next = 0;
  let failed = 0;
  try {
    const each = locateEach(limited(items, limit), backend, {
      ...options,
      concurrency,
      signal: interrupt.signal,
      known: (key) => journal?.find(key),
    });
    for await (const done of each) {
      const { index, row, isKnown } = done;
      if (!isKnown) journal?.add(row);
      if (!isLocated(row)) failed++;
      noteOf(done, backend, progress);
      rows[index] = row;
      for (; rows[next] !== undefined; next++) onRow(rows[next]!);
      progress.show(Object.keys(rows).length, failed);
    }
  } finally {
    process.removeListener('SIGINT', onInterrupt);
    progress.clear();
    if (interrupt.signal.aborted || next < rows.length) journal?.close();
  }
  return {
    rows: rows.filter((row) => row !== undefined),
    failed,
    isInterrupted: interrupt.signal.aborted,
    finish: () => journal?.finish(),
  };
}

/** Rows of an output that is whole already, where it is made of lines. */
function earlierRows(output: string): readonly LocateRow[] {
  if (!output.endsWith('.jsonl') || !existsSync(output)) return [];
  return readRows(output).rows;
}

async function* limited<T>(items: AsyncIterable<T>, limit: number): AsyncGenerator<T> {
  let count = 0;
  for await (const item of items) {
    if (count++ >= limit) return;
    yield item;
  }
}

/** What a person should know of a picture: that it carried its place, or why it failed. */
function noteOf({ row, picture }: BatchRow, { host }: Backend, progress: Progress): void {
  const { gps, placeText } = picture?.carried ?? { gps: false, placeText: false };
  const kinds = [...(gps ? ['GPS metadata'] : []), ...(placeText ? ['text about itself'] : [])];
  if (kinds.length > 0) {
    const before = host === undefined ? 'dropped' : `removed before sending to ${host}`;
    progress.say(`! ${row.id} carries ${kinds.join(' and ')}; not read, ${before}`);
  }
  if (!isLocated(row)) progress.say(`failed: ${row.id}: ${row.error.message}`);
  else for (const note of row.notes) progress.sayOnce(`note: ${note}`);
}

/** Lines on stderr, with a counter below them for a person watching. */
class Progress {
  readonly #start = performance.now();
  readonly #said = new Set<string>();
  #isShown = false;

  say(text: string): void {
    this.clear();
    process.stderr.write(`${text}\n`);
  }

  sayOnce(text: string): void {
    if (this.#said.has(text)) return;
    this.#said.add(text);
    this.say(text);
  }

  show(done: number, failed: number): void {
    if (!process.stderr.isTTY || done < 2) return;
    const each = (performance.now() - this.#start) / 1000 / done;
    const failures = failed > 0 ? `, ${failed} failed` : '';
    process.stderr.write(`\r${done} pictures${failures}, ${each.toFixed(1)} s each\u001b[K`);
    this.#isShown = true;
  }

  clear(): void {
    if (this.#isShown) process.stderr.write('\r\u001b[K');
    this.#isShown = false;
  }
}
