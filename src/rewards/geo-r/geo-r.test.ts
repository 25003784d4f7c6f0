import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildChain } from '../../chain/index.ts';
import { type Coordinate, haversineKm } from '../../geo/index.ts';
import { geoRDistanceReward, geoRReward, rewardByName, rewardNames } from '../index.ts';

describe('geoRDistanceReward', () => {
  it.each([
    [0, 1],
    [375, 0.75],
    [750, 0.5],
    [1625, 0.35],
    [2500, 0.2],
    [11250, 0.1],
    [20000, 0],
    [20015, 0],
    [Number.POSITIVE_INFINITY, 0],
  ])('is as printed in the paper at %f km', (distance, reward) => {
    expect(geoRDistanceReward(distance)).toBeCloseTo(reward, 12);
  });

  it.each([
    [0, 1],
    [750, 0.5],
    [2500, 0.2667],
    [3000, 0.2],
    [100, 0.9333],
    [20000, 0],
  ])('is as in the released code at %f km', (distance, reward) => {
    expect(geoRDistanceReward(distance, 'released')).toBe(reward);
  });

  it('is continuous at its breakpoints', () => {
    for (const at of [750, 2500, 20000])
      expect(geoRDistanceReward(at - 1e-6)).toBeCloseTo(geoRDistanceReward(at + 1e-6), 8);
  });

  it('never rises with distance and stays in [0, 1]', () => {
    const kilometres = fc.double({ min: 0, max: 20016, noNaN: true });
    fc.assert(
      fc.property(kilometres, kilometres, fc.constantFrom('paper', 'released'), (a, b, variant) => {
        const [near, far] = [Math.min(a, b), Math.max(a, b)].map((d) =>
          geoRDistanceReward(d, variant as 'paper' | 'released'),
        );
        expect(near).toBeGreaterThanOrEqual(far!);
        expect(near).toBeLessThanOrEqual(1);
        expect(far).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('refuses what is no distance', () => {
    expect(() => geoRDistanceReward(-1)).toThrow('distance');
    expect(() => geoRDistanceReward(Number.NaN)).toThrow('distance');
  });
});

describe('geoRReward', () => {
  const target: Coordinate = { lat: 48.8566, lon: 2.3522 };
  const london = '(51.5074, -0.1278)';
  const d = haversineKm(target, { lat: 51.5074, lon: -0.1278 });
  const score = (completion: string, variant?: 'paper' | 'released') => {
    const { total, parts } = geoRReward(variant ? { variant } : {})({
      completions: [completion],
      targets: [target],
    });
    const { distance, format } = parts;
    return [total[0], distance![0], format![0]];
  };

  it('is the product of its parts as in eq. (7), or the sum as released', () => {
    const near = 1 - (0.5 * d) / 750;
    expect(score(london)).toEqual([near, near, 1]);
    const rounded = Math.round(near * 1e4) / 1e4;
    expect(score(london, 'released')).toEqual([rounded + 1, rounded, 1]);
  });

  it('gives nothing for two pairs or none, whatever the distance', () => {
    expect(score(`${london} or (48.8566, 2.3522)`)).toEqual([0, 1, 0]);
    expect(score('48.8566, 2.3522')).toEqual([0, 1, 0]);
    expect(score('Paris')).toEqual([0, 0, 0]);
    expect(score('Paris', 'released')).toEqual([0, 0, 0]);
  });

  it('leaves a completion with an impossible target unscored and says why', () => {
    const { total, parts, unscored, distanceKm } = geoRReward()({
      completions: [london, london],
      targets: [{ lat: Number.NaN, lon: 0 }, target],
    });
    expect(total[0]).toBeNull();
    expect(distanceKm).toEqual([null, expect.closeTo(d, 9)]);
    expect(Object.values(parts)).toEqual([
      [null, expect.any(Number)],
      [null, 1],
    ]);
    expect(unscored[0]).toContain('not a coordinate');
    expect(unscored[1]).toBeNull();
  });

  it('judges the chain above the coordinate when asked, beside the total or in it', () => {
    const place = { country: 'France', region: 'Ile-de-France', city: 'Paris' };
    const placeAt = ({ lat }: Coordinate) => (lat > 50 ? { country: 'United Kingdom' } : place);
    const batch = {
      completions: [
        'Country: France\nState: Île-de-France\nCity: Paris\nCoordinates: (48.8566, 2.3522)',
        'Country: France\nCity: Paris\nCoordinates: (51.5074, -0.1278)',
        'Country: France',
      ],
      targets: [target, target, target],
    };
    const run = (extras: Readonly<Record<string, number>>) =>
      geoRReward({ extras, placeAt })(batch);
    const reported = run({ chainConsistency: 0, levels: 0 });
    expect(reported.parts['chainConsistency']).toEqual([1, 0, 0]);
    expect(reported.parts['levels']).toEqual([1, 2 / 3, 1 / 3]);
    expect(reported.total).toEqual(geoRReward()(batch).total);
    const near = 1 - (0.5 * d) / 750;
    expect(run({ levels: 0.3 }).total).toEqual([1.3, near + 0.3 * (2 / 3), 0.3 * (1 / 3)]);
    expect(Object.keys(geoRReward()(batch).parts)).toEqual(['distance', 'format']);
  });

  it('says why an extra could not be computed, and refuses what makes no sense', () => {
    const batch = { completions: [london], targets: [target] };
    const { total, unscored } = geoRReward({ extras: { levels: 1 } })(batch);
    expect([total, unscored]).toEqual([[null], ['the true place has no names']]);
    const atSea = geoRReward({ extras: { levels: 0, chainConsistency: 1 }, placeAt: () => null });
    expect(atSea(batch)).toMatchObject({
      total: [expect.any(Number)],
      parts: { levels: [null], chainConsistency: [0] },
    });
    expect(() => geoRReward({ extras: { chainConsistency: 1 } })).toThrow('needs the names');
    expect(() => geoRReward({ extras: { levels: -1 } })).toThrow('the weight of levels is -1');
  });

  it('refuses lists of different length', () => {
    expect(() => geoRReward()({ completions: ['a', 'b'], targets: [target] })).toThrow('targets');
    expect(() => geoRReward()({ completions: ['a'], targets: [target], groups: [1, 2] })).toThrow(
      'groups',
    );
  });

  const place = fc.record({
    lat: fc.double({ min: -90, max: 90, noNaN: true }),
    lon: fc.double({ min: -180, max: 180, noNaN: true }),
  });

  it('gives the gold answer of any place full marks', () => {
    fc.assert(
      fc.property(place, fc.constantFrom('direct', 'cot', 'cor'), (at, condition) => {
        const gold = buildChain(
          { ...at, continent: 'Asia', country: 'Japan', countryCode: 'JP', city: 'Biei (Town), 3' },
          'geo-r',
          { condition: condition as 'cor' },
        );
        const { total } = geoRReward()({ completions: [gold], targets: [at] });
        expect(total[0]).toBeGreaterThan(1 - 1e-5); // four decimals are up to 8 m off
      }),
    );
  });

  it('scores each completion by itself: order of the batch does not matter', () => {
    const text = fc.oneof(
      fc.constantFrom(london, 'x', '(1.0, 2.0) (3.0, 4.0)', '5.5, 6.5'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(text, place), { maxLength: 8 }), (rows) => {
        const run = (list: typeof rows) =>
          geoRReward()({ completions: list.map((r) => r[0]), targets: list.map((r) => r[1]) })
            .total;
        expect(run(rows.toReversed()).toReversed()).toEqual(run(rows));
      }),
    );
  });
});

describe('rewardByName', () => {
  it('finds the recipes and names them when asked for another', async () => {
    expect(rewardNames).toContain('geo-r');
    const result = await rewardByName('geo-r', { variant: 'released' })({
      completions: ['(1.0, 2.0)'],
      targets: [{ lat: 1, lon: 2 }],
    });
    expect(result.total).toEqual([2]);
    for (const name of ['geo', 'constructor'])
      expect(() => rewardByName(name)).toThrow(`no reward for recipe '${name}'`);
  });
});
