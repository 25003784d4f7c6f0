/**
 * Reverse geocoding against its peers, in turns: points a second of processor time, and ratios.
 *
 *     npm run build && GEOR_PYTHON=venv/bin/python npx vitest bench bench/reverse-geocode.bench.ts --run
 *
 * Peers: Python's reverse_geocoder in mode 1 (`bench/peers/reverse_geocoder_peer.py`), which finds
 * the nearest place and takes all its names from that; and in Node which-polygon over Natural Earth's
 * 1:10m countries with geokdbush over our own cities, country and nearest city. Without the Python
 * package that comparison is left out. Ours gives country, region and city that agree.
 *
 * `GEOR_BENCH_POINTS` sets the number of points, 500,000 when left out; geokdbush gets a tenth.
 * @module
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as geokdbush from 'geokdbush';
import KDBush from 'kdbush';
import * as topojson from 'topojson-client';
import { bench, describe } from 'vitest';
import { random } from '../src/core/index.ts';
import { median } from './median.ts';
import { noComparison, startPython } from './python-peer.ts';

const POINTS = Number(process.env['GEOR_BENCH_POINTS'] ?? 500_000);
const ROUNDS = 4;

type Points = readonly (readonly [lat: number, lon: number])[];

// The compiled package, loaded by Node itself: the test runner's loader makes every call between
// modules slower, which users never see.
const require = createRequire(import.meta.url);
const {
  defaultGazetteer,
}: typeof import('../src/data/index.ts') = require('../dist/data/index.js');
const { reverseGeocode, reverseGeocodeAll }: typeof import('../src/geo/index.ts') =
  require('../dist/geo/index.js');

const gazetteer = defaultGazetteer();
const { cities } = gazetteer;
const source = random('bench', 'reverse-geocode');

/** Points within a few kilometres of places, drawn by population: where photos are taken. */
function populated(): Points {
  const upTo = new Float64Array(cities.count);
  let people = 0;
  for (let i = 0; i < cities.count; i++) upTo[i] = people += cities.population[i]!;
  return Array.from({ length: POINTS }, () => {
    const wanted = source.uniform() * people;
    let low = 0;
    let high = cities.count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (upTo[middle]! <= wanted) low = middle + 1;
      else high = middle;
    }
    const off = (): number => 0.03 * source.normal();
    return [cities.lat[low]! + off(), Math.max(-180, Math.min(180, cities.lon[low]! + off()))];
  });
}

/** Points uniform by area that lie in a country. */
function uniformLand(): Points {
  const points: [number, number][] = [];
  while (points.length < POINTS) {
    const lat = (Math.asin(2 * source.uniform() - 1) * 180) / Math.PI;
    const lon = source.uniform() * 360 - 180;
    if (gazetteer.countryBorders.regionAt(lat, lon) >= 0) points.push([lat, lon]);
  }
  return points;
}

let sink = 0;

/** Seconds of processor time, so that a busy machine does not decide. */
function timed(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const oneByOne = (points: Points): number =>
  timed(() => {
    for (const [lat, lon] of points) if (reverseGeocode(gazetteer, lat, lon)) sink++;
  });

/** All at once; the peer's points are made before its clock starts, and so are ours. */
function ours(points: Points): number {
  const coordinates = points.map(([lat, lon]) => ({ lat, lon }));
  return timed(() => {
    sink += reverseGeocodeAll(gazetteer, coordinates).length;
  });
}

const topology = JSON.parse(
  readFileSync(require.resolve('world-atlas/countries-10m.json'), 'utf8'),
);
const countryAt: (at: [lon: number, lat: number]) => unknown = require('which-polygon')(
  topojson.feature(topology, topology.objects.countries),
);
const index = new KDBush(cities.count);
for (let i = 0; i < cities.count; i++) index.add(cities.lon[i]!, cities.lat[i]!);
index.finish();

const nodePeers = (points: Points): number =>
  timed(() => {
    for (const [lat, lon] of points) {
      if (countryAt([lon, lat])) sink++;
      sink += geokdbush.around(index, lon, lat, 1).length;
    }
  });

type Ask = (points: Points, count: number) => Promise<readonly number[]>;

/** The Python peer; undefined when it does not start. */
async function startPeer(folder: string): Promise<{ ask: Ask; stop: () => void } | undefined> {
  const python = startPython('reverse_geocoder_peer.py');
  const ask: Ask = async (points, count) => {
    const path = join(folder, 'points');
    writeFileSync(path, new Uint8Array(Float64Array.from(points.flat()).buffer));
    const request = JSON.stringify({ points: path, count });
    return (await python.ask<{ seconds: readonly number[] }>(request)).seconds;
  };
  try {
    await ask([[0, 0]], 1);
    return { ask, stop: python.stop };
  } catch (error) {
    noComparison('Python', 'reverse_geocoder', error);
    python.stop();
    return undefined;
  }
}

const rate = (seconds: number, count: number = POINTS): string =>
  `${Math.round(count / seconds / 1000)} k points/s`;

const folder = mkdtempSync(join(tmpdir(), 'geor-bench-'));
const python = await startPeer(folder);
const sets = { populated: populated(), 'uniform land': uniformLand() };
for (const [name, points] of Object.entries(sets)) {
  const part = points.slice(0, POINTS / 10);
  console.log(`${name}, ${POINTS} points; first pass of geor: ${rate(ours(points))}`);
  await python?.ask(points, 1);
  const single: number[] = [];
  const own: number[] = [];
  const inPython: number[] = [];
  const inNode: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    own.push(ours(points));
    single.push(oneByOne(points));
    if (python) inPython.push(...(await python.ask(points, 1)));
    inNode.push(nodePeers(part));
  }
  const compare = (peer: string, theirs: readonly number[], count: number): void => {
    const scale = POINTS / count;
    const ratio = (of: (values: readonly number[]) => number): string =>
      ((of(theirs) * scale) / of(own)).toFixed(2);
    const least = (values: readonly number[]): number => Math.min(...values);
    console.log(
      `  ${peer}: ${rate(median(theirs), count)} (best ${rate(least(theirs), count)}); ` +
        `geor is ${ratio(median)} times as fast (best against best ${ratio(least)})`,
    );
  };
  console.log(
    `  geor, all at once: ${rate(median(own))} (best ${rate(Math.min(...own))}); ` +
      `one by one: ${rate(median(single))} (best ${rate(Math.min(...single))})`,
  );
  if (python) compare('reverse_geocoder, mode 1', inPython, POINTS);
  compare('which-polygon and geokdbush', inNode, part.length);
}
python?.stop();
rmSync(folder, { recursive: true });

describe(`${POINTS / 10} populated points`, () => {
  const options = { time: 0, iterations: 5, warmupTime: 0, warmupIterations: 1 };
  const part = sets.populated.slice(0, POINTS / 10);
  bench('geor: country, region, city', () => void ours(part), options);
  bench('which-polygon and geokdbush: country, nearest city', () => void nodePeers(part), options);
});

process.on('exit', () => {
  if (sink < 0) console.log(sink); // keeps the answers alive
});
