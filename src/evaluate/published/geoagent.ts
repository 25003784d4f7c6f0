/**
 * GeoAgent (arXiv 2602.12617): main results and the ablation on GeoSeek-Val. The tables' numbers are
 * not known here, and only the best of the earlier systems are.
 * @module
 */
import type { PublishedCells, PublishedRow } from './row.ts';

const result = (
  method: string,
  benchmark: 'im2gps3k' | 'geoseek-val',
  percent: PublishedCells,
  rest: Omit<PublishedRow, 'method' | 'benchmark' | 'percent' | 'source' | 'table' | 'role'> = {},
): PublishedRow => ({
  ...{ source: 'geoagent', table: 'main results', role: 'result' },
  ...{ method, benchmark, percent },
  ...rest,
});

const ablation = (method: string, percent: PublishedCells): PublishedRow => ({
  ...{ source: 'geoagent', table: 'ablation', role: 'ablation', benchmark: 'geoseek-val' },
  ...{ method, percent, backbone: 'Qwen2.5-VL-7B' },
});

const GEOAGENT = { year: 2026, backbone: 'Qwen2.5-VL-7B' } as const;

/** Main results and ablation. */
export const GEOAGENT_ROWS: readonly PublishedRow[] = [
  result('GeoAgent', 'im2gps3k', [null, 40.75, 58.57, 76.21, 89.9], GEOAGENT),
  result('GLOBE', 'im2gps3k', [null, null, 56.19, null, null], { year: 2025, retrieval: false }),
  result('G3', 'im2gps3k', [null, null, null, 72.4, null], {
    year: 2024,
    retrieval: true,
    doubtful: { 750: 'Geo-R, Table 1, and GLOBE, Table 2, give G3 71.24 and PIGEON 72.4' },
  }),
  result('GRE-Suite', 'im2gps3k', [null, null, null, null, 85.67]),
  result('GeoAgent', 'geoseek-val', [null, 15.69, 33.39, 60.37, 81.72], {
    ...GEOAGENT,
    geoScore: 3314.1,
  }),
  result('GeoCLIP', 'geoseek-val', [null, null, null, 56.13, null], {
    year: 2023,
    retrieval: false,
    geoScore: 3172.3,
  }),
  ablation('Qwen2.5-VL-7B', [null, 1.39, 3.36, 11.13, null]),
  ablation('SFT alone', [null, 10.36, 23.84, 47.12, null]),
  ablation('w/o spatial and semantic reward', [null, 9.08, 20.03, 40.43, null]),
  ablation('w/o consistency reward', [null, 14.69, 31.39, 60.2, null]),
  ablation('w/o SFT', [null, 13.39, 23.94, 58.23, null]),
  ablation('SFT + exact-match judge', [null, null, null, 50.81, null]),
  ablation('GeoAgent', [null, 15.69, 33.39, 60.37, null]),
];
