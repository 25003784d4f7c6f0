import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { defaultGazetteer } from '../default-gazetteer.ts';
import { countryShares } from './country-shares.ts';
import { countryStatistics, parseCountryStatistics } from './country-statistics.ts';

const folder = mkdtempSync(join(tmpdir(), 'geor-statistics-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the built-in table', () => {
  const statistics = countryStatistics();

  it('has every country of the gazetteer, with population and area', () => {
    const codes = defaultGazetteer().countries.map(({ code }) => code);
    expect([...statistics.keys()].sort()).toEqual([...codes].sort());
    for (const figures of statistics.values()) {
      expect(figures.population).toBeDefined();
      expect(figures.areaKm2).toBeGreaterThan(0);
    }
  });

  it('agrees with published figures', () => {
    // World Factbook 2015: land area of Brazil 8,358,140 and of Japan 364,485 square kilometres;
    // total area of Brazil 8,515,770, Japan 377,915, Reunion (INSEE) 2,512.
    expect(statistics.get('BR')).toMatchObject({ roadKm: 1_580_964, population: 204_259_812 });
    expect(statistics.get('BR')!.areaKm2! / 8_515_770).toBeCloseTo(1, 1);
    expect(statistics.get('JP')!.areaKm2! / 377_915).toBeCloseTo(1, 1);
    expect(statistics.get('RE')!.areaKm2! / 2512).toBeCloseTo(1, 1);
    // The West Bank and the Gaza Strip are one code; France is its mainland.
    expect(statistics.get('PS')!.population).toBe(2_785_366 + 1_869_055);
    expect(statistics.get('FR')).toMatchObject({ roadKm: 1_028_446, population: 62_814_233 });
  });

  it('says which countries lack figures', () => {
    const { shares, notes } = countryShares(statistics);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(/without roadKm.* AW .*RE/);
    expect([...shares.values()].reduce((a, b) => a + b)).toBeCloseTo(1, 12);
  });
});

describe('parseCountryStatistics', () => {
  it('reads comments, absent columns and empty fields', () => {
    const text = '# mine\ncountryCode,population\nFI,5\nSE,\n';
    const statistics = parseCountryStatistics(text, 'mine.csv');
    expect([...statistics]).toEqual([
      ['FI', { population: 5 }],
      ['SE', {}],
    ]);
  });

  it.each([
    [
      'an unknown code',
      'countryCode,population\nFI,1\nfin,1\n',
      'country 2 of mine.csv: countryCode',
    ],
    ['no code', 'code,population\nFI,1\n', 'countryCode'],
    ['a negative figure', 'countryCode,population\nFI,-1\n', 'population'],
    ['words', 'countryCode,areaKm2\nFI,big\n', 'areaKm2'],
    ['a country twice', 'countryCode,areaKm2\nFI,1\nFI,2\n', 'FI twice'],
    ['no figures', 'countryCode,areaKm2\nFI,\n', 'no figures'],
    ['half a quote', 'countryCode,areaKm2\nFI,"1\n', 'as CSV'],
  ])('refuses %s', (_, text, message) => {
    expect(() => parseCountryStatistics(text, 'mine.csv')).toThrow(message);
  });

  it('reads a file of the user, and says when it is not there', () => {
    const path = join(folder, 'mine.csv');
    writeFileSync(path, 'countryCode,areaKm2\nFI,338\n');
    expect(countryStatistics(path).get('FI')).toEqual({ areaKm2: 338 });
    expect(() => countryStatistics(join(folder, 'absent.csv'))).toThrow('cannot read');
  });
});

describe('countryShares', () => {
  it('is the formula of GeoSeek', () => {
    // A: 0.5 x 60/100 + 0.2 x 10/40 + 0.3 x 1/10 = 0.38; B: 0.15 + 0.05 + 0.24 = 0.44;
    // C: 0.05 + 0.1 + 0.03 = 0.18
    const { shares, notes } = countryShares(
      new Map([
        ['AA', { roadKm: 60, population: 10, areaKm2: 1 }],
        ['BB', { roadKm: 30, population: 10, areaKm2: 8 }],
        ['CC', { roadKm: 10, population: 20, areaKm2: 1 }],
      ]),
    );
    expect(shares.get('AA')).toBeCloseTo(0.38, 12);
    expect(shares.get('BB')).toBeCloseTo(0.44, 12);
    expect(shares.get('CC')).toBeCloseTo(0.18, 12);
    expect(notes).toEqual([]);
  });

  it('scales up the weights of what is known', () => {
    // Without roads anywhere the weights are 0.4 and 0.6: A 0.4 x 1/4 + 0.6 x 3/4, B the rest
    const noRoads = countryShares(
      new Map([
        ['AA', { population: 1, areaKm2: 3 }],
        ['BB', { population: 3, areaKm2: 1 }],
      ]),
    );
    expect(noRoads.shares.get('AA')).toBeCloseTo(0.55, 12);
    expect(noRoads.notes).toEqual(['no country has roadKm: the other weights are scaled up']);
    // B has no area: (0.5 x 1/2 + 0.2 x 1/2) / 0.7 = 0.5; A: 0.25 + 0.1 + 0.3 = 0.65; of 1.15
    const noArea = countryShares(
      new Map([
        ['AA', { roadKm: 1, population: 1, areaKm2: 1 }],
        ['BB', { roadKm: 1, population: 1 }],
        ['CC', {}],
      ]),
    );
    expect(noArea.shares.get('AA')).toBeCloseTo(0.65 / 1.15, 12);
    expect(noArea.shares.get('BB')).toBeCloseTo(0.5 / 1.15, 12);
    expect(noArea.shares.get('CC')).toBe(0);
    expect(noArea.notes.join('\n')).toContain('2 countries without areaKm2');
  });
});
