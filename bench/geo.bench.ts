/**
 * Reverse geocoding: points a second, and how many times the speed of country-coder's own API, which
 * stops at the country.
 *
 *     npx vitest bench bench/geo.bench.ts --run
 *
 * The peer is in `scripts/sources` (`npm ci --prefix scripts/sources`); without it the comparison is
 * left out.
 * @module
 */
import { bench, describe } from 'vitest';
import { random } from '../src/core/index.ts';
import { defaultGazetteer } from '../src/data/index.ts';
import { reverseGeocode } from '../src/geo/index.ts';

interface Peer {
  readonly iso1A2Code: (
    at: [lon: number, lat: number],
    options: { level: string },
  ) => string | null;
}

/** A relative path held in a variable: the type checker must not want the package. */
const PEER: string =
  '../scripts/sources/node_modules/@rapideditor/country-coder/dist/country-coder.mjs';

const gazetteer = defaultGazetteer();
const POINTS = 10_000;

/** Points within a few kilometres of places, drawn by place: where photos are taken. */
const { lat, lon, count } = gazetteer.cities;
const source = random('bench', 'geo');
const points = Array.from({ length: POINTS }, () => {
  const city = source.integer(count);
  const off = () => 0.03 * source.normal();
  return { lat: lat[city]! + off(), lon: Math.max(-180, Math.min(180, lon[city]! + off())) };
});

const peer: Peer | undefined = await import(PEER).catch(() => undefined);
if (!peer)
  console.log('country-coder is not installed: no comparison (npm ci --prefix scripts/sources)');

let sink = 0;
const options = { time: 2000, warmupTime: 500 };

/** Points a second of one pass over `points`, the best of five. */
function pointsPerSecond(look: (at: { lat: number; lon: number }) => unknown): number {
  const seconds = Array.from({ length: 5 }, () => {
    const start = performance.now();
    for (const point of points) if (look(point)) sink++;
    return (performance.now() - start) / 1000;
  });
  return POINTS / Math.min(...seconds);
}

const ours = pointsPerSecond((at) => reverseGeocode(gazetteer, at.lat, at.lon));
console.log(`geor: ${Math.round(ours)} points a second to country, region and city`);
if (peer) {
  const theirs = pointsPerSecond((at) => peer.iso1A2Code([at.lon, at.lat], { level: 'territory' }));
  console.log(`country-coder: ${Math.round(theirs)} points a second to the country`);
  console.log(`ratio: ${(ours / theirs).toFixed(2)}`);
}

describe(`${POINTS} points near places`, () => {
  bench(
    'geor: country, region, city',
    () => {
      for (const at of points) if (reverseGeocode(gazetteer, at.lat, at.lon)) sink++;
    },
    options,
  );
  if (peer) {
    bench(
      'country-coder: country',
      () => {
        for (const at of points)
          if (peer.iso1A2Code([at.lon, at.lat], { level: 'territory' })) sink++;
      },
      options,
    );
  }
});

process.on('exit', () => {
  if (sink < 0) console.log(sink); // keeps the answers alive
});
