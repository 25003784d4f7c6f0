/**
 * A row of a published table, as data.
 * @module
 */
import type { BenchmarkName } from '../benchmarks/benchmarks.ts';

/** Distances of the published columns, kilometres. */
export const PUBLISHED_THRESHOLDS_KM = [1, 25, 200, 750, 2500] as const;

/** Percent within 1, 25, 200, 750 and 2500 km; `null` where the table has none. */
export type PublishedCells = readonly [
  number | null,
  number | null,
  number | null,
  number | null,
  number | null,
];

/** Where a row was read. */
export type PublishedSource = 'geo-r' | 'globe' | 'geoagent';

/** The sources in full. */
export const PUBLISHED_SOURCES: Readonly<
  Record<PublishedSource, { readonly short: string; readonly full: string }>
> = {
  'geo-r': { short: 'Geo-R', full: 'Geo-R, arXiv 2601.00388 (AAAI 2026)' },
  globe: {
    short: 'GLOBE',
    full: 'GLOBE, arXiv 2506.14674 (NeurIPS 2025), tables as on its slides',
  },
  geoagent: {
    short: 'GeoAgent',
    full: 'GeoAgent, arXiv 2602.12617 (CVPR 2026), figures as in a summary of it',
  },
};

/** One system on one benchmark. */
export interface PublishedRow {
  readonly method: string;
  readonly source: PublishedSource;
  /** As numbered in the source; a name where the figures stand in no numbered table. */
  readonly table: string;
  readonly benchmark: BenchmarkName;
  /** `result`: a system among others; `ablation`: one of a system's variants. */
  readonly role: 'result' | 'ablation';
  readonly percent: PublishedCells;
  /** Year of the method's publication; absent where no source says it. */
  readonly year?: number;
  /** Whether it looks pictures up, by the headings of Geo-R, Table 1; absent where it is not in it. */
  readonly retrieval?: boolean;
  readonly backbone?: string;
  /** GeoAgent's formula, 5000 exp(-d / 1805). */
  readonly geoScore?: number;
  /** Columns (km) whose decimal point was lost in the text and has one possible place. */
  readonly restored?: readonly number[];
  /** Columns (km) that contradict something, and what. */
  readonly doubtful?: Readonly<Record<number, string>>;
  readonly note?: string;
}
