import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { formatBenchmarks, readTruth } from '../index.ts';
import { BENCHMARK_NAMES, BENCHMARKS } from './benchmarks.ts';
import { checkRows, checksumWarning } from './check.ts';

const folder = mkdtempSync(join(tmpdir(), 'geor-benchmarks-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a benchmark', () => {
  it('wants its number of rows, where one is known', () => {
    expect(() => checkRows('im2gps3k', 3000, 'truth.csv')).toThrow('3000 rows, im2gps3k has 2997');
    expect(() => checkRows('im2gps3k', 2996, 'truth.csv')).toThrow('2996 rows');
    checkRows('im2gps3k', 2997, 'truth.csv');
    checkRows('earth', 7, 'truth.csv');
  });

  it('warns of another file than the one known', () => {
    const path = join(folder, 'other.csv');
    writeFileSync(path, 'id,lat,lon\n');
    expect(checksumWarning('im2gps3k', path)).toContain('known 0f243d1e23cb');
    expect(checksumWarning('yfcc4k', path)).toBeUndefined();
  });

  it('is listed with its rows and errata, in 80 columns', () => {
    const text = formatBenchmarks();
    for (const name of BENCHMARK_NAMES)
      expect(text).toContain(`${name}: ${BENCHMARKS[name].title}`);
    expect(text).toContain('im2gps3k: IM2GPS3K, 2,997 rows');
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});

describe('the truth files of TransLocator', () => {
  const { GEOR_SHARED } = process.env;
  const shared = GEOR_SHARED ?? fileURLToPath(new URL('../../../../shared', import.meta.url));
  const files = {
    im2gps: 'im2gps_places365.csv',
    im2gps3k: 'im2gps3k_places365.csv',
    yfcc25600: 'yfcc25600_places365.csv',
  } as const;
  const present = existsSync(`${shared}/data/truth/${files.im2gps}`);
  if (!present) process.stderr.write(`skipped: no truth files in ${shared} (set GEOR_SHARED)\n`);

  it.skipIf(!present).each(['im2gps', 'im2gps3k', 'yfcc25600'] as const)(
    '%s has the checksum, the columns and the rows',
    (name) => {
      const path = `${shared}/data/truth/${files[name]}`;
      const { columns } = BENCHMARKS[name];
      expect(checksumWarning(name, path)).toBeUndefined();
      checkRows(name, [...readTruth(path, { ...(columns && { columns }) })].length, path);
    },
  );
});
