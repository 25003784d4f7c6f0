import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { evaluateRows, scorePredictions, truthTable } from './index.ts';

const measured = z.object({
  answered: z.number(),
  '<=': z.array(z.number()),
  '<': z.array(z.number()),
  medianKm: z.number(),
  meanKm: z.number(),
  geoScore: z.array(z.number()),
  km: z.array(z.number().nullable()),
});
const coordinates = z.record(z.string(), z.tuple([z.number(), z.number()]));
const golden = z
  .object({ truth: coordinates, answers: coordinates, haversine: measured, wgs84: measured })
  .parse(
    JSON.parse(readFileSync(new URL('../../test/golden/evaluate.json', import.meta.url), 'utf8')),
  );

const rowsOf = (points: z.infer<typeof coordinates>) =>
  Object.entries(points).map(([id, [lat, lon]]) => ({ id, lat, lon }));
const truth = truthTable(rowsOf(golden.truth));

// Made by interop/make_evaluate_golden.py: NumPy, and geographiclib in Python.
describe.each(['haversine', 'wgs84'] as const)('%s', (distance) => {
  const expected = golden[distance];
  const rows = scorePredictions(truth, rowsOf(golden.answers), { distance });

  it('gives the kilometres of another implementation, row by row', () => {
    expect(rows.distanceKm.filter(Number.isFinite)).toHaveLength(expected.answered);
    rows.distanceKm.forEach((km, row) => {
      const other = expected.km[row] ?? Number.POSITIVE_INFINITY;
      if (Number.isFinite(other)) expect(km, truth.ids[row]!).toBeCloseTo(other, 9);
      else expect(km).toBe(other);
    });
  });

  it.each(['<=', '<'] as const)('and its figures, %s', (comparison) => {
    const result = evaluateRows(rows, { comparison });
    expect(result.accuracy.map(({ count }) => count)).toEqual(expected[comparison]);
    expect(result.medianKm).toBeCloseTo(expected.medianKm, 9);
    expect(result.meanKm).toBeCloseTo(expected.meanKm, 9);
    expect(result.geoScore.map(({ value }) => value)).toEqual(
      expected.geoScore.map((value) => expect.closeTo(value, 6)),
    );
  });
});
