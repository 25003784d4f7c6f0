/**
 * Hard selection: for each of 4.72 million points, the size of MP16-Pro, whether any of 100 thousand
 * popular points is within 200 km; and how many times as long geokdbush and scikit-learn's BallTree
 * take.
 *
 *     GEOR_PYTHON=venv/bin/python npx vitest bench bench/hard-selection.bench.ts --run
 *
 * One thread each, taking turns, best of `ROUNDS`. The peers answer the first `PEER_QUERIES` of the
 * same points, and their time is scaled to all of them; geor answers all. The Python peer is
 * `bench/peers/ball_tree.py` (numpy, scikit-learn); without these it is left out. A peer that finds
 * other points within the radius than geor stops the benchmark.
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { around } from 'geokdbush';
import KDBush from 'kdbush';
import { bench, describe } from 'vitest';
import { random } from '../src/core/index.ts';
import { defaultGazetteer } from '../src/data/index.ts';
import { noComparison, startPython } from './python-peer.ts';

// The compiled package, as users run it: the test runner's own loader slows every call across files.
const { Coverage, SphereTree }: typeof import('../src/geo/index.ts') = createRequire(
  import.meta.url,
)('../dist/geo/index.js');

const POPULAR = 100_000;
const QUERIES = 4_720_000;
const PEER_QUERIES = 50_000;
const RADIUS_KM = 200;
const ROUNDS = 3;

/** Points one after the other: latitude, longitude, degrees. */
type Points = Float64Array;

const { lat, lon, count, population } = defaultGazetteer().cities;
const source = random('hard-selection.bench');

/** A point within some ten kilometres of a place. */
function near(place: number): [number, number] {
  const clamp = (value: number, most: number) => Math.max(-most, Math.min(most, value));
  const off = () => 0.1 * source.normal();
  return [clamp(lat[place]! + off(), 90), clamp(lon[place]! + off(), 180)];
}

/** Popular points lie where people do. */
function popularPoints(): Points {
  const upTo = new Float64Array(count);
  let total = 0;
  for (let i = 0; i < count; i++) {
    total += population[i]!;
    upTo[i] = total;
  }
  const points = new Float64Array(2 * POPULAR);
  for (let i = 0; i < POPULAR; i++) {
    const person = source.uniform() * total;
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (upTo[middle]! < person) low = middle + 1;
      else high = middle;
    }
    points.set(near(low), 2 * i);
  }
  return points;
}

/** Two thirds of the points are near places, every place alike; the rest is all over the globe. */
function queryPoints(): Points {
  const points = new Float64Array(2 * QUERIES);
  for (let i = 0; i < QUERIES; i++) {
    const anywhere = (): [number, number] => [
      (Math.asin(2 * source.uniform() - 1) * 180) / Math.PI,
      360 * source.uniform() - 180,
    ];
    points.set(i % 3 === 0 ? anywhere() : near(source.integer(count)), 2 * i);
  }
  return points;
}

interface Timing {
  readonly milliseconds: number;
  /** How many of the points are within the radius. */
  readonly within: number;
}

/** Times the verdicts on the first `queries` points. */
function time(queries: number, isWithin: (lat: number, lon: number) => boolean): Timing {
  let within = 0;
  const start = performance.now();
  for (let i = 0; i < 2 * queries; i += 2) if (isWithin(points[i]!, points[i + 1]!)) within++;
  return { milliseconds: performance.now() - start, within };
}

function built<T>(make: () => T): { index: T; milliseconds: number } {
  const start = performance.now();
  return { index: make(), milliseconds: performance.now() - start };
}

const popular = popularPoints();
const points = queryPoints();
const column = (offset: number) =>
  Float64Array.from({ length: POPULAR }, (_, i) => popular[2 * i + offset]!);
