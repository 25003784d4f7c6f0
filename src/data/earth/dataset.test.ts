import { beforeAll, describe, expect, it } from 'vitest';
import { random } from '../../core/index.ts';
import { haversineKm } from '../../geo/index.ts';
import { defaultGazetteer } from '../default-gazetteer.ts';
import {
  type EarthDataset,
  earthDataset,
  earthSampleId,
  landPoints,
  NORTH_LIMIT,
  SOUTH_LIMIT,
} from './dataset.ts';
import { jitter } from './jitter.ts';
import { loadEarth } from './load-earth.ts';
import { splitOf } from './split.ts';
import { isOpenWater, isWaterColour } from './water.ts';

const gazetteer = defaultGazetteer();
const earth = loadEarth();

describe('earthDataset', () => {
  let dataset: EarthDataset;
  beforeAll(() => {
    dataset = earthDataset({ seed: 7, trainCount: 10_000, testCount: 1_500 }, gazetteer, earth);
  });

  it('gives the asked numbers, tests from test blocks only and training from the others', () => {
    expect(dataset.train).toHaveLength(10_000);
    expect(dataset.test).toHaveLength(1_500);
    expect(dataset.train.filter(({ lat, lon }) => splitOf(lat, lon) !== 'train')).toEqual([]);
    expect(dataset.test.filter(({ lat, lon }) => splitOf(lat, lon) !== 'test')).toEqual([]);
  });

  it('stays on the map and resolves every point to a country outside Antarctica', () => {
    for (const { lat, lon, place } of [...dataset.train, ...dataset.test]) {
      expect(lat).toBeGreaterThanOrEqual(SOUTH_LIMIT);
      expect(lat).toBeLessThanOrEqual(NORTH_LIMIT);
      expect(Math.abs(lon)).toBeLessThanOrEqual(180);
      expect(place).toMatchObject({ lat, lon });
      expect(place.countryCode).not.toBe('AQ');
    }
  });

  it('has no point in the middle of an ocean', () => {
    const middles: readonly [number, number, number][] = [
      [0, -140, 1500],
      [30, -45, 1200],
      [-30, -15, 900],
      [-30, 85, 1500],
      [40, -150, 1500],
      [-45, -120, 2000],
      [15, 65, 500],
    ];
    for (const [lat, lon, radiusKm] of middles)
      expect(
        dataset.train.filter((sample) => haversineKm(sample, { lat, lon }) < radiusKm),
      ).toEqual([]);
  });

  it('is uniform by area: shares of the continents', () => {
    // Land areas in million square kilometres; Europe's share depends on where Russia counts.
    const share = (continent: string) =>
      dataset.train.filter(({ place }) => place.continent === continent).length / 10_000;
    expect(share('Africa')).toBeCloseTo(30.3 / 134.7, 1);
    expect(share('South America')).toBeCloseTo(17.8 / 134.7, 1);
    expect(share('Asia') + share('Europe')).toBeCloseTo(54.2 / 134.7, 1);
  });

  it('is as dense in the north as in the tropics', () => {
    // Two boxes that are all land, their areas on the sphere as width x difference of sines.
    const density = (south: number, north: number, west: number, east: number) => {
      const sine = (lat: number) => Math.sin((lat * Math.PI) / 180);
      const inside = dataset.train.filter(
        ({ lat, lon }) => lat > south && lat < north && lon > west && lon < east,
      );
      return inside.length / ((east - west) * (sine(north) - sine(south)));
    };
    const ratio = density(52, 64, 60, 130) / density(15, 30, -5, 30); // Siberia, Sahara
    expect(Math.abs(ratio - 1)).toBeLessThan(0.2);
  });

  it('names each point by its coordinate, and no two points alike', () => {
    const all = [...dataset.train, ...dataset.test];
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    for (const { id, lat, lon } of all.slice(0, 100)) expect(id).toBe(earthSampleId(lat, lon));
    // sha256 of 'earth 60.1699 24.9384', from coreutils.
    expect(earthSampleId(60.1699, 24.9384)).toBe('b91cd23f75511e83');
  });
});

describe('landPoints', () => {
  const draw = (seed: number, count: number, split?: 'train' | 'test') => [
    ...landPoints({ seed, count, split }, gazetteer, earth),
  ];

  it('gives fewer points as the start of more, and other points for another seed', () => {
    const many = draw(3, 1500);
    expect(draw(3, 40)).toEqual(many.slice(0, 40));
    expect(draw(3, 0)).toEqual([]);
    const seen = new Set(many.map(({ id }) => id));
    expect(draw(4, 200).filter(({ id }) => seen.has(id))).toEqual([]);
  });

  it('draws both parts from one stream', () => {
    const both = draw(3, 600);
    const test = both.filter(({ lat, lon }) => splitOf(lat, lon) === 'test');
    expect(test.length).toBeGreaterThan(20);
    expect(draw(3, test.length, 'test')).toEqual(test);
  });

  it('leaves about a tenth of the land to testing', () => {
    const both = draw(11, 20_000);
    const share = both.filter(({ lat, lon }) => splitOf(lat, lon) === 'test').length / 20_000;
    expect(Math.abs(share - 0.1)).toBeLessThan(0.01);
  });

  it('writes coordinates with four decimals', () => {
    for (const { lat, lon } of draw(3, 200)) {
      expect(lat).toBe(Number(lat.toFixed(4)));
      expect(lon).toBe(Number(lon.toFixed(4)));
    }
  });
});

describe('open water', () => {
  it.each([
    ['the Pacific', 0, -140],
    ['the North Sea', 56, 3],
    ['the Black Sea', 43, 34],
    ['the Bahama Banks', 24, -78],
    ['Lake Superior', 47.7, -87.5],
    ['Lake Victoria', -1, 33],
  ])('is seen in %s', (_, lat, lon) => {
    expect(isOpenWater(earth, lat, lon)).toBe(true);
  });

  it.each([
    ['the Congo basin', 0, 22],
    ['the Amazon', -4, -62],
    ['the Sahara', 24, 10],
    ['Siberian snow', 65, 100],
    ['Greenland', 72, -40],
    ['Tasmania', -42, 146.5],
    ['British Columbia', 54, -124],
  ])('is not seen in %s', (_, lat, lon) => {
    expect(isOpenWater(earth, lat, lon)).toBe(false);
  });

  it('is a rule about colours', () => {
    expect(isWaterColour(20, 40, 39)).toBe(false); // green
    expect(isWaterColour(20, 30, 39)).toBe(true);
    expect(isWaterColour(20, 30, 38)).toBe(false); // not clearly bluer than red
    expect(isWaterColour(12, 12, 11)).toBe(true); // nearly black
    expect(isWaterColour(12, 12, 12)).toBe(false);
  });
});

describe('jitter', () => {
  it('scales by 0.85 to 1.15, evenly', () => {
    const source = random('jitter');
    const scales = Array.from({ length: 4000 }, () => jitter(source).scale);
    expect(Math.min(...scales)).toBeGreaterThanOrEqual(0.85);
    expect(Math.min(...scales)).toBeLessThan(0.852);
    expect(Math.max(...scales)).toBeLessThan(1.15);
    expect(Math.max(...scales)).toBeGreaterThan(1.148);
    expect(scales.reduce((a, b) => a + b) / scales.length).toBeCloseTo(1, 2);
  });
});
