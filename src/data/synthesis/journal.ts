/**
 * How far a run has come, on disk, so that a killed run goes on where it stood.
 *
 * The journal names how many bytes of each partial file are good, and how many items of the input
 * they came from. It is written after those bytes have reached the disk, so it never promises more
 * than is there.
 * @module
 */
import { readFileSync, rmSync } from 'node:fs';
import { z } from 'zod';
import { GeorError } from '../../core/index.ts';
import { writeFileAtomic, writing } from '../../core/node/index.ts';

const count = z.int().nonnegative();
const counts = z.record(z.string(), count);

const tally = z.object({
  /** Items of the input read so far: rows and failures. */
  items: count,
  rows: count,
  pictures: count,
  /** By failure code. */
  rejects: counts,
  /** Rows by `continent/countryCode`. */
  places: counts,
  /** By level, then by finding; see `label-repair.ts`. */
  labels: z.record(z.string(), counts),
});

const journal = z.object({
  version: z.literal(1),
  /** Everything that decides the bytes of the rows. */
  identity: z.record(z.string(), z.unknown()),
  tally,
  lineBytes: count,
  rejectBytes: count,
  /** Whether all items are written, and only the putting in place may be left. */
  isComplete: z.boolean(),
});

/** What a run has counted so far. */
export type Tally = z.infer<typeof tally>;

/** How far a run has come. */
export type Journal = z.infer<typeof journal>;

/** Where the journal of a file of rows is while the run lasts. */
export function journalPath(path: string): string {
  return `${path}.journal.json`;
}

/** Writes the journal; the old one stays until the new one is whole. */
export function writeJournal(path: string, content: Journal): void {
  const to = journalPath(path);
  writing(to, () => writeFileAtomic(to, `${JSON.stringify(content)}\n`));
}

/** Removes the journal. */
export function removeJournal(path: string): void {
  rmSync(journalPath(path), { force: true });
}

/**
 * The journal of an earlier run that was the same, or nothing when there is none.
 *
 * @throws GeorError `usage` when the earlier run differed, `data` when the journal is damaged
 */
export function readJournal(path: string, identity: Journal['identity']): Journal | undefined {
  let text: string;
  try {
    text = readFileSync(journalPath(path), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  let found: Journal;
  try {
    found = journal.parse(JSON.parse(text));
  } catch (cause) {
    throw new GeorError('data', `${journalPath(path)} is damaged`, {
      hint: 'run again without --resume',
      cause,
    });
  }
  const now: Record<string, unknown> = JSON.parse(JSON.stringify(identity));
  for (const key of new Set([...Object.keys(found.identity), ...Object.keys(now)])) {
    const [was, is] = [JSON.stringify(found.identity[key]), JSON.stringify(now[key])];
    if (was === is) continue;
    throw new GeorError('usage', `--resume: ${key} differs from the interrupted run`, {
      hint: `it was ${was ?? 'not set'} and is ${is ?? 'not set'}; run without --resume to begin anew`,
    });
  }
  return found;
}

/** Nothing counted. */
export function emptyTally(): Tally {
  return { items: 0, rows: 0, pictures: 0, rejects: {}, places: {}, labels: {} };
}

/** Adds counts to counts. */
export function addCounts(
  to: Record<string, number>,
  more: Readonly<Record<string, number | undefined>>,
): void {
  for (const [key, value] of Object.entries(more)) to[key] = (to[key] ?? 0) + (value ?? 0);
}
