/**
 * What an ablation found: the tables' figures and a verdict for each claim.
 * @module
 */
import { GeorError } from '../core/index.ts';
import { mean, PUBLISHED_SOURCES, type PublishedRow, quantile } from '../evaluate/index.ts';
import { ARMS, type ArmName } from './arms.ts';
import { CLAIMS, type Claim } from './claims.ts';
import { type JudgedRow, MEASURE_NAMES, MEASURES, type MeasureName } from './measures.ts';
import type { SeedAnswers } from './run.ts';
import {
  type ClaimVerdict,
  caveatOf,
  type SeedDifference,
  seedDifference,
  verdictOf,
} from './statistics.ts';
import { type TableName, tableOf } from './tables.ts';

/** A row of a table: means over seeds, and what the papers print. */
export interface FoundRow {
  readonly arm: ArmName;
  readonly title: string;
  /** Seeds that have it. */
  readonly seeds: readonly number[];
  /** Means over seeds; `null` for a measure of names where only coordinates were asked for. */
  readonly measures: Readonly<Record<MeasureName, number | null>>;
  /** Mean of the seeds' medians; `null` where one is infinite. */
  readonly medianKm: number | null;
  readonly published: readonly PublishedRow[];
}

/** A table. */
export interface FoundTable {
  readonly name: TableName;
  readonly title: string;
  readonly source: string;
  readonly rows: readonly FoundRow[];
}

/** A claim with what was found of it. */
export interface FoundClaim extends Claim {
  /** Seeds that have all of its arms. */
  readonly seeds: readonly number[];
  readonly verdict: ClaimVerdict;
  readonly caveat?: string;
  /** By the measure that decides. */
  readonly difference: SeedDifference;
  /** By every measure that its arms have. */
  readonly all: Readonly<Partial<Record<MeasureName, SeedDifference>>>;
}

/** Everything that was found. */
export interface Findings {
  /** Held-out tiles a seed. */
  readonly tiles: number;
  readonly seeds: readonly number[];
  readonly tables: readonly FoundTable[];
  readonly claims: readonly FoundClaim[];
}

/** Resamples of the intervals beside the one that decides. */
const BESIDE_RESAMPLES = 500;

const hasNames = (arm: ArmName): boolean => ARMS[arm].asked === 'cor';

/** Puts the answers of seeds into the tables. Arms that no seed has are left out. */
export function findingsOf(runs: readonly SeedAnswers[], tables: readonly TableName[]): Findings {
  for (const run of runs) checkTiles(run);
  return {
    tiles: Math.max(
      0,
      ...runs.flatMap(({ answers }) => [...answers.values()].map((a) => a.length)),
    ),
    seeds: runs.filter(({ answers }) => answers.size > 0).map(({ seed }) => seed),
    tables: tables.map((name) => foundTable(name, runs)),
    claims: CLAIMS.filter(({ table }) => tables.includes(table)).flatMap((claim) =>
      foundClaim(claim, runs),
    ),
  };
}

/** Arms of a seed are pairs only on the same tiles. */
function checkTiles({ seed, answers }: SeedAnswers): void {
  const [first, ...others] = [...answers.values()];
  for (const rows of others)
    if (rows.length !== first!.length || rows.some(({ id }, i) => id !== first![i]!.id))
      throw new GeorError('data', `the arms of seed ${seed} answered different tiles`, {
        hint: 'remove the answers of this seed: its arms are asked again',
      });
}

function foundTable(name: TableName, runs: readonly SeedAnswers[]): FoundTable {
  const { title, source, rows } = tableOf(name);
  return {
    ...{ name, title, source },
    rows: rows.flatMap(({ arm, title: rowTitle, published }) => {
      const found = runs.filter(({ answers }) => answers.has(arm));
      if (found.length === 0) return [];
      const perSeed = found.map(({ answers }) => answers.get(arm)!);
      const median = mean(perSeed.map(medianKm));
      return [
        {
          ...{ arm, title: rowTitle, published },
          seeds: found.map(({ seed }) => seed),
          measures: measuresOf(arm, perSeed),
          medianKm: Number.isFinite(median) ? median : null,
        },
      ];
    }),
  };
}

const medianKm = (rows: readonly JudgedRow[]): number =>
  quantile(
    rows.map(({ distanceKm }) => distanceKm ?? Number.POSITIVE_INFINITY),
    0.5,
  );

function measuresOf(
  arm: ArmName,
  perSeed: readonly (readonly JudgedRow[])[],
): Record<MeasureName, number | null> {
  const figures = MEASURE_NAMES.map((name) => {
    const { of, isOfNames } = MEASURES[name];
    if (isOfNames && !hasNames(arm)) return [name, null] as const;
    return [name, mean(perSeed.map((rows) => mean(rows.map(of))))] as const;
  });
  return Object.fromEntries(figures) as Record<MeasureName, number | null>;
}

function foundClaim(claim: Claim, runs: readonly SeedAnswers[]): FoundClaim[] {
  const arms = [...claim.plus, ...claim.minus];
  const found = runs.filter(({ answers }) => arms.every((arm) => answers.has(arm)));
  if (found.length === 0) return [];
  const differenceBy = (name: MeasureName, resamples?: number): SeedDifference =>
    seedDifference(
      found.map((run) => differences(claim, run, name)),
      resamples === undefined ? {} : { resamples },
    );
  const names = MEASURE_NAMES.filter((name) => !MEASURES[name].isOfNames || arms.every(hasNames));
  const difference = differenceBy(claim.measure);
  const caveat = caveatOf(difference);
  return [
    {
      ...claim,
      seeds: found.map(({ seed }) => seed),
      verdict: verdictOf(difference),
      ...(caveat !== undefined && { caveat }),
      difference,
      all: Object.fromEntries(names.map((name) => [name, differenceBy(name, BESIDE_RESAMPLES)])),
    },
  ];
}

/** A claim's difference on each tile of a seed. */
function differences(
  { plus, minus }: Claim,
  { answers }: SeedAnswers,
  name: MeasureName,
): number[] {
  const { of } = MEASURES[name];
  const sum = (arms: readonly ArmName[], tile: number): number =>
    arms.reduce((total, arm) => total + of(answers.get(arm)![tile]!), 0);
  return answers.get(plus[0]!)!.map((_, tile) => sum(plus, tile) - sum(minus, tile));
}

/** What a published row is called beside ours: `Geo-R, 3B`. */
export const publishedName = ({ source, backbone }: PublishedRow): string =>
  `${PUBLISHED_SOURCES[source].short}${backbone ? `, ${backbone.replace(/^.*-/, '')}` : ''}`;

/** What the miniature cannot say, said beside it. */
export const LIMITS: readonly string[] = [
  'Tiles cut from one picture of the Earth, not photographs: it is about recognising land forms, and held-out tiles overlap in content with those learned from.',
  'A model of two million parameters from nothing, not a pretrained one of three billion that knows names and places before it is asked.',
  'Published figures are of other pictures (IM2GPS3K, MP16-Reason-Test, GeoSeek-Val); only the order of rows and the sign of differences can be compared.',
  'Verdicts are not corrected for how many there are: one in twenty intervals misses by chance.',
];
