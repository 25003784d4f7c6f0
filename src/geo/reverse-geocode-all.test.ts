import { describe, expect, it } from 'vitest';
import { random } from '../core/index.ts';
import { defaultGazetteer } from '../data/index.ts';
import type { Coordinate } from './place.ts';
import { withPolicy } from './policy.ts';
import { reverseGeocode } from './reverse-geocode.ts';
import { reverseGeocodeAll } from './reverse-geocode-all.ts';

const gazetteer = defaultGazetteer();
const { cities } = gazetteer;

/** Places in town and country, the sea, both ends of every axis, and what is no coordinate. */
function mixture(): Coordinate[] {
  const source = random('reverse-geocode-all');
  const points = Array.from({ length: 4000 }, (_, i): Coordinate => {
    if (i % 2 === 0) return { lat: 180 * source.uniform() - 90, lon: 360 * source.uniform() - 180 };
    const city = source.integer(cities.count);
    return { lat: cities.lat[city]! + 0.1 * source.normal(), lon: cities.lon[city]! };
  });
  for (const lat of [-90, -16.85, 90, 91, Number.NaN])
    for (const lon of [-180, 0, 180, 181, Number.NEGATIVE_INFINITY]) points.push({ lat, lon });
  return points;
}

describe('reverseGeocodeAll', () => {
  const points = mixture();

  it('says what reverseGeocode says, point by point and in order', () => {
    const all = reverseGeocodeAll(gazetteer, points);
    expect(all.length).toBe(points.length);
    const expected = points.map(({ lat, lon }) => reverseGeocode(gazetteer, lat, lon));
    expect([...all]).toEqual(expected);
    expect(expected.filter(Boolean).length).toBeGreaterThan(2000);
    expect(all.at(1)).toEqual(expected[1]);
  });

  it('follows the policy and the level', () => {
    const changed = withPolicy(gazetteer, { Kosovo: 'GL' });
    const some = [
      { lat: 42.6629, lon: 21.1655 },
      { lat: -20.88, lon: 55.45 },
    ];
    const all = reverseGeocodeAll(changed, some, { level: 'sovereign' });
    expect([...all].map((place) => place?.country)).toEqual(['Denmark', 'France']);
  });

  it('has nothing beyond its ends', () => {
    const all = reverseGeocodeAll(gazetteer, [{ lat: 60.17, lon: 24.94 }]);
    expect(all.at(0)?.city).toBe('Helsinki');
    for (const index of [-1, 1, Number.NaN]) expect(all.at(index)).toBeNull();
    expect([...reverseGeocodeAll(gazetteer, [])]).toEqual([]);
  });
});
