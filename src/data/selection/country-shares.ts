/**
 * Which share of a data set each country is due.
 *
 * Source: GeoAgent (arXiv 2602.12617), GeoSeek sampling: of M rows country i gets
 * `m_i = M (0.5 road_i / sum road + 0.2 population_i / sum population + 0.3 area_i / sum area)`.
 *
 * The paper does not say what to do without a figure. Here the weights of the figures that a country
 * does have are scaled up to sum to 1, as are those of the columns that the table has; a country
 * without any figure has no share.
 * @module
 */
import { type CountryStatistics, STATISTICS, type Statistic } from './country-statistics.ts';

/** GeoSeek's weights (GeoAgent): half by roads, a fifth by people, three tenths by area. */
export const GEOSEEK_WEIGHTS: Readonly<Record<Statistic, number>> = {
  roadKm: 0.5,
  population: 0.2,
  areaKm2: 0.3,
};

/** Shares, and what had to be done about figures that are missing. */
export interface CountryShares {
  /** By country code; they sum to 1. */
  readonly shares: ReadonlyMap<string, number>;
  /** Sentences for the data card; none when every figure is there. */
  readonly notes: readonly string[];
}

/** The share of every country of a table. */
export function countryShares(
  statistics: CountryStatistics,
  weights: Readonly<Record<Statistic, number>> = GEOSEEK_WEIGHTS,
): CountryShares {
  const notes: string[] = [];
  const totals = new Map<Statistic, number>();
  for (const name of STATISTICS) {
    let total = 0;
    for (const figures of statistics.values()) total += figures[name] ?? 0;
    if (total > 0) totals.set(name, total);
    else notes.push(`no country has ${name}: the other weights are scaled up`);
  }
  const raw = new Map<string, number>();
  for (const [code, figures] of statistics) {
    let share = 0;
    let known = 0;
    for (const [name, total] of totals) {
      const value = figures[name];
      if (value === undefined) continue;
      share += (weights[name] * value) / total;
      known += weights[name];
    }
    raw.set(code, known > 0 ? share / known : 0);
  }
  for (const name of totals.keys()) {
    const without = [...statistics].flatMap(([code, figures]) =>
      figures[name] === undefined ? [code] : [],
    );
    if (without.length > 0)
      notes.push(
        `${without.length} countries without ${name}, their other weights are scaled up: ` +
          without.join(' '),
      );
  }
  const sum = [...raw.values()].reduce((a, b) => a + b, 0);
  return { shares: new Map([...raw].map(([code, share]) => [code, share / sum])), notes };
}
