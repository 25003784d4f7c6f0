/**
 * GLOBE (arXiv 2506.14674), Tables 2 to 5, as on the authors' slides.
 * @module
 */
import type { PublishedCells, PublishedRow } from './row.ts';

interface MainRow {
  readonly method: string;
  readonly reason?: PublishedCells;
  readonly im2gps3k: PublishedCells;
  readonly year?: number;
  readonly retrieval?: boolean;
  readonly backbone?: string;
  readonly note?: string;
  /** A remark on its MP16-Reason-Test figures. */
  readonly overlap?: true;
}

/** Not available to the public, by the table's dagger. */
const CLOSED = 'not publicly available';

/** Years and retrieval as in Geo-R, Table 1, for methods that stand there too. */
const main: readonly MainRow[] = [
  {
    method: 'ISNs',
    year: 2018,
    retrieval: false,
    reason: [26.24, 47.38, 55.88, 68.48, 80.92],
    im2gps3k: [10.5, 28.0, 36.6, 49.7, 66.0],
    overlap: true,
  },
  {
    method: 'GeoCLIP',
    year: 2023,
    retrieval: false,
    reason: [29.28, 52.52, 66.85, 84.07, 93.33],
    im2gps3k: [14.11, 34.47, 50.65, 69.67, 83.82],
    overlap: true,
  },
  {
    method: 'Translocator',
    year: 2022,
    retrieval: false,
    im2gps3k: [11.8, 31.1, 46.7, 58.9, 80.1],
    note: CLOSED,
  },
  {
    method: 'PIGEOTTO',
    year: 2024,
    retrieval: true,
    im2gps3k: [11.3, 36.7, 53.8, 72.4, 85.3],
    note: `${CLOSED}; the figures that Geo-R, Table 1, gives PIGEON`,
  },
  {
    method: 'G3',
    year: 2024,
    retrieval: true,
    backbone: 'GPT-4V',
    im2gps3k: [16.65, 40.94, 55.56, 71.24, 84.68],
    note: CLOSED,
  },
  {
    method: 'Hybrid (OSV-5M)',
    reason: [0.97, 16.53, 28.72, 50.31, 71.47],
    im2gps3k: [0.83, 13.28, 25.33, 43.84, 65.63],
  },
  {
    method: 'RFM-YFCC',
    reason: [11.72, 46.64, 60.46, 77.97, 91.96],
    im2gps3k: [5.41, 29.7, 44.71, 61.83, 79.55],
  },
  {
    method: 'Qwen2.5-VL-7B',
    backbone: 'Qwen2.5-VL-7B',
    reason: [15.42, 52.72, 62.86, 75.11, 83.47],
    im2gps3k: [8.58, 32.53, 43.11, 58.93, 72.37],
  },
  {
    method: 'InternVL3-8B',
    backbone: 'InternVL3-8B',
    reason: [12.01, 44.17, 55.66, 75.36, 86.98],
    im2gps3k: [6.44, 25.69, 34.57, 49.38, 61.66],
  },
  {
    method: 'Gemma3-27B',
    backbone: 'Gemma3-27B',
    reason: [16.03, 55.63, 68.07, 82.59, 91.29],
    im2gps3k: [8.48, 33.37, 46.61, 63.63, 79.95],
  },
  {
    method: 'InternVL3-78B',
    backbone: 'InternVL3-78B',
    reason: [14.72, 52.46, 65.25, 81.73, 91.17],
    im2gps3k: [8.93, 35.05, 47.32, 64.03, 78.64],
  },
  {
    method: 'Qwen2.5-VL-72B',
    backbone: 'Qwen2.5-VL-72B',
    reason: [17.52, 59.3, 71.01, 84.06, 91.65],
    im2gps3k: [9.11, 35.77, 48.35, 64.96, 78.88],
  },
  {
    method: 'Doubao1.5-VL',
    reason: [18.89, 64.02, 76.55, 88.33, 93.44],
    im2gps3k: [11.61, 46.21, 60.6, 75.04, 85.09],
    note: CLOSED,
  },
  {
    method: 'GPT-4.1',
    reason: [20.05, 66.76, 79.7, 89.84, 94.53],
    im2gps3k: [12.11, 46.85, 60.36, 74.41, 85.25],
    note: CLOSED,
  },
  {
    method: 'GeoReasoner-7B',
    reason: [10.06, 40.44, 50.91, 68.01, 79.68],
    im2gps3k: [7.67, 26.94, 36.63, 52.27, 65.39],
  },
  {
    method: 'GaGA',
    im2gps3k: [11.7, 33.0, 48.0, 67.1, 82.1],
    note: CLOSED,
  },
  {
    method: 'GLOBE',
    year: 2025,
    retrieval: false,
    backbone: 'Qwen2.5-VL-7B',
    reason: [17.99, 62.85, 73.83, 86.68, 92.52],
    im2gps3k: [9.84, 40.18, 56.19, 71.45, 82.38],
  },
];

