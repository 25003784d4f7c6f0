/**
 * Geo-R (arXiv 2601.00388), Tables 1 to 5. All but YFCC4K in Table 1 are on IM2GPS3K.
 * @module
 */
import type { PublishedCells, PublishedRow } from './row.ts';

interface MainRow {
  readonly method: string;
  readonly year: number;
  readonly retrieval: boolean;
  readonly im2gps3k: PublishedCells;
  readonly yfcc4k?: PublishedCells;
  readonly restored?: {
    readonly im2gps3k?: readonly number[];
    readonly yfcc4k?: readonly number[];
  };
  readonly backbone?: string;
  readonly note?: string;
}

const main: readonly MainRow[] = [
  {
    method: '[L]kNN, σ = 4',
    year: 2017,
    retrieval: true,
    im2gps3k: [7.2, 19.4, 26.9, 38.9, 55.9],
    yfcc4k: [2.3, 5.7, 11.0, 23.5, 42.0],
  },
  {
    method: 'Img2Loc',
    year: 2024,
    retrieval: true,
    im2gps3k: [15.34, 39.83, 53.59, 69.7, 82.78],
    yfcc4k: [19.78, 30.71, 41.4, 58.11, 74.07],
  },
  {
    method: 'PIGEON',
    year: 2024,
    retrieval: true,
    im2gps3k: [11.3, 36.7, 53.8, 72.4, 85.3],
    yfcc4k: [10.4, 23.7, 40.6, 62.2, 77.7],
  },
  {
    method: 'G3',
    year: 2024,
    retrieval: true,
    im2gps3k: [16.65, 40.94, 55.56, 71.24, 84.68],
    yfcc4k: [23.99, 35.89, 46.98, 64.26, 78.15],
    restored: { im2gps3k: [25], yfcc4k: [25] },
  },
  {
    method: 'Geo-Ranker',
    year: 2025,
    retrieval: true,
    im2gps3k: [18.79, 45.05, 61.49, 76.31, 89.29],
    yfcc4k: [32.94, 43.54, 54.32, 69.79, 82.45],
    restored: { im2gps3k: [1], yfcc4k: [1, 25] },
  },
  {
    method: 'PlaNet',
    year: 2016,
    retrieval: false,
    im2gps3k: [8.5, 24.8, 34.3, 48.4, 64.6],
    yfcc4k: [5.6, 14.3, 22.2, 36.4, 55.8],
  },
  {
    method: 'CPlaNet',
    year: 2018,
    retrieval: false,
    im2gps3k: [10.2, 26.5, 34.6, 48.6, 64.6],
    yfcc4k: [7.9, 14.8, 21.9, 36.4, 55.5],
  },
  {
    method: 'ISNs',
    year: 2018,
    retrieval: false,
    im2gps3k: [10.5, 28.0, 36.6, 49.7, 66.0],
    yfcc4k: [6.5, 16.2, 23.8, 37.4, 55.0],
  },
  {
    method: 'Translocator',
    year: 2022,
    retrieval: false,
    im2gps3k: [11.8, 31.1, 46.7, 58.9, 80.1],
    yfcc4k: [8.4, 18.6, 27.0, 41.1, 60.4],
    note: 'named among the retrieval-based methods in the text, section 4.2',
  },
  {
    method: 'GeoDecoder',
    year: 2023,
    retrieval: false,
    im2gps3k: [12.8, 33.5, 45.9, 61.0, 76.1],
    yfcc4k: [10.3, 24.4, 33.9, 50.0, 68.7],
    restored: { yfcc4k: [25, 200] },
  },
  {
    method: 'GeoCLIP',
    year: 2023,
    retrieval: false,
    im2gps3k: [14.11, 34.47, 50.65, 69.67, 83.82],
    yfcc4k: [9.59, 19.31, 32.63, 55.0, 74.69],
    restored: { im2gps3k: [25] },
  },
  {
    method: 'GLOBE',
    year: 2025,
    retrieval: false,
    im2gps3k: [null, 40.18, 56.19, 71.45, null],
  },
  {
    method: 'Geo-R',
    year: 2026,
    retrieval: false,
    backbone: 'Qwen2.5-VL-7B',
    im2gps3k: [18.1, 41.53, 58.31, 75.33, 86.42],
    yfcc4k: [10.47, 22.67, 40.04, 60.83, 75.84],
  },
];

