import { describe, expect, it } from 'vitest';
import type { Place } from '../geo/index.ts';
import { evaluatePredictions, geoScore, wilsonShare } from './index.ts';

/** One degree of a great circle on the sphere of 6371 km. */
const DEGREE_KM = (Math.PI * 6371) / 180;
const truth = ['a', 'b', 'c', 'd'].map((id) => ({ id, lat: 0, lon: 0 }));
const east = (id: string, km: number) => ({ id, lat: 0, lon: km / DEGREE_KM });

describe('evaluatePredictions', () => {
  it('counts thresholds over all truth rows, answered or not', () => {
    const result = evaluatePredictions(truth, [
      east('a', 0.5),
      east('b', 100),
      { id: 'c', completion: 'I cannot tell.' },
    ]);
    expect(result).toMatchObject({ n: 4, answered: 2, invalid: 2 });
    expect(result).toMatchObject({ distance: 'haversine', comparison: '<=', repairs: {} });
    expect(result.readings).toMatchObject({ given: 2, refusal: 1, missing: 1, unreadable: 0 });
    expect(result.accuracy.map((a) => [a.thresholdKm, a.count, a.percent])).toEqual([
      [1, 1, 25],
      [25, 1, 25],
      [200, 2, 50],
      [750, 2, 50],
      [2500, 2, 50],
    ]);
    expect(result.meanKm).toBeCloseTo(50.25, 9); // of the answered
    expect(result.medianKm).toBeNull(); // between 100 km and infinitely far
  });

  it('takes the median over all rows and the score of nothing as 0', () => {
    const three = evaluatePredictions(truth, [east('a', 10), east('b', 20), east('c', 30)]);
    expect(three.medianKm).toBeCloseTo(25, 9);
    const points = [10, 20, 30].map((d) => 5000 * Math.exp((-10 * d) / 18050));
    expect(three.geoScore[1]).toMatchObject({ scaleKm: 1805, rounded: false });
    expect(three.geoScore[1]!.value).toBeCloseTo((points[0]! + points[1]! + points[2]!) / 4, 8);
    const rounded = [10, 20, 30].map((d) => Math.round(5000 * Math.exp(-d / 1492.7)));
    expect(three.geoScore[0]).toMatchObject({
      scaleKm: 1492.7,
      rounded: true,
      value: (rounded[0]! + rounded[1]! + rounded[2]!) / 4,
    });
  });

  it('counts an answer on the threshold by `<=` and not by `<`', () => {
    const here = [{ id: 'a', lat: 0, lon: 0 }];
    const count = (comparison: '<=' | '<') =>
      evaluatePredictions(here, here, { comparison, thresholdsKm: [0] }).accuracy[0]!.count;
    expect([count('<='), count('<')]).toEqual([1, 0]);
  });

  it('reads completions with repairs and counts them; a given coordinate counts before the text', () => {
    const result = evaluatePredictions(truth, [
      { id: 'a', completion: 'lat: 0.0, lon: 0.0' },
      { id: 'b', completion: '(0.0, 0.0)' },
      { id: 'c', completion: '(0.0, 0.0)', lat: 45, lon: 45 },
      { id: 'd', completion: '(0.0, 0.0) or (1.0, 1.0)' },
    ]);
    expect(result.repairs).toEqual({ labelled: 1, 'several-candidates': 1 });
    expect(result.accuracy[0]!.count).toBe(2);
    expect(result.answered).toBe(4);
    expect(evaluatePredictions(truth, [east('a', 1)])).not.toHaveProperty('repairs');
  });

  it('takes half a coordinate and one off the globe as no answer, never as (0, 0)', () => {
    const result = evaluatePredictions(truth, [
      { id: 'a', lat: 0 },
      { id: 'b', lat: 0, lon: 181 },
      { id: 'c', lat: Number.NaN, lon: 0 },
      { id: 'd' },
    ]);
    expect(result).toMatchObject({ answered: 0, invalid: 4, medianKm: null, meanKm: null });
    expect(result.geoScore.map((score) => score.value)).toEqual([0, 0]);
  });

  it('joins on whole ids and refuses strangers, repeats, an empty or impossible truth', () => {
    const stem = [{ id: 'x_1.jpg', lat: 0, lon: 0 }];
    expect(() => evaluatePredictions(stem, [{ id: 'x_1' }])).toThrow('no truth row: x_1');
    expect(() => evaluatePredictions(truth, [{ id: 'a' }, { id: 'a' }])).toThrow(
      'predictions occur twice',
    );
    expect(() => evaluatePredictions([...truth, ...truth], [])).toThrow('4 ids of the truth');
    expect(() => evaluatePredictions([], [])).toThrow('no truth rows');
    expect(() => evaluatePredictions([{ id: 'a', lat: 91, lon: 0 }], [])).toThrow('no coordinate');
  });

  it('measures on the ellipsoid when asked to', () => {
    // One degree of meridian from the equator: 110.574 km on WGS84, 111.195 km on the sphere.
    const here = [{ id: 'a', lat: 0, lon: 0 }];
    const mean = (distance: 'haversine' | 'wgs84') =>
      evaluatePredictions(here, [{ id: 'a', lat: 1, lon: 0 }], { distance }).meanKm;
    expect(mean('wgs84')).toBeCloseTo(110.574389, 6);
    expect(mean('haversine')).toBeCloseTo(DEGREE_KM, 9);
  });

  it('does not depend on the order of the predictions', () => {
    const rows = [east('a', 3), east('b', 300), east('c', 3000)];
    expect(evaluatePredictions(truth, rows.toReversed())).toEqual(evaluatePredictions(truth, rows));
  });
});

