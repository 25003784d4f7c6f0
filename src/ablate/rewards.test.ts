import { describe, expect, it } from 'vitest';
import { parseAnswer } from '../chain/index.ts';
import { defaultGazetteer } from '../data/index.ts';
import { recast, rememberingGeocoder, trainingReward } from './rewards.ts';

const gazetteer = defaultGazetteer();
const geocoder = rememberingGeocoder(gazetteer);
const helsinki = { lat: 60.17, lon: 24.94 };
const chain = (country: string, region: string, city: string): string =>
  `Country: ${country}\nState: ${region}\nCity: ${city}\nCoordinates: (0.0, 0.0)`;
const right = chain('Finland', 'Uusimaa', 'Helsinki');

describe('recast', () => {
  it('keeps the names through the other contracts', () => {
    for (const contract of ['globe', 'geoagent'] as const)
      expect(parseAnswer(recast(parseAnswer(right, 'geo-r'), contract), contract)).toMatchObject({
        country: 'Finland',
        city: 'Helsinki',
      });
    expect(recast(parseAnswer('(1.0, 2.0)', 'geo-r'), 'globe')).toBe('');
  });
});

describe('the rewards of the recipes on a chain', () => {
  const score = async (name: 'geo-r' | 'globe' | 'geoagent', ...completions: string[]) =>
    (
      await trainingReward(
        name,
        gazetteer,
        geocoder,
      )({
        completions,
        targets: completions.map(() => helsinki),
      })
    ).total;

  it('are of names for GLOBE: country and city, country alone, neither', async () => {
    const [both, country, none, text] = await score(
      'globe',
      right,
      chain('Finland', 'Uusimaa', 'Tampere'),
      chain('Sweden', 'Uusimaa', 'Helsinki'),
      'no idea',
    );
    expect(both).toBe(1);
    expect(country).toBeCloseTo(0.2, 12);
    expect([none, text]).toEqual([0, 0]);
  });

  it('are of names and where they lie for GeoAgent', async () => {
    const [best, far, text] = await score(
      'geoagent',
      right,
      chain('Chile', 'Antofagasta', 'Calama'),
      'no idea',
    );
    expect(best).toBeGreaterThan(2.4); // 1.5 x nearly 1 for the place, 1 for the names
    expect(far).toBeLessThan(0.01);
    expect(text).toBe(0);
  });

  it('are of the coordinate for Geo-R', async () => {
    const [wrong, near] = await score('geo-r', right, 'Coordinates: (60.2, 24.9)');
    expect(wrong).toBeLessThan(0.2);
    expect(near).toBeGreaterThan(0.99);
  });
});