const own = built(() => new SphereTree(column(0), column(1)));
const kd = built(() => {
  const index = new KDBush(POPULAR);
  for (let i = 0; i < 2 * POPULAR; i += 2) index.add(popular[i + 1]!, popular[i]!);
  return index.finish();
});
const geor = (queries: number) => {
  const known = new Coverage(own.index, RADIUS_KM); // its raster starts empty every time
  return time(queries, (atLat, atLon) => known.has(atLat, atLon));
};
const geokdbush = (queries: number) =>
  time(queries, (atLat, atLon) => around(kd.index, atLon, atLat, 1, RADIUS_KM).length > 0);

interface Reply {
  readonly sklearn?: string;
  readonly milliseconds: number;
  readonly within: number;
}

interface Peer {
  readonly build: Reply;
  readonly ask: () => Promise<Reply>;
  readonly stop: () => void;
}

/** scikit-learn as a child process; undefined when it does not start. */
async function startBallTree(): Promise<Peer | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'geor-bench-'));
  const files = ['popular', 'queries'].map((name) => join(folder, name)) as [string, string];
  writeFileSync(files[0], popular);
  writeFileSync(files[1], points.subarray(0, 2 * PEER_QUERIES));
  const python = startPython('ball_tree.py', [...files, String(RADIUS_KM)], {
    OMP_NUM_THREADS: '1',
    OPENBLAS_NUM_THREADS: '1',
  });
  const stop = (): void => {
    python.stop();
    rmSync(folder, { recursive: true });
  };
  try {
    return { build: await python.answer<Reply>(), ask: () => python.ask<Reply>('again'), stop };
  } catch (error) {
    noComparison('scikit-learn', 'numpy and scikit-learn', error);
    stop();
    return undefined;
  }
}

const ballTree = await startBallTree();
geor(PEER_QUERIES);
geokdbush(1000);
const ours: Timing[] = [];
const peers = new Map<string, Timing[]>();
const add = (name: string, timing: Timing) => peers.set(name, [...(peers.get(name) ?? []), timing]);
for (let round = 0; round < ROUNDS; round++) {
  ours.push(geor(QUERIES));
  add('geokdbush', geokdbush(PEER_QUERIES));
  if (ballTree) add('BallTree', await ballTree.ask());
}
ballTree?.stop();

const best = (timings: readonly Timing[]): number =>
  Math.min(...timings.map(({ milliseconds }) => milliseconds));
const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(2)} s`;
const expected = geor(PEER_QUERIES).within;
const share = ((100 * ours[0]!.within) / QUERIES).toFixed(1);
console.log(
  `geor: ${seconds(best(ours))} for ${QUERIES} points (${share} % within ${RADIUS_KM} km of ` +
    `${POPULAR}), index ${own.milliseconds.toFixed(0)} ms`,
);
for (const [name, timings] of peers) {
  // Rounding may decide about a point on the very edge, no more.
  const off = Math.max(...timings.map(({ within }) => Math.abs(within - expected)));
  if (off > 1) throw new Error(`${name} finds ${off} more or fewer points within ${RADIUS_KM} km`);
  const scaled = best(timings) * (QUERIES / PEER_QUERIES);
  console.log(
    `${name}: ${seconds(best(timings))} for ${PEER_QUERIES}, scaled ${seconds(scaled)}: ` +
      `${(scaled / best(ours)).toFixed(1)} times as long`,
  );
}
const kdBuild = kd.milliseconds.toFixed(0);
console.log(
  `index: kdbush ${kdBuild} ms` +
    (ballTree
      ? `, BallTree (scikit-learn ${ballTree.build.sklearn}) ${ballTree.build.milliseconds.toFixed(0)} ms`
      : ''),
);

describe(`${PEER_QUERIES} points against ${POPULAR} popular ones`, () => {
  const options = { time: 0, iterations: 3, warmupTime: 0, warmupIterations: 1 };
  bench('geor', () => void geor(PEER_QUERIES), options);
  bench('geokdbush', () => void geokdbush(PEER_QUERIES), options);
});
