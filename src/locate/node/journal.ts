/**
 * The rows of a run that is under way: appended one by one, read back by the run that goes on.
 *
 * A line that a killed run left half-written is cut off. Lines are looked up by key, so it does not
 * matter in which order pictures were done or come again.
 * @module
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { GeorError } from '../../core/index.ts';
import { AppendFile } from '../../core/node/index.ts';
import { isLocated, type LocateRow, locateRowSchema } from '../row.ts';

/** The rows of a file of lines, and how many of its bytes are whole lines. */
export interface ReadRows {
  readonly rows: readonly LocateRow[];
  readonly bytes: number;
}

/**
 * Reads rows. A last line without its end is left out.
 *
 * @throws GeorError `data` for a whole line that is no row
 */
export function readRows(path: string): ReadRows {
  const content = readFileSync(path);
  const bytes = content.lastIndexOf(0x0a) + 1;
  const lines = content.subarray(0, bytes).toString('utf8').split('\n').slice(0, -1);
  const rows = lines.map((line, i) => {
    const row = locateRowSchema.safeParse(parsed(line));
    if (row.success) return row.data;
    throw new GeorError('data', `${path}:${i + 1} is no row of geor locate`, {
      hint: 'give another output file, or leave --resume out to begin anew',
    });
  });
  return { rows, bytes };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** An open journal. */
export interface Journal {
  /** The located row of a key, from this run or the one before. */
  find(key: string): LocateRow | undefined;
  add(row: LocateRow): void;
  /** Closes and removes it: the result is in place. */
  finish(): void;
  /** Closes it and leaves it for the run that goes on. */
  close(): void;
}

/**
 * Opens a journal.
 *
 * @param resume - keep what is there; else begin empty
 * @param earlier - further rows that are known, e.g. of a finished output
 */
export function openJournal(
  path: string,
  resume: boolean,
  earlier: readonly LocateRow[] = [],
): Journal {
  const before = resume && existsSync(path) ? readRows(path) : { rows: [], bytes: 0 };
  const known = new Map<string, LocateRow>();
  const remember = (row: LocateRow): void => {
    if (isLocated(row)) known.set(row.key, row);
  };
  for (const row of [...earlier, ...before.rows]) remember(row);
  const file = new AppendFile(path, before.bytes);
  return {
    find: (key) => known.get(key),
    add(row) {
      file.append(Buffer.from(`${JSON.stringify(row)}\n`));
      remember(row);
    },
    finish() {
      file.close();
      rmSync(path, { force: true });
    },
    close() {
      file.sync();
      file.close();
    },
  };
}
