/**
 * An evaluation among published rows.
 *
 * Published figures come without intervals. Ours is called better or worse at a threshold only where
 * our own 95 % interval excludes the published figure; Wilson's interval of the published share over
 * the benchmark's rows is given beside it as an indication.
 * @module
 */
import { BENCHMARKS, type BenchmarkName } from '../benchmarks/benchmarks.ts';
import type { Evaluation } from '../evaluate.ts';
import { wilsonShare } from '../intervals.ts';
import { PUBLISHED_SOURCES, PUBLISHED_THRESHOLDS_KM, type PublishedRow } from './row.ts';
import { PUBLISHED_ROWS } from './tables.ts';

/** What our interval says of ours against a published figure. */
export type PublishedVerdict = 'better' | 'worse' | 'no difference shown';

/** One figure of a row. */
export interface ComparedCell {
  readonly thresholdKm: number;
  readonly percent: number;
  /** 95 %; of published figures an indication, absent where the number of rows is not known. */
  readonly ciLow?: number;
  readonly ciHigh?: number;
  /** Ours against it; absent in our own row and at thresholds we did not measure. */
  readonly verdict?: PublishedVerdict;
  /** Why the figure is doubtful. */
  readonly doubtful?: string;
}

/** A row of the comparison. */
export interface ComparedRow {
  readonly method: string;
  readonly isOurs: boolean;
  readonly year?: number;
  readonly retrieval?: boolean;
  readonly backbone?: string;
  readonly role?: PublishedRow['role'];
  /** Where it stands, e.g. `Geo-R, Table 1`; several when they agree. */
  readonly sources: readonly string[];
  readonly notes: readonly string[];
  /** By threshold; those the source does not have are left out. */
  readonly cells: readonly ComparedCell[];
}

/** Ours among the published rows, sorted. */
export interface PublishedComparison {
  readonly benchmark: BenchmarkName;
  readonly title: string;
  /** Our rows, and the rows of the benchmark, by which published intervals are made. */
  readonly n: number;
  readonly benchmarkRows?: number;
  /** The threshold that rows are sorted by, falling. */
  readonly sortedByKm: number;
  readonly rows: readonly ComparedRow[];
}

/** How to compare. */
export interface CompareOptions {
  /** What our row is called; default `this run`. */
  readonly name?: string;
  /** Whether ablations are listed too. */
  readonly ablations?: boolean;
}

const SORT_KM = 25;

const sourceOf = (row: PublishedRow): string =>
  `${PUBLISHED_SOURCES[row.source].short}, ${row.table}`;

/** Whether two rows of a method say the same wherever both say something, and both do somewhere. */
function agree(a: PublishedRow, b: PublishedRow): boolean {
  const shared = a.percent.flatMap((own, i) => {
    const other = b.percent[i];
    return own === null || other === null || other === undefined ? [] : [own === other];
  });
  return a.method === b.method && shared.length > 0 && shared.every((isSame) => isSame);
}

/** Rows that agree, as one; the one with most figures leads. */
function merged(rows: readonly PublishedRow[]): (readonly PublishedRow[])[] {
  const figures = (row: PublishedRow) => row.percent.filter((percent) => percent !== null).length;
  const groups: PublishedRow[][] = [];
  for (const row of rows.toSorted((a, b) => figures(b) - figures(a))) {
    const group = groups.find((own) => own.every((other) => agree(row, other)));
    if (group) group.push(row);
    else groups.push([row]);
  }
  return groups;
}

function publishedRow(
  group: readonly PublishedRow[],
  evaluation: Evaluation,
  rows: number | undefined,
): ComparedRow {
  const first = group[0]!;
  const cells = PUBLISHED_THRESHOLDS_KM.flatMap((thresholdKm, i): ComparedCell[] => {
    const percent = group.map((row) => row.percent[i] ?? null).find((own) => own !== null) ?? null;
    if (percent === null) return [];
    const own = evaluation.accuracy.find((at) => at.thresholdKm === thresholdKm);
    const verdict = own && verdictOf(own, percent);
    const doubtful = group.map((row) => row.doubtful?.[thresholdKm]).find((reason) => reason);
    // a share need not be a whole count: the interval is Wilson's of the nearest one
    const share =
      rows === undefined ? undefined : wilsonShare(Math.round((percent / 100) * rows), rows);
    return [
      {
        ...{ thresholdKm, percent },
        ...(share && { ciLow: share.ciLow, ciHigh: share.ciHigh }),
        ...(verdict && { verdict }),
        ...(doubtful && { doubtful }),
      },
    ];
  });
  const year = group.map((row) => row.year).find((value) => value !== undefined);
  const retrieval = group.map((row) => row.retrieval).find((value) => value !== undefined);
  const backbone = group.map((row) => row.backbone).find((value) => value !== undefined);
  return {
    method: first.method,
    isOurs: false,
    ...(year !== undefined && { year }),
    ...(retrieval !== undefined && { retrieval }),
    ...(backbone !== undefined && { backbone }),
    role: first.role,
    sources: [...new Set(group.map(sourceOf))],
    notes: [...new Set(group.flatMap((row) => row.note ?? []))],
    cells,
  };
}

function verdictOf(
  { ciLow, ciHigh }: { readonly ciLow: number; readonly ciHigh: number },
  percent: number,
): PublishedVerdict {
  if (percent < ciLow) return 'better';
  return percent > ciHigh ? 'worse' : 'no difference shown';
}

const at = (row: ComparedRow, thresholdKm: number): number | undefined =>
  row.cells.find((cell) => cell.thresholdKm === thresholdKm)?.percent;

/** By accuracy at 25 km, falling; rows without it by the first threshold both have, at the end. */
function byAccuracy(a: ComparedRow, b: ComparedRow): number {
  const [own, other] = [at(a, SORT_KM), at(b, SORT_KM)];
  if (own === undefined || other === undefined)
    return Number(own === undefined) - Number(other === undefined);
  return other - own || Number(b.isOurs) - Number(a.isOurs);
}

/** Puts an evaluation among the published rows of a benchmark. */
export function comparePublished(
  evaluation: Evaluation,
  benchmark: BenchmarkName,
  { name = 'this run', ablations = false }: CompareOptions = {},
): PublishedComparison {
  const { title, n: benchmarkRows } = BENCHMARKS[benchmark];
  const chosen = PUBLISHED_ROWS.filter(
    (row) => row.benchmark === benchmark && (ablations || row.role === 'result'),
  );
  const ours: ComparedRow = {
    method: name,
    isOurs: true,
    ...{ sources: [], notes: [] },
    cells: evaluation.accuracy.map(({ thresholdKm, percent, ciLow, ciHigh }) => ({
      ...{ thresholdKm, percent, ciLow, ciHigh },
    })),
  };
  const published = merged(chosen).map((group) => publishedRow(group, evaluation, benchmarkRows));
  return {
    ...{ benchmark, title, n: evaluation.n },
    ...(benchmarkRows !== undefined && { benchmarkRows }),
    sortedByKm: SORT_KM,
    rows: [...published, ours].sort(byAccuracy),
  };
}