const table1 = main.flatMap(({ im2gps3k, yfcc4k, restored, ...row }): PublishedRow[] => {
  const of = (benchmark: 'im2gps3k' | 'yfcc4k', percent: PublishedCells): PublishedRow => ({
    ...row,
    ...{ source: 'geo-r', table: 'Table 1', role: 'result', benchmark, percent },
    ...(restored?.[benchmark] && { restored: restored[benchmark] }),
  });
  return [of('im2gps3k', im2gps3k), ...(yfcc4k ? [of('yfcc4k', yfcc4k)] : [])];
});

/** A variant of the ablations, all on IM2GPS3K and without retrieval. */
function variant(
  table: 2 | 3 | 4 | 5,
  backbone: string,
  name: string,
  percent: PublishedCells,
  rest: Pick<PublishedRow, 'restored' | 'doubtful' | 'note'> = {},
): PublishedRow {
  const method = `${backbone.replace('Qwen2.5-VL-', 'Qwen2.5-VL ')}, ${name}`;
  const common = { source: 'geo-r', benchmark: 'im2gps3k', role: 'ablation' } as const;
  return {
    ...common,
    method,
    table: `Table ${table}`,
    backbone,
    retrieval: false,
    percent,
    ...rest,
  };
}

const [B3, B7, B32] = ['Qwen2.5-VL-3B', 'Qwen2.5-VL-7B', 'Qwen2.5-VL-32B'] as const;

/** Prompting strategies, nothing trained. */
const table2: readonly PublishedRow[] = [
  variant(2, B3, 'direct', [3.4, 15.9, 33.4, 48.4, 61.4], { restored: [25] }),
  variant(2, B3, 'CoT', [3.7, 16.4, 47.5, 48.2, 66.7], {
    restored: [25],
    doubtful: {
      200: 'almost the 750 km figure, and above the CoR row; 37.5 would fit the rows around it',
    },
  }),
  variant(2, B3, 'CoR', [4.5, 24.1, 44.8, 56.7, 69.6], { restored: [1] }),
  variant(2, B7, 'direct', [5.3, 24.3, 42.4, 61.4, 72.9], { restored: [1, 25] }),
  variant(2, B7, 'CoT', [6.3, 26.1, 44.6, 60.6, 71.9], { restored: [1] }),
  variant(2, B7, 'CoR', [7.1, 33.7, 55.5, 73.4, 85.5], { restored: [1] }),
  variant(2, B32, 'direct', [10.2, 29.7, 43.1, 68.4, 73.9], { restored: [1] }),
  variant(2, B32, 'CoT', [11.0, 33.7, 50.5, 67.0, 82.5], { restored: [200] }),
  variant(2, B32, 'CoR', [12.3, 35.0, 50.7, 66.7, 81.4], {
    restored: [1],
    doubtful: {
      750: 'below CoT (67.0) and direct (68.4); the text has CoR ahead at every threshold',
      2500: 'below CoT (82.5); the text has CoR ahead at every threshold',
    },
  }),
];

const UNTRAINED: PublishedCells = [4.5, 24.1, 44.8, 56.7, 69.6];
const SFT_10K: PublishedCells = [5.8, 25.6, 48.3, 67.7, 82.3];
const SFT_10K_COR: PublishedCells = [7.3, 28.1, 48.6, 69.0, 83.5];
const SFT_100K_COR: PublishedCells = [9.2, 29.9, 49.4, 69.2, 82.8];
const SFT_500K_COR: PublishedCells = [12.6, 31.7, 50.2, 70.3, 84.3];

