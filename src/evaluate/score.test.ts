import { describe, expect, it } from 'vitest';
import type { GeocodeMatch, Geocoder } from '../geo/index.ts';
import { compareRuns, evaluatePredictions, evaluateRows, type PredictionRow } from './index.ts';
import { countedRows, scorePredictions } from './score.ts';
import { truthTable } from './truth-table.ts';

const truth = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((id) => ({ id, lat: 60, lon: 25 }));
const table = truthTable(truth);

const said: readonly PredictionRow[] = [
  { id: 'a', lat: 60, lon: 25 },
  { id: 'b', completion: 'Coordinates: (60.0, 25.0)' },
  { id: 'c', completion: 'lat: 60.0, lon: 25.0' },
  { id: 'd', completion: 'somewhere nice' },
  { id: 'e', completion: 'I cannot determine the location of this image.' },
  { id: 'f', completion: '   ' },
  { id: 'g', lat: 60 },
];

describe('readings', () => {
  it('add up to all rows, each with its kind', () => {
    const { readings, valid, n } = evaluatePredictions(truth, said);
    expect(readings).toEqual({
      ...{ given: 1, strict: 1, repaired: 1, unreadable: 2, refusal: 2, missing: 1 },
    });
    expect(Object.values(readings).reduce((sum, count) => sum + count, 0)).toBe(n);
    expect(valid).toMatchObject({ count: 3, percent: 37.5 });
  });

  it('strict takes repaired answers as none, and both readings stand side by side', () => {
    const rows = scorePredictions(table, said);
    const strict = evaluateRows(rows, { reading: 'strict' });
    expect(strict).toMatchObject({ answered: 2, invalid: 6, reading: 'strict' });
    expect(strict.accuracy[0]!.count).toBe(2);
    const { tolerant } = strict.byReading ?? {};
    expect([tolerant?.answered, tolerant?.accuracy[0]?.count]).toEqual([3, 3]);
    expect(evaluateRows(rows).byReading).toEqual(strict.byReading);
    expect(countedRows(rows, 'strict').lat[2]).toBeNaN();
    expect(rows.lat[2]).toBe(60); // the scored rows stay as they were
    expect(evaluatePredictions(truth, [said[0]!])).not.toHaveProperty('byReading');
  });

  it('of two runs are the same reading', () => {
    const rows = scorePredictions(table, said);
    const all = scorePredictions(table, truth);
    expect(compareRuns(rows, all).accuracy[0]).toMatchObject({ onlyFirst: 0, onlySecond: 5 });
    expect(compareRuns(rows, all, { reading: 'strict' }).accuracy[0]!.onlySecond).toBe(6);
    expect(() => compareRuns(rows, scorePredictions(truthTable(truth), said))).toThrow(
      'same truth',
    );
  });
});

describe('answers that name places', () => {
  const places: Record<string, GeocodeMatch> = {
    Helsinki: {
      ...{ lat: 60.17, lon: 24.94, level: 'city', name: 'Helsinki' },
      ...{ countryCode: 'FI', country: 'Finland', city: 'Helsinki' },
    },
    Finland: {
      ...{ lat: 60.17, lon: 24.94, level: 'country', name: 'Finland' },
      ...{ countryCode: 'FI', country: 'Finland' },
    },
  };
  const geocode: Geocoder = (query) => {
    if (typeof query === 'string') return null;
    return places[query.city ?? ''] ?? places[query.country ?? ''] ?? null;
  };
  const globe = (country: string, city: string) =>
    `<think>x</think><answer>country: ${country}\ncity: ${city}</answer>`;
  const predictions = [
    { id: 'a', completion: globe('Finland', 'Helsinki') },
    { id: 'b', completion: globe('Finland', 'Nowhere Town') },
    { id: 'c', completion: globe('Atlantis', 'Poseidonis') },
    { id: 'd', completion: 'no idea what to say (60.0, 25.0)' },
    { id: 'e', lat: 60, lon: 25 },
  ];

  it('are looked up, and the level found is counted', () => {
    const result = evaluatePredictions(truth, predictions, { contract: 'globe', geocode });
    expect(result.geocoded).toEqual({ city: 1, region: 0, country: 1, none: 1 });
    expect(result).toMatchObject({ answered: 3, contract: 'globe' });
    expect(result.readings).toMatchObject({ strict: 3, given: 1 });
    expect(result.accuracy.map(({ count }) => count)).toEqual([1, 3, 3, 3, 3]);
  });

  it('need a geocoder', () => {
    expect(() => evaluatePredictions(truth, predictions, { contract: 'globe' })).toThrow(
      'give no coordinate',
    );
    // coordinates alone need none
    expect(evaluatePredictions(truth, predictions.slice(4), { contract: 'globe' }).answered).toBe(
      1,
    );
  });
});

describe('a very long completion', () => {
  it('is read like any other', () => {
    const completion = `${'word '.repeat(2_000_000)}(60.0, 25.0)`;
    expect(evaluatePredictions(truth, [{ id: 'a', completion }]).readings.strict).toBe(1);
  });
});
