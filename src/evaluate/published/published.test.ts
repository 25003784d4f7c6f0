import { describe, expect, it } from 'vitest';
import { evaluatePredictions } from '../evaluate.ts';
import { BENCHMARK_NAMES, BENCHMARKS } from '../index.ts';
import { formatPublished, markdownPublished } from '../text/published-text.ts';
import { comparePublished } from './compare.ts';
import { PUBLISHED_THRESHOLDS_KM, type PublishedRow } from './row.ts';
import { PUBLISHED_ROWS } from './tables.ts';

const thresholds: readonly number[] = PUBLISHED_THRESHOLDS_KM;
const label = (row: PublishedRow): string =>
  `${row.source} ${row.table} ${row.benchmark} ${row.method}`;
const filled = (row: PublishedRow): number[] => row.percent.filter((cell) => cell !== null);
const find = (source: string, table: string, method: string): PublishedRow[] =>
  PUBLISHED_ROWS.filter(
    (row) => row.source === source && row.table === table && row.method.includes(method),
  );

describe('the transcription', () => {
  it('has every row of the tables', () => {
    const counts = new Map<string, number>();
    for (const { source, table, benchmark } of PUBLISHED_ROWS) {
      const key = `${source}, ${table}, ${benchmark}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(Object.fromEntries(counts)).toEqual({
      'geo-r, Table 1, im2gps3k': 13,
      'geo-r, Table 1, yfcc4k': 12,
      'geo-r, Table 2, im2gps3k': 9,
      'geo-r, Table 3, im2gps3k': 7,
      'geo-r, Table 4, im2gps3k': 5,
      'geo-r, Table 5, im2gps3k': 11,
      'globe, Table 2, mp16-reason-test': 13,
      'globe, Table 2, im2gps3k': 17,
      'globe, Table 3, mp16-reason-test': 9,
      'globe, Table 4, mp16-reason-test': 6,
      'globe, Table 5, mp16-reason-test': 7,
      'geoagent, main results, im2gps3k': 4,
      'geoagent, main results, geoseek-val': 2,
      'geoagent, ablation, geoseek-val': 7,
    });
    expect(PUBLISHED_ROWS.flatMap(filled)).toHaveLength(574);
  });

  it('rises over the thresholds, within 0 and 100', () => {
    for (const row of PUBLISHED_ROWS) {
      const cells = filled(row);
      expect(cells.length, label(row)).toBeGreaterThan(0);
      cells.forEach((percent, i) => {
        expect(percent, label(row)).toBeGreaterThan(cells[i - 1] ?? 0);
        expect(percent, label(row)).toBeLessThan(100);
      });
    }
  });

  it('repeats a figure alike wherever it stands, but for the one marked', () => {
    const seen = new Map<string, { percent: number; row: PublishedRow }>();
    const conflicts: string[] = [];
    for (const row of PUBLISHED_ROWS)
      row.percent.forEach((percent, i) => {
        if (percent === null) return;
        const km = PUBLISHED_THRESHOLDS_KM[i]!;
        const key = `${row.benchmark} ${row.method} ${km}`;
        const known = seen.get(key);
        if (!known) seen.set(key, { percent, row });
        else if (known.percent !== percent && !row.doubtful?.[km]) conflicts.push(key);
      });
    expect(conflicts).toEqual([]);
    // the untrained model, the SFT rows and both names of PIGEON
    const equal = (a: PublishedRow[], b: PublishedRow[]) =>
      expect(a[0]!.percent).toEqual(b[0]!.percent);
    equal(find('geo-r', 'Table 2', '3B, CoR'), find('geo-r', 'Table 3', 'untrained'));
    equal(
      find('geo-r', 'Table 3', 'SFT 100k CoR'),
      find('geo-r', 'Table 4', 'SFT 100k CoR, random'),
    );
    equal(find('geo-r', 'Table 1', 'PIGEON'), find('globe', 'Table 2', 'PIGEOTTO'));
    equal(
      find('globe', 'Table 3', 'SFT'),
      find('globe', 'Table 5', 'full multi-source validation, SFT'),
    );
    equal(
      find('globe', 'Table 4', 'InternVL3-8B, baseline'),
      find('globe', 'Table 2', 'InternVL3-8B'),
    );
  });

  it('agrees with the figures the texts quote', () => {
    const at = (row: PublishedRow, km: number) => row.percent[thresholds.indexOf(km)];
    const [geoR, yfcc] = PUBLISHED_ROWS.filter(({ method }) => method === 'Geo-R');
    expect([at(geoR!, 1), at(geoR!, 2500), at(yfcc!, 1), at(yfcc!, 2500)]).toEqual([
      ...[18.1, 86.42, 10.47, 75.84],
    ]);
    const [rand, hard] = [
      find('geo-r', 'Table 4', '100k CoR, r')[0]!,
      find('geo-r', 'Table 4', '100k CoR, h')[0]!,
    ];
    expect(at(rand, 1)! - at(hard, 1)!).toBeCloseTo(3.2, 9); // Geo-R: "a 3.2 percentage point gap"
    const [full, without] = [
      find('geoagent', 'ablation', 'GeoAgent')[0]!,
      find('geoagent', 'ablation', 'w/o consistency')[0]!,
    ];
    expect(at(full, 750)! - at(without, 750)!).toBeCloseTo(0.17, 9); // GeoAgent: "0.17 %"
  });

  it('marks cells that exist, and says why', () => {
    const marked = PUBLISHED_ROWS.flatMap((row) =>
      Object.entries(row.doubtful ?? {}).map(([km, reason]) => ({ row, km: Number(km), reason })),
    );
    expect(marked).toHaveLength(8);
    for (const { row, km, reason } of marked) {
      const i = thresholds.indexOf(km);
      expect(row.percent[i], label(row)).not.toBeNull();
      expect(reason.length).toBeGreaterThan(20);
    }
    const restored = PUBLISHED_ROWS.flatMap((row) => row.restored ?? []);
    expect(restored.every((km) => thresholds.includes(km))).toBe(true);
    expect(restored).toHaveLength(57);
  });
});

describe('comparePublished', () => {
  const truth = Array.from({ length: 1000 }, (_, i) => ({ id: String(i), lat: 0, lon: 0 }));
  /** 200 exact, 200 at about 11 km, the others unanswered: 20 % within 1 km, 40 % within the rest. */
  const said = truth.slice(0, 400).map(({ id }, i) => ({ id, lat: i < 200 ? 0 : 0.1, lon: 0 }));
  const evaluation = evaluatePredictions(truth, said);
  const compared = comparePublished(evaluation, 'im2gps3k', { name: 'ours' });
  const cell = (method: string, thresholdKm: number) =>
    compared.rows
      .find((row) => row.method === method)!
      .cells.find((own) => own.thresholdKm === thresholdKm)!;

  it('calls ours better or worse only where its interval excludes the published figure', () => {
    const [street, city] = evaluation.accuracy;
    expect([street!.ciLow, city!.ciHigh].map(Math.round)).toEqual([18, 43]); // Wilson, n = 1000
    expect(cell('PlaNet', 1).verdict).toBe('better'); // 8.5
    expect(cell('Geo-Ranker', 1).verdict).toBe('no difference shown'); // 18.79
    expect(cell('GPT-4.1', 25).verdict).toBe('worse'); // 46.85
    expect(cell('GLOBE', 25).verdict).toBe('no difference shown'); // 40.18
    expect(compared.rows.find((row) => row.isOurs)!.cells[0]).not.toHaveProperty('verdict');
  });

  it('sorts by 25 km, merges rows that agree, keeps one that does not', () => {
    const at25 = compared.rows.flatMap(
      (row) => row.cells.find((own) => own.thresholdKm === 25)?.percent ?? [],
    );
    expect(at25).toEqual(at25.toSorted((a, b) => b - a));
    const globe = compared.rows.filter(({ method }) => method === 'GLOBE');
    expect(globe).toHaveLength(1);
    expect(globe[0]!.sources).toEqual([
      ...['GLOBE, Table 2', 'Geo-R, Table 1', 'GeoAgent, main results'],
    ]);
    expect(globe[0]!.cells).toHaveLength(5);
    const g3 = compared.rows.filter(({ method }) => method === 'G3');
    expect(g3.map(({ cells }) => cells.length)).toEqual([5, 1]);
    expect(g3[1]!.cells[0]!.doubtful).toContain('PIGEON');
  });

  it('gives published figures the interval of their benchmark as an indication', () => {
    // scipy 1.17.1: binomtest(1245, 2997).proportion_ci(method='wilson'), for Geo-R's 41.53 %
    expect(cell('Geo-R', 25)).toMatchObject({ percent: 41.53 });
    expect(cell('Geo-R', 25).ciLow).toBeCloseTo(39.7891769, 4);
    expect(cell('Geo-R', 25).ciHigh).toBeCloseTo(43.315562, 4);
  });

  it('adds ablations on request, and compares only thresholds that were measured', () => {
    const all = comparePublished(evaluation, 'im2gps3k', { ablations: true });
    expect(all.rows.length).toBeGreaterThan(compared.rows.length + 20);
    const far = evaluatePredictions(truth, said, { thresholdsKm: [2500] });
    const [first] = comparePublished(far, 'yfcc4k').rows;
    expect(first!.cells.map(({ verdict }) => verdict !== undefined)).toEqual([
      ...[false, false, false, false, true],
    ]);
  });

  it.each(BENCHMARK_NAMES)('fits 80 columns for %s, ablations and all', (name) => {
    const text = formatPublished(comparePublished(evaluation, name, { ablations: true }));
    const widths = text.split('\n').map((line) => [...line].length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(80);
    expect(text).toContain(BENCHMARKS[name].title);
  });

  it('is a table with footnotes as Markdown', () => {
    const lines = markdownPublished(compared).split('\n');
    const table = lines.filter((line) => line.startsWith('|'));
    expect(new Set(table.map((line) => line.split(/(?<!\\)\|/).length)).size).toBe(1);
    expect(table).toHaveLength(compared.rows.length + 2);
    expect(lines.some((line) => line.includes('72.40a'))).toBe(true);
    expect(lines.some((line) => line.startsWith('- a) G3, 750 km'))).toBe(true);
  });
});