/** Supervised training: number of samples, with and without the chain. */
const table3: readonly PublishedRow[] = [
  variant(3, B3, 'untrained', UNTRAINED, {
    restored: [1, 25, 200],
    note: 'marked as location-only, yet the figures are those of CoR in Table 2',
  }),
  variant(3, B3, 'SFT 10k', SFT_10K, { restored: [1, 25, 200] }),
  variant(3, B3, 'SFT 10k CoR', SFT_10K_COR, { restored: [1] }),
  variant(3, B3, 'SFT 100k', [8.6, 27.8, 47.6, 67.2, 81.5], { restored: [25] }),
  variant(3, B3, 'SFT 100k CoR', SFT_100K_COR, { restored: [1, 25] }),
  variant(3, B3, 'SFT 500k', [10.4, 30.9, 48.6, 70.5, 83.7], { restored: [1, 25] }),
  variant(3, B3, 'SFT 500k CoR', SFT_500K_COR, {
    restored: [200],
    doubtful: { 750: 'below SFT without CoR (70.5); the text has CoR ahead at each scale' },
  }),
];

/** Random against hard samples in supervised training. */
const table4: readonly PublishedRow[] = [
  variant(4, B3, 'untrained', UNTRAINED, { restored: [1] }),
  variant(4, B3, 'SFT 10k CoR, random', SFT_10K_COR, { restored: [1] }),
  variant(4, B3, 'SFT 10k CoR, hard', [4.9, 27.1, 47.8, 67.4, 81.1], { restored: [1, 25, 200] }),
  variant(4, B3, 'SFT 100k CoR, random', SFT_100K_COR, { restored: [1, 25] }),
  variant(4, B3, 'SFT 100k CoR, hard', [6.0, 28.5, 48.9, 68.0, 82.3], { restored: [25, 200] }),
];

/** Reinforcement learning after supervised training. */
const table5: readonly PublishedRow[] = [
  variant(5, B3, 'SFT 10k', SFT_10K, { restored: [1, 25, 200] }),
  variant(5, B3, 'SFT 10k + RL 10k random', [7.0, 27.6, 41.8, 65.5, 80.6], {
    restored: [750],
    doubtful: { 200: '6.5 points below its SFT row, while 1 and 25 km are above it' },
  }),
  variant(5, B3, 'SFT 10k + RL 10k hard', [7.8, 28.6, 52.7, 66.9, 80.7], { restored: [750] }),
  variant(5, B3, 'SFT 10k CoR', SFT_10K_COR, { restored: [1] }),
  variant(5, B3, 'SFT 10k CoR + RL 10k random', [6.7, 24.3, 42.5, 61.0, 74.9], { restored: [25] }),
  variant(5, B3, 'SFT 10k CoR + RL 10k hard', [8.6, 28.7, 45.7, 69.0, 85.4], {
    restored: [200],
    doubtful: { 200: '2.9 points below its SFT row, while no other threshold is' },
  }),
  variant(5, B3, 'SFT 500k CoR', SFT_500K_COR, { restored: [1, 200, 750, 2500] }),
  variant(5, B3, 'SFT 500k CoR + RL 10k random', [11.3, 28.9, 49.6, 68.7, 79.3], {
    restored: [25],
  }),
  variant(5, B3, 'SFT 500k CoR + RL 10k hard', [11.1, 31.6, 50.3, 66.2, 78.3], {
    restored: [200, 750],
  }),
  variant(5, B3, 'SFT 500k CoR + RL 200k random', [13.3, 32.4, 51.6, 71.3, 82.3], {
    restored: [25, 750],
  }),
  variant(5, B3, 'SFT 500k CoR + RL 200k hard', [14.8, 36.3, 54.6, 72.7, 83.8], {
    doubtful: { 2500: 'the text says that it is above the SFT row, which has 84.3' },
  }),
];

/** Tables 1 to 5; the SFT 500k row that Table 5 prints twice stands once. */
export const GEO_R_ROWS: readonly PublishedRow[] = [
  ...table1,
  ...table2,
  ...table3,
  ...table4,
  ...table5,
];
