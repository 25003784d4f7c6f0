/**
 * Selects rows of a file in two passes: the first counts, the second draws and writes.
 *
 * No row is remembered, so memory does not grow with the input.
 *
 * One random number is drawn per row in the order of the rows, so the result does not depend on how
 * the input is cut into batches.
 * @module
 */
import { rmSync, statSync } from 'node:fs';
import { GeorError, random } from '../../core/index.ts';
import { type Coordinate, type Gazetteer, type Place, reverseGeocode } from '../../geo/index.ts';
import { type CardFile, cardFile, type PlaceCounts, PlaceTally, writeCard } from '../card.ts';
import { LineFile } from '../line-file.ts';
import { rejectLine, rejectsPath } from '../rejects.ts';
import type { SelectionInput } from './input.ts';
import type { SelectionMethod, SelectionPlan } from './method.ts';
import { StratifiedSampler } from './sampler.ts';

/** How far a selection is. */
export interface SelectionProgress {
  readonly pass: 1 | 2;
  readonly rows: number;
}

/** What a selection depends on beside its input and method. */
export interface SelectionOptions {
  readonly output: string;
  readonly seed: number;
  readonly gazetteer: Gazetteer;
  /** More to say on the data card: what made the rows, other files they depend on. */
  readonly about?: Readonly<Record<string, unknown>>;
  /** Called after each batch. */
  readonly onProgress?: (progress: SelectionProgress) => void;
}

/** How a selection ended; the data card holds the same, and more. */
export interface SelectionResult {
  readonly input: CardFile & PlaceCounts & { readonly failures: number };
  /** Rows that might have been kept: those of the input less those the method leaves out. */
  readonly eligible: number;
  readonly output: CardFile & PlaceCounts;
  readonly details: Readonly<Record<string, unknown>>;
}

/**
 * Writes the rows that a method selects, as they stand in the input and in its order; beside them
 * `FILE.card.json` and, when lines of the input could not be read, the record of these.
 *
 * @throws GeorError `data` when the input cannot be read, has no rows, or changes between the passes
 */
export async function selectRows(
  input: SelectionInput,
  method: SelectionMethod,
  options: SelectionOptions,
): Promise<SelectionResult> {
  const { gazetteer, output, seed, about } = options;
  const placeOf = ({ lat, lon }: Coordinate): Place | null => reverseGeocode(gazetteer, lat, lon);
  const before = version(input.path);
  const rowFile = new LineFile(output);
  const rejects = new LineFile(rejectsPath(output));
  let hasFailures = false;
  let isWhole = false;
  try {
    const counted = await count(input, method, placeOf, rejects, options);
    hasFailures = counted.failures > 0;
    const plan = method.plan(counted.available);
    const kept = await draw(input, method, placeOf, counted.available, plan, rowFile, options);
    if (kept === undefined || version(input.path) !== before)
      throw new GeorError('data', `${input.path} changed while it was read`, {
        hint: 'run the selection again when nothing writes to the file',
      });
    isWhole = true;
    rejects.finish(hasFailures);
    if (!hasFailures) rmSync(rejectsPath(output), { force: true });
    rowFile.finish(true);
    const result: SelectionResult = {
      input: {
        ...(await cardFile(input.path)),
        ...counted.tally.counts(),
        failures: counted.failures,
      },
      eligible: [...counted.available.values()].reduce((a, b) => a + b, 0),
      output: { ...(await cardFile(output)), ...kept.counts() },
      details: plan.details ?? {},
    };
    const { details, ...files } = result;
    const selection = { method: method.name, ...method.parameters, seed };
    writeCard(output, { ...about, selection, ...files, ...details });
    return result;
  } finally {
    if (!isWhole) {
      rejects.finish(false);
      rowFile.finish(false);
    }
  }
}

/** Changes when the file does. */
function version(path: string): string {
  const { size, mtimeMs } = statSync(path);
  return `${size} bytes of ${mtimeMs}`;
}

interface Counted {
  readonly available: Map<number, number>;
  readonly tally: PlaceTally;
  readonly failures: number;
}

async function count(
  { path, open }: SelectionInput,
  method: SelectionMethod,
  placeOf: (at: Coordinate) => Place | null,
  rejects: LineFile,
  { onProgress }: SelectionOptions,
): Promise<Counted> {
  const available = new Map<number, number>();
  const tally = new PlaceTally();
  let failures = 0;
  let rows = 0;
  for await (const batch of open()) {
    for (const item of batch) {
      if (item.kind === 'failure') {
        failures++;
        rejects.add(rejectLine(item));
        continue;
      }
      rows++;
      const place = placeOf(item);
      tally.add(place);
      const stratum = method.stratumOf(item, () => place);
      if (stratum !== null) available.set(stratum, (available.get(stratum) ?? 0) + 1);
    }
    onProgress?.({ pass: 1, rows });
  }
  if (rows === 0)
    throw new GeorError('data', `${path} has no row with a coordinate`, {
      hint: failures > 0 ? `${failures} lines could not be read` : 'the file is empty',
    });
  return { available, tally, failures };
}

/** Writes the rows that are drawn; undefined when the rows are not those that were counted. */
async function draw(
  { open, header }: SelectionInput,
  method: SelectionMethod,
  placeOf: (at: Coordinate) => Place | null,
  available: ReadonlyMap<number, number>,
  { quotas }: SelectionPlan,
  rowFile: LineFile,
  { seed, onProgress }: SelectionOptions,
): Promise<PlaceTally | undefined> {
  const sampler = new StratifiedSampler(available, quotas, random(seed, 'select'));
  const tally = new PlaceTally();
  if (header !== undefined) rowFile.add(header);
  let rows = 0;
  for await (const batch of open()) {
    for (const item of batch) {
      if (item.kind === 'failure') continue;
      rows++;
      const stratum = method.stratumOf(item, placeOf);
      if (stratum === null || !sampler.keeps(stratum)) continue;
      rowFile.add(item.raw);
      tally.add(placeOf(item));
    }
    onProgress?.({ pass: 2, rows });
  }
  return sampler.isDone ? tally : undefined;
}
