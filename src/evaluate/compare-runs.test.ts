import { describe, expect, it } from 'vitest';
import { random } from '../core/index.ts';
import { compareDistances, formatComparison } from './index.ts';

const source = random('runs');
/** 400 pictures: the first run is nearer by a fifth, and answers a few that the second does not. */
const second = Float64Array.from({ length: 400 }, () => 10 ** (4 * source.uniform()));
const first = second.map((distance) => 0.8 * distance);
second.fill(Number.POSITIVE_INFINITY, 0, 12);

describe('compareDistances', () => {
  it('counts what only one has within a threshold, and gives the difference in points', () => {
    const a = Float64Array.from([1, 30, 30, 5]);
    const b = Float64Array.from([2, 1, 1, Number.POSITIVE_INFINITY]);
    const { accuracy } = compareDistances(a, b, { thresholdsKm: [1, 25] });
    expect(accuracy[0]).toMatchObject({ onlyFirst: 1, onlySecond: 2, difference: -25 });
    expect(accuracy[1]).toMatchObject({ onlyFirst: 1, onlySecond: 2, difference: -25 });
    const strict = compareDistances(a, b, { thresholdsKm: [1], comparison: '<' });
    expect(strict.accuracy[0]).toMatchObject({ onlyFirst: 0, onlySecond: 0, difference: 0 });
  });

  it('calls a run better where the interval excludes 0, and turns with the order', () => {
    const forward = compareDistances(first, second);
    const backward = compareDistances(second, first);
    expect(forward.geoScore.map(({ verdict }) => verdict)).toEqual(['better', 'better']);
    expect(forward.medianKm.verdict).toBe('better');
    expect(forward.medianKm.difference).toBeLessThan(0); // nearer, though higher is not better
    expect(backward.medianKm.verdict).toBe('worse');
    expect(backward.geoScore[0]!.difference).toBeCloseTo(-forward.geoScore[0]!.difference!, 9);
    for (const figure of [...forward.accuracy, ...forward.geoScore]) {
      expect(figure.ciLow!).toBeLessThanOrEqual(figure.difference!);
      expect(figure.ciHigh!).toBeGreaterThanOrEqual(figure.difference!);
    }
  });

  it('shows no difference between a run and itself, nor between equals', () => {
    const same = compareDistances(first, first);
    for (const figure of [...same.accuracy, same.medianKm, ...same.geoScore])
      expect(figure).toMatchObject({ difference: 0, verdict: 'no difference shown' });
    const shuffled = first.toReversed();
    expect(compareDistances(first, shuffled).geoScore[0]!.verdict).toBe('no difference shown');
  });

  it('has no median where one is infinite, and refuses what are no pairs', () => {
    const silent = new Float64Array(400).fill(Number.POSITIVE_INFINITY);
    expect(compareDistances(silent, silent).medianKm).toEqual({
      ...{ difference: null, ciLow: null, ciHigh: null, verdict: 'no difference shown' },
    });
    expect(compareDistances(first, silent).medianKm).toMatchObject({ difference: null });
    expect(() => compareDistances(first, first.subarray(1))).toThrow('not pairs');
    expect(() => compareDistances(new Float64Array(0), new Float64Array(0))).toThrow('not pairs');
  });

  it('reads well in 80 columns', () => {
    const text = formatComparison(
      compareDistances(first, second),
      'runs/new.jsonl',
      'runs/old.jsonl',
    );
    expect(text).toContain('runs/new.jsonl against runs/old.jsonl');
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
