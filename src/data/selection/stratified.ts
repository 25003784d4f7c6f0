/**
 * A sample with country quotas, spread over each country's inhabited cells.
 *
 * Source: GeoAgent (arXiv 2602.12617), GeoSeek sampling: quotas by roads, population and area
 * (`country-shares.ts`), and inside a country one-degree cells with weight log(1 + population).
 *
 * The paper leaves the following open.
 * - Quotas are rounded by largest remainder, so that they sum to the wanted number.
 * - A country with fewer rows than its quota leaves the rest to the countries that have more, by their
 *   shares again, until everything is placed; or nobody gets it (`redistributes: false`).
 * - Cells are filled by systematic rounding from a random start: on average each gets its exact share,
 *   where largest remainders would never choose the less populated of many cells. Full cells leave
 *   their rest to the others; cells without people are filled last, all alike.
 * - The population of a cell is that of the gazetteer's places of that country in it.
 * @module
 */
import type { Country } from '../../geo/index.ts';
import { apportion, largestRemainder, systematic } from './apportion.ts';
import { countryCell, countryOfCell } from './cells.ts';
import type { CountryShares } from './country-shares.ts';
import type { SelectionMethod, SelectionPlan } from './method.ts';

/** What a stratified selection depends on. */
export interface StratifiedOptions {
  /** Rows wanted. */
  readonly count: number;
  readonly shares: CountryShares;
  /** Those of the gazetteer, in its order. */
  readonly countries: readonly Country[];
  /** People per country cell, as `cellPopulations` counts them. */
  readonly populations: ReadonlyMap<number, number>;
  /** Where the rounding of a country's cells starts, in [0, 1): a random number per country. */
  readonly startOf: (countryCode: string) => number;
  /** Whether other countries make up for a country that is short of rows. */
  readonly redistributes: boolean;
}

/** What the data card says of a country: rows due, rows there are, rows kept. */
export interface CountryQuota {
  readonly quota: number;
  readonly available: number;
  readonly kept: number;
}

/** Keeps `count` rows by country quotas and inhabited cells. */
export function stratifiedSelection(options: StratifiedOptions): SelectionMethod {
  const { count, shares, countries, redistributes } = options;
  const indexOf = new Map(countries.map(({ code }, i) => [code, i]));
  return {
    name: 'stratified',
    parameters: { count, redistributes, cellDegrees: 1, cellWeight: 'log(1 + population)' },
    stratumOf(at, placeOf) {
      const code = placeOf(at)?.countryCode;
      const country = code === undefined ? undefined : indexOf.get(code);
      // Rows of a country without a share can never be kept; leaving them out says so in the counts.
      return country === undefined || !shares.shares.get(code!) ? null : countryCell(country, at);
    },
    plan: (available) => plan(available, options),
  };
}

function plan(
  available: ReadonlyMap<number, number>,
  { count, shares, countries, populations, startOf, redistributes }: StratifiedOptions,
): SelectionPlan {
  const cellsOf = new Map<string, number[]>();
  for (const cell of [...available.keys()].sort((a, b) => a - b)) {
    const { code } = countries[countryOfCell(cell)]!;
    const cells = cellsOf.get(code);
    if (cells) cells.push(cell);
    else cellsOf.set(code, [cell]);
  }
  const codes = [...shares.shares.keys()];
  const weights = [...shares.shares.values()];
  const rowsIn = (cells: readonly number[]) => cells.map((cell) => available.get(cell)!);
  const room = codes.map((code) => rowsIn(cellsOf.get(code) ?? []).reduce((a, b) => a + b, 0));
  const due = largestRemainder(count, weights);
  const kept = apportion(count, weights, room, {
    rounding: largestRemainder,
    redistributes,
    fillsUnweighted: false,
  });
  const quotas = new Map<number, number>();
  codes.forEach((code, i) => {
    const cells = cellsOf.get(code) ?? [];
    const parts = apportion(
      kept[i]!,
      cells.map((cell) => Math.log1p(populations.get(cell) ?? 0)),
      rowsIn(cells),
      { rounding: systematic(startOf(code)), redistributes: true, fillsUnweighted: true },
    );
    cells.forEach((cell, at) => {
      quotas.set(cell, parts[at]!);
    });
  });
  const table = codes
    .map((code, i) => [code, { quota: due[i]!, available: room[i]!, kept: kept[i]! }] as const)
    .filter(([, { quota, available: rows }]) => quota > 0 || rows > 0)
    .sort(([, a], [, b]) => b.quota - a.quota || b.available - a.available);
  const notes = [...shares.notes, ...shortage(table, redistributes)];
  return { quotas, details: { quotas: Object.fromEntries(table), notes } };
}

/** What happened to the quotas of countries with too few rows. */
function shortage(
  table: readonly (readonly [string, CountryQuota])[],
  redistributes: boolean,
): string[] {
  const short = table.filter(([, { quota, available }]) => available < quota);
  const missing = short.reduce((sum, [, { quota, available }]) => sum + quota - available, 0);
  if (short.length === 0) return [];
  const fate = redistributes ? 'shared out among the other countries' : 'left out';
  return [`${short.length} countries have fewer rows than their quota: ${missing} rows ${fate}`];
}
