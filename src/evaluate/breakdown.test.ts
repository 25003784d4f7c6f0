import { describe, expect, it } from 'vitest';
import type { Place } from '../geo/index.ts';
import { evaluatePredictions, type Grouping, type TruthRow } from './index.ts';

/** Rows at the equator; those listed as right are answered there, the others not at all. */
function groupsOf(
  values: readonly (string | undefined)[],
  right: readonly number[],
  grouping: Grouping,
) {
  const truth = values.map(
    (value, i): TruthRow => ({
      ...{ id: String(i), lat: 0, lon: 0 },
      ...(value !== undefined && { attributes: { [grouping.column]: value } }),
    }),
  );
  const said = right.map((i) => ({ id: String(i), lat: 0, lon: 0 }));
  const { breakdowns } = evaluatePredictions(truth, said, { by: [grouping] });
  return breakdowns![0]!.groups.map(({ group, n, accuracy }) => [group, n, accuracy[0]!.count]);
}

describe('breakdown', () => {
  it('has every row in one group, the largest text first, those without a value last', () => {
    const values = ['street', 'forest', 'street', undefined, 'indoor', 'street'];
    expect(groupsOf(values, [0, 2, 3], { column: 'kind' })).toEqual([
      ['street', 3, 2],
      ['forest', 1, 0],
      ['indoor', 1, 0],
      ['(none)', 1, 1],
    ]);
  });

  it('names scene classes and sorts numbers as numbers', () => {
    expect(groupsOf(['2', '0', '1', '2'], [0], { column: 'S3_Label' })).toEqual([
      ['indoor', 1, 0],
      ['natural', 1, 0],
      ['urban', 2, 1],
    ]);
    expect(groupsOf(['10', '9', '10'], [], { column: 'score' }).map(([group]) => group)).toEqual([
      ...['9', '10'],
    ]);
  });

  it('puts many numbers into buckets of about equal size, or of a given width', () => {
    const values = Array.from({ length: 100 }, (_, i) => String(i / 10));
    const equal = groupsOf(values, [], { column: 'score' });
    expect(equal.map(([, n]) => n)).toEqual([20, 20, 20, 20, 20]);
    expect(equal[0]![0]).toBe('0 to < 2');
    expect(equal[4]![0]).toBe('8 to 9.9');
    const wide = groupsOf(values, [99], { column: 'score', bucketWidth: 4 });
    expect(wide).toEqual([
      ['0 to < 4', 40, 0],
      ['4 to < 8', 40, 0],
      ['8 to < 12', 20, 1],
    ]);
  });

  it('keeps labels apart however many there are, and refuses what makes no groups', () => {
    const many = Array.from({ length: 365 }, (_, i) => String(i));
    expect(groupsOf(many, [], { column: 'S365_Label' })).toHaveLength(365);
    const texts = Array.from({ length: 501 }, (_, i) => `name ${i}`);
    expect(() => groupsOf(texts, [], { column: 'author' })).toThrow('501 different values');
    expect(() => groupsOf(['a'], [], { column: 'x', bucketWidth: 1 })).toThrow('no bucket width');
    expect(() =>
      evaluatePredictions([{ id: 'a', lat: 0, lon: 0 }], [], { by: [{ column: 'continent' }] }),
    ).toThrow('no column continent');
  });

  it('resolves continents and countries, and says which countries are confused', () => {
    // The sign of the latitude picks the country.
    const placeAt = (lat: number): Place => ({
      ...{ lat, lon: 0, countryCode: lat > 0 ? 'FR' : 'GA', country: lat > 0 ? 'France' : 'Gabon' },
      continent: lat > 0 ? 'Europe' : 'Africa',
    });
    const truth = [1, 1, 1, -1].map((lat, i) => ({ id: String(i), lat, lon: 0 }));
    const said = [1, -1, -1, -1].map((lat, i) => ({ id: String(i), lat, lon: 0 }));
    const result = evaluatePredictions(truth, said, {
      reverseGeocode: placeAt,
      by: [{ column: 'continent' }, { column: 'country' }],
    });
    expect(result.confusions).toEqual([{ truth: 'France', answered: 'Gabon', count: 2 }]);
    expect(
      result.breakdowns!.map(({ by, groups }) => [by, groups.map(({ group, n }) => [group, n])]),
    ).toEqual([
      [
        'continent',
        [
          ['Europe', 3],
          ['Africa', 1],
        ],
      ],
      [
        'country',
        [
          ['France', 3],
          ['Gabon', 1],
        ],
      ],
    ]);
    const [europe] = result.breakdowns![0]!.groups;
    expect(europe!.accuracy[0]).toMatchObject({ count: 1, thresholdKm: 1 });
    expect(europe!.medianKm).toBeCloseTo((2 * Math.PI * 6371) / 180, 9);
  });
});

describe('reliability', () => {
  it('compares a stated confidence with what came of it', () => {
    const truth = Array.from({ length: 6 }, (_, i) => ({ id: String(i), lat: 0, lon: 0 }));
    const confidences = [0.95, 0.95, 0.2, 1, 7, undefined];
    const said = confidences.map((confidence, i) => ({
      ...{ id: String(i), lat: i === 1 ? 1 : 0, lon: 0 },
      ...(confidence !== undefined && { confidence }),
    }));
    const { reliability } = evaluatePredictions(truth, said);
    expect(reliability).toMatchObject({ withinKm: 25, n: 4, ignored: 1 });
    expect(reliability!.bins.map(({ from, n, count }) => [from, n, count])).toEqual([
      [0.2, 1, 1],
      [0.9, 3, 2],
    ]);
    // by hand: 1/4 |1 - 0.2| + 3/4 |2/3 - 2.9/3|
    expect(reliability!.expectedCalibrationError).toBeCloseTo(0.2 + 0.225, 12);
    const near = evaluatePredictions(truth, said, { confidenceKm: 200 }).reliability!;
    expect(near.bins[1]!.count).toBe(3);
    expect(evaluatePredictions(truth, truth)).not.toHaveProperty('reliability');
  });
});
