import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cardFile, cardPath, PlaceTally, writeCard } from './card.ts';

const folder = mkdtempSync(join(tmpdir(), 'geor-card-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('PlaceTally', () => {
  it('counts per country and continent, most first and then by name', () => {
    const tally = new PlaceTally();
    for (const [continent, countryCode] of [
      ['Europe', 'SE'],
      ['Asia', 'JP'],
      ['Europe', 'FI'],
      ['Asia', 'JP'],
      ['Europe', 'FI'],
      ['Asia', 'IN'],
    ] as const)
      tally.add({ continent, countryCode });
    tally.add(null);
    const counts = tally.counts();
    expect(counts).toMatchObject({ rows: 7, withoutCountry: 1 });
    expect(Object.entries(counts.continents)).toEqual([
      ['Asia', 3],
      ['Europe', 3],
    ]);
    expect(Object.entries(counts.countries)).toEqual([
      ['FI', 2],
      ['JP', 2],
      ['IN', 1],
      ['SE', 1],
    ]);
  });
});

describe('cards', () => {
  it('name a file by its path and checksum', async () => {
    const path = join(folder, 'abc.txt');
    writeFileSync(path, 'abc');
    // The first test vector of FIPS 180-2
    const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(await cardFile(path)).toEqual({ path, sha256 });
  });

  it('lie beside their rows', () => {
    const path = join(folder, 'rows.csv');
    writeCard(path, { rows: 2 });
    expect(cardPath(path)).toBe(`${path}.card.json`);
    expect(readFileSync(cardPath(path), 'utf8')).toBe('{\n  "rows": 2\n}\n');
  });
});