describe('wilsonShare', () => {
  // Independent values: scipy 1.17.1, binomtest(count, n).proportion_ci(method='wilson').
  it.each([
    [0, 10, 0, 27.7532799],
    [10, 10, 72.2467201, 100],
    [5, 10, 23.6593091, 76.3406909],
    [1245, 2997, 39.7891769, 43.315562],
  ])('%i of %i', (count, n, low, high) => {
    const share = wilsonShare(count, n);
    expect(share.percent).toBeCloseTo((100 * count) / n, 12);
    expect(share.ciLow).toBeCloseTo(low, 4);
    expect(share.ciHigh).toBeCloseTo(high, 4);
  });

  it('knows nothing from nothing', () => {
    expect(wilsonShare(0, 0)).toEqual({ count: 0, percent: 0, ciLow: 0, ciHigh: 100 });
  });
});

describe('geoScore', () => {
  it('is 5000 at the truth and 5000 / e at its scale', () => {
    expect(geoScore(0, 1492.7, true)).toBe(5000);
    expect(geoScore(1492.7, 1492.7, true)).toBe(1839);
    expect(geoScore(1805, 1805, false)).toBeCloseTo(5000 / Math.E, 9);
    expect(geoScore(Number.POSITIVE_INFINITY, 1805, false)).toBe(0);
  });
});

describe('levels', () => {
  // A world in which the latitude picks the place.
  const at = (countryCode: string, region?: string, city?: string): Place => ({
    ...{ lat: 0, lon: 0, continent: 'Europe', country: countryCode, countryCode },
    ...(region && { region }),
    ...(city && { city }),
  });
  const places = [at('DE', 'Bavaria', 'Neustadt'), at('DE', 'Hesse', 'Neustadt'), at('FR'), null];
  const placeAt = (lat: number): Place | null => places[lat] ?? null;

  it('wants the region in the country and the city in the region', () => {
    const ids = ['same', 'other-region', 'other-country', 'sea', 'silent', 'no-region'];
    const { levels } = evaluatePredictions(
      ids.map((id) => ({ id, lat: id === 'no-region' ? 2 : 0, lon: 0 })),
      [0, 1, 2, 3, undefined, 2].map((lat, i) =>
        lat === undefined ? { id: ids[i]! } : { id: ids[i]!, lat, lon: 0 },
      ),
      { reverseGeocode: placeAt },
    );
    const { country, region, city } = levels!;
    expect([country.count, country.n]).toEqual([3, 6]);
    expect([region.count, region.n]).toEqual([1, 5]);
    expect([city.count, city.n]).toEqual([1, 5]);
    expect(city.percent).toBe(20);
  });

  it('is part of the evaluation only when a finder of places is given', () => {
    const row = [{ id: 'a', lat: 0, lon: 0 }];
    expect(evaluatePredictions(row, row)).not.toHaveProperty('levels');
    const { levels } = evaluatePredictions(row, row, { reverseGeocode: placeAt });
    expect(levels?.city.count).toBe(1);
  });
});