const table2 = main.flatMap(({ reason, im2gps3k, overlap, note, ...row }): PublishedRow[] => {
  const common = { ...row, source: 'globe', table: 'Table 2', role: 'result' } as const;
  const remarks = [
    ...(note ? [note] : []),
    ...(overlap ? ['trained on pictures of the test'] : []),
  ];
  return [
    ...(reason
      ? [
          {
            ...common,
            benchmark: 'mp16-reason-test' as const,
            percent: reason,
            ...(remarks.length > 0 && { note: remarks.join('; ') }),
          },
        ]
      : []),
    { ...common, benchmark: 'im2gps3k', percent: im2gps3k, ...(note && { note }) },
  ];
});

/** A variant of the ablations, all on MP16-Reason-Test and without retrieval. */
function variant(
  table: 3 | 4 | 5,
  method: string,
  percent: PublishedCells,
  backbone = 'Qwen2.5-VL-7B',
): PublishedRow {
  const common = { source: 'globe', benchmark: 'mp16-reason-test', role: 'ablation' } as const;
  return { ...common, method, table: `Table ${table}`, backbone, retrieval: false, percent };
}

const BASELINE: PublishedCells = [15.42, 52.72, 62.86, 75.11, 83.47];
const SFT: PublishedCells = [16.38, 56.76, 70.21, 83.82, 90.75];
const GLOBE: PublishedCells = [17.99, 62.85, 73.83, 86.68, 92.52];
const INTERN = 'InternVL3-8B';

/** Reward components: localizability (Loc), visual grounding (VGC), geo-localization accuracy (GA). */
const table3: readonly PublishedRow[] = [
  variant(3, 'Qwen2.5-VL-7B, direct', [14.37, 51.11, 61.29, 73.67, 82.46]),
  variant(3, 'Qwen2.5-VL-7B, CoT', BASELINE),
  variant(3, 'Qwen2.5-VL-7B, CoT, SFT', SFT),
  variant(3, 'GLOBE w/o Loc and GA', [17.01, 59.36, 71.77, 84.44, 91.76]),
  variant(3, 'GLOBE w/o Loc and VGC', [17.24, 59.24, 71.93, 84.69, 91.54]),
  variant(3, 'GLOBE w/o Loc', [17.5, 59.58, 71.23, 84.06, 91.23]),
  variant(3, 'GLOBE w/o VGC', [17.52, 59.83, 72.22, 84.72, 91.12]),
  variant(3, 'GLOBE w/o GA', [17.44, 59.53, 71.41, 84.33, 91.18]),
  variant(3, 'GLOBE', GLOBE),
];

const table4: readonly PublishedRow[] = [
  variant(4, 'InternVL3-8B, baseline', [12.01, 44.17, 55.66, 75.36, 86.98], INTERN),
  variant(4, 'InternVL3-8B, SFT', [12.41, 44.68, 56.37, 75.2, 86.32], INTERN),
  variant(4, 'InternVL3-8B, GRPO', [17.47, 60.09, 72.41, 85.02, 91.92], INTERN),
  variant(4, 'Qwen2.5-VL-7B, baseline', BASELINE),
  variant(4, 'Qwen2.5-VL-7B, SFT', SFT),
  variant(4, 'Qwen2.5-VL-7B, GRPO', GLOBE),
];

const table5: readonly PublishedRow[] = [
  variant(5, 'baseline', BASELINE),
  variant(5, 'random sampling, SFT', [15.23, 52.0, 64.56, 78.17, 85.23]),
  variant(5, 'random sampling, GRPO', [17.26, 59.22, 71.8, 84.73, 91.26]),
  variant(5, 'single-source validation, SFT', [15.22, 52.47, 65.09, 78.79, 86.15]),
  variant(5, 'single-source validation, GRPO', [17.37, 59.45, 71.88, 84.74, 91.24]),
  variant(5, 'full multi-source validation, SFT', SFT),
  variant(5, 'full multi-source validation, GRPO', GLOBE),
];

/** Tables 2 to 5. */
export const GLOBE_ROWS: readonly PublishedRow[] = [...table2, ...table3, ...table4, ...table5];
