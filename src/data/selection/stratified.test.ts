import { describe, expect, it } from 'vitest';
import type { Country } from '../../geo/index.ts';
import { defaultGazetteer } from '../default-gazetteer.ts';
import { cellPopulations, countryCell, countryOfCell } from './cells.ts';
import { countryShares } from './country-shares.ts';
import { stratifiedSelection } from './stratified.ts';

const country = (code: string): Country => ({
  code,
  name: code,
  continent: 'Europe',
  firstRegion: 0,
  lastRegion: -1,
});
const countries = [country('AA'), country('BB'), country('CC')];

/** Of 10 rows: AA 3.8, BB 4.4, CC 1.8 (worked out in country-statistics.test.ts), so 4, 4 and 2. */
const shares = countryShares(
  new Map([
    ['AA', { roadKm: 60, population: 10, areaKm2: 1 }],
    ['BB', { roadKm: 30, population: 10, areaKm2: 8 }],
    ['CC', { roadKm: 10, population: 20, areaKm2: 1 }],
  ]),
);

/** Ten cells: country, longitude (latitude 0), people, rows. Weights behind, in units of log 2. */
const cells = [
  { country: 0, lon: 0, people: 15, rows: 5 }, // 4
  { country: 0, lon: 1, people: 255, rows: 5 }, // 8
  { country: 0, lon: 2, people: 4095, rows: 5 }, // 12
  { country: 0, lon: 3, people: 65_535, rows: 1 }, // 16
  { country: 1, lon: 4, people: 1, rows: 1 }, // 1
  { country: 1, lon: 5, people: 1, rows: 1 }, // 1
  { country: 1, lon: 6, people: 0, rows: 10 }, // 0
  { country: 2, lon: 7, people: 7, rows: 9 }, // 3
  { country: 2, lon: 8, people: 1, rows: 9 }, // 1
  { country: 2, lon: 9, people: 3, rows: 9 }, // 2
];
const keyOf = ({ country: owner, lon }: (typeof cells)[number]) =>
  countryCell(owner, { lat: 0, lon });
const populations = new Map(cells.map((cell) => [keyOf(cell), cell.people]));

function quotasOf(rows: readonly number[], redistributes = true) {
  const method = stratifiedSelection({
    count: 10,
    shares,
    countries,
    populations,
    startOf: (code) => (code === 'CC' ? 0.7 : 0),
    redistributes,
  });
  const plan = method.plan(new Map(cells.map((cell, i) => [keyOf(cell), rows[i]!])));
  return { cells: cells.map((cell) => plan.quotas.get(keyOf(cell))), details: plan.details };
}

describe('stratifiedSelection', () => {
  it('gives three countries and ten cells what a hand works out', () => {
    // AA, 4 rows, weights as 1 2 3 4: up to 0.4, 1.2, 2.4, 4, so 0 1 1 2; the last cell has one row, and
    // the other goes to the rest by 1 2 3: up to 1/6, 3/6, 1, so to the third.
    // BB, 4 rows, weights 1 1 0: 2 2 0, but there is one row in each; two are left for the third.
    // CC, 2 rows, weights 3 1 2 from 0.7: up to 1.7, 2.03, 2.7, so 1 1 0.
    const { cells: quotas, details } = quotasOf(cells.map(({ rows }) => rows));
    expect(quotas).toEqual([0, 1, 2, 1, 1, 1, 2, 1, 1, 0]);
    expect(details).toEqual({
      quotas: {
        BB: { quota: 4, available: 12, kept: 4 },
        AA: { quota: 4, available: 16, kept: 4 },
        CC: { quota: 2, available: 27, kept: 2 },
      },
      notes: [],
    });
  });

  it('shares out what a country lacks, by the shares of the others', () => {
    // BB has 3 rows; of the one it lacks AA is due 0.38 / 0.56 and CC 0.18 / 0.56.
    const rows = cells.map((cell) => (cell.country === 1 ? 1 : cell.rows));
    expect(quotasOf(rows).details).toEqual({
      quotas: {
        AA: { quota: 4, available: 16, kept: 5 },
        BB: { quota: 4, available: 3, kept: 3 },
        CC: { quota: 2, available: 27, kept: 2 },
      },
      notes: [
        '1 countries have fewer rows than their quota: 1 rows shared out among the other countries',
      ],
    });
    const left = quotasOf(rows, false);
    expect(left.details).toMatchObject({
      quotas: { AA: { kept: 4 }, BB: { kept: 3 }, CC: { kept: 2 } },
      notes: ['1 countries have fewer rows than their quota: 1 rows left out'],
    });
  });

  it('leaves out rows without a country, and of countries without a share', () => {
    const withoutFigures = countryShares(
      new Map([
        ['AA', { areaKm2: 1 }],
        ['CC', {}],
      ]),
    );
    const method = stratifiedSelection({
      count: 10,
      shares: withoutFigures,
      countries,
      populations,
      startOf: () => 0,
      redistributes: true,
    });
    const at = { lat: 0.5, lon: 3.5 };
    const place = { ...at, continent: 'Europe', country: '' };
    const stratum = (countryCode: string) =>
      method.stratumOf(at, () => ({ ...place, countryCode }));
    expect(stratum('AA')).toBe(keyOf(cells[3]!));
    expect(stratum('BB')).toBeNull();
    expect(stratum('CC')).toBeNull();
    expect(stratum('ZZ')).toBeNull();
    expect(method.stratumOf(at, () => null)).toBeNull();
  });
});

describe('country cells', () => {
  it('are one degree wide, the last ones with their far edges', () => {
    const cell = (lat: number, lon: number) => countryCell(0, { lat, lon });
    expect(cell(-90, -180)).toBe(0);
    expect(cell(-89.01, -179.01)).toBe(0);
    expect(cell(-89, -180)).toBe(360);
    expect(cell(-90, -179)).toBe(1);
    expect(cell(0, 179.9)).toBe(cell(0, 180));
    expect(cell(89.5, 7)).toBe(cell(90, 7));
    expect(cell(90, 180)).toBe(180 * 360 - 1);
    expect(countryOfCell(countryCell(249, { lat: 90, lon: 180 }))).toBe(249);
    expect(countryOfCell(countryCell(249, { lat: -90, lon: -180 }))).toBe(249);
  });

  it('hold the people of the gazetteer, each in the country of its place', () => {
    const gazetteer = defaultGazetteer();
    const counted = cellPopulations(gazetteer);
    const total = [...counted.values()].reduce((a, b) => a + b, 0);
    expect(total).toBe(gazetteer.cities.population.reduce((a, b) => a + b, 0));
    // Basel's cell is shared by three countries; each has its own towns in it.
    const basel = (code: string) => {
      const index = gazetteer.countries.findIndex((candidate) => candidate.code === code);
      return counted.get(countryCell(index, { lat: 47.56, lon: 7.59 })) ?? 0;
    };
    for (const code of ['CH', 'DE', 'FR']) expect(basel(code)).toBeGreaterThan(100_000);
    expect(basel('IT')).toBe(0);
  });
});
