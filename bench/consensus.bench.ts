/**
 * Consensus: what sixteen samples of a tile are worth as one point, by each method, against the single
 * most probable answer and against one sample drawn at random.
 *
 *     A='earth:?count=2000&split=test&seed=1'
 *     node dist/cli/main.js locate "$A" -k 16 --temperature 1 --format jsonl -o samples.jsonl
 *     node dist/cli/main.js locate "$A" -k 1 --format jsonl -o greedy.jsonl
 *     GEOR_SAMPLES=samples.jsonl GEOR_GREEDY=greedy.jsonl GEOR_TRUTH="$A" \
 *       npx vitest bench bench/consensus.bench.ts --run
 *
 * Differences are paired over the tiles, with 95 % percentile bootstrap intervals; a single sample is
 * the mean over the sixteen. The time of each method is that of one picture.
 * @module
 */
import { bench, describe } from 'vitest';
import { defaultGazetteer, landPoints, loadEarth, parseEarthAddress } from '../src/data/index.ts';
import { mean, pairedDifference, quantile } from '../src/evaluate/index.ts';
import { type Coordinate, haversineKm } from '../src/geo/index.ts';
import {
  consensusPoint,
  isLocated,
  type LocatedRow,
  type PointOptions,
} from '../src/locate/index.ts';
import { readRows } from '../src/locate/node/index.ts';
import { geoRDistanceReward } from '../src/rewards/index.ts';

const { GEOR_SAMPLES, GEOR_GREEDY, GEOR_TRUTH } = process.env;
const THRESHOLDS_KM = [1, 25, 200, 750, 2500];

/** The ways to one point. `likely`: samples weighed by their probability per token. */
const METHODS: readonly (readonly [string, PointOptions, weighed?: 'likely'])[] = [
  ['medoid', { method: 'medoid' }],
  ['medoid, likely', { method: 'medoid' }, 'likely'],
  ['cluster', { method: 'cluster' }],
  ['median', { method: 'median' }],
  ['reward', { method: 'reward' }],
  ['reward, likely', { method: 'reward' }, 'likely'],
  ...THRESHOLDS_KM.map((thresholdKm): readonly [string, PointOptions] => [
    `threshold ${thresholdKm}`,
    { method: 'threshold', thresholdKm },
  ]),
];

interface Tile {
  readonly truth: Coordinate;
  readonly samples: readonly Coordinate[];
  /** Probability per token, the geometric mean. */
  readonly likelihoods: readonly number[];
  /** All samples, also those without a place. */
  readonly count: number;
  readonly greedy: Coordinate | null;
}

function readTiles(samplesPath: string, greedyPath: string, address: string): Tile[] {
  const rowsOf = (path: string): LocatedRow[] => readRows(path).rows.filter(isLocated);
  const points = parseEarthAddress(address, { seed: 1, count: 1, split: 'test' });
  const truths = new Map(
    [...landPoints(points, defaultGazetteer(), loadEarth())].map((tile) => [tile.id, tile]),
  );
  const greedy = new Map(rowsOf(greedyPath).map((row) => [row.id, row]));
  return rowsOf(samplesPath).map(({ id, samples }) => {
    const placed = samples.flatMap(({ lat, lon, logProbability = 0, tokens = 1 }) =>
      lat === null || lon === null
        ? []
        : { lat, lon, likelihood: Math.exp(logProbability / tokens) },
    );
    const { lat = null, lon = null } = greedy.get(id)?.samples[0] ?? {};
    return {
      truth: truths.get(id)!,
      samples: placed.map((sample) => ({ lat: sample.lat, lon: sample.lon })),
      likelihoods: placed.map(({ likelihood }) => likelihood),
      count: samples.length,
      greedy: lat === null || lon === null ? null : { lat, lon },
    };
  });
}

const kmOf = (at: Coordinate | null, truth: Coordinate): number =>
  at ? haversineKm(at, truth) : Number.POSITIVE_INFINITY;
const percent = (value: number): string => (100 * value).toFixed(1);

/** Scores of each tile: within each threshold, then the Geo-R reward. */
const scoresOf = (km: readonly number[]): number[][] => [
  ...THRESHOLDS_KM.map((threshold) => km.map((value) => (value <= threshold ? 1 : 0))),
  km.map((value) => geoRDistanceReward(value)),
];

function table(tiles: readonly Tile[]): string {
  const greedyKm = tiles.map(({ greedy, truth }) => kmOf(greedy, truth));
  const greedy = scoresOf(greedyKm);
  const single = scoresOf(tiles.map(() => 0)).map((scores, column) =>
    scores.map((_, i) => {
      const { samples, truth, count } = tiles[i]!;
      const km = samples.map((sample) => haversineKm(sample, truth));
      return scoresOf(km)[column]!.reduce((sum, score) => sum + score, 0) / count;
    }),
  );
  const lines = [
    `${tiles.length} tiles, ${tiles[0]!.count} samples each; percent within, and 100 x Geo-R reward`,
    ['', ...THRESHOLDS_KM.map((km) => `${km} km`), 'reward', 'median km'].join('\t'),
    [
      'greedy',
      ...greedy.map((scores) => percent(mean(scores))),
      quantile(greedyKm, 0.5).toFixed(1),
    ].join('\t'),
    ['one sample', ...single.map((scores) => percent(mean(scores))), ''].join('\t'),
  ];
  for (const [name, options, weighed] of METHODS) {
    const km = tiles.map(({ samples, likelihoods, truth }) =>
      samples.length === 0
        ? Number.POSITIVE_INFINITY
        : haversineKm(
            consensusPoint(samples, { ...options, ...(weighed && { weights: likelihoods }) }),
            truth,
          ),
    );
    const scores = scoresOf(km);
    lines.push(
      [name, ...scores.map((own) => percent(mean(own))), quantile(km, 0.5).toFixed(1)].join('\t'),
    );
    for (const [against, others] of [
      ['- greedy', greedy],
      ['- one sample', single],
    ] as const)
      lines.push(
        [
          `  ${against}`,
          ...scores.map((own, column) => {
            const { difference, ciLow, ciHigh } = pairedDifference(own, others[column]!, {
              seed: 1,
            });
            return `${percent(difference)} [${percent(ciLow)}, ${percent(ciHigh)}]`;
          }),
        ].join('\t'),
      );
  }
  return lines.join('\n');
}

describe.skipIf(!GEOR_SAMPLES || !GEOR_GREEDY || !GEOR_TRUTH)(
  'one point of sixteen samples',
  () => {
    if (!GEOR_SAMPLES || !GEOR_GREEDY || !GEOR_TRUTH) return;
    const tiles = readTiles(GEOR_SAMPLES, GEOR_GREEDY, GEOR_TRUTH);
    process.stdout.write(`${table(tiles)}\n`);
    for (const [name, options] of METHODS.filter(([, , weighed]) => !weighed)) {
      let at = 0;
      bench(
        name,
        () => {
          consensusPoint(tiles[at++ % tiles.length]!.samples, options);
        },
        { time: 200 },
      );
    }
  },
);
if (!GEOR_SAMPLES || !GEOR_GREEDY || !GEOR_TRUTH)
  process.stderr.write('skipped: consensus needs GEOR_SAMPLES, GEOR_GREEDY and GEOR_TRUTH\n');
