import { describe, expect, it } from 'vitest';
import { leads, markLevel, verdictOf } from './facts.ts';
import type { ReportComparison, ReportInput, ReportSystem } from './report-input.ts';

const comparison = (
  ciLow: number | null,
  ciHigh: number | null,
  higherIsBetter = true,
): ReportComparison => ({
  metric: 'm',
  from: 'a',
  to: 'b',
  difference: 1,
  ciLow,
  ciHigh,
  unit: 'reward',
  higherIsBetter,
});

describe('verdictOf', () => {
  it('calls better or worse only what excludes zero', () => {
    expect(verdictOf(comparison(0.1, 2))).toBe('better');
    expect(verdictOf(comparison(-2, -0.1))).toBe('worse');
    expect(verdictOf(comparison(-0.1, 2))).toBe('inside the noise');
    expect(verdictOf(comparison(0, 2))).toBe('inside the noise');
    expect(verdictOf(comparison(null, 2))).toBe('not measured');
  });

  it('turns round where less is better', () => {
    expect(verdictOf(comparison(0.1, 2, false))).toBe('worse');
    expect(verdictOf(comparison(-2, -0.1, false))).toBe('better');
  });
});

describe('leads', () => {
  const system = (name: string, ciLow: number, ciHigh: number): ReportSystem => ({
    name,
    role: 'main',
    evaluation: {
      n: 10,
      answered: 10,
      invalid: 0,
      medianKm: 1,
      accuracy: [{ thresholdKm: 25, count: 1, percent: (ciLow + ciHigh) / 2, ciLow, ciHigh }],
    },
  });
  const inputOf = (...systems: ReportSystem[]): ReportInput => ({
    title: 't',
    trained: '',
    measured: '',
    stages: [],
    systems,
  });

  it('needs an interval wholly above all others', () => {
    const [best, close, far] = [system('a', 20, 30), system('b', 10, 21), system('c', 1, 5)];
    expect(leads(inputOf(best, far), best, 25)).toBe(true);
    expect(leads(inputOf(best, close, far), best, 25)).toBe(false);
    expect(leads(inputOf(best), best, 25)).toBe(false);
  });
});

describe('markLevel', () => {
  it('tells right, wrong, silent and unknown apart', () => {
    const truth = { country: 'Chile', region: 'Atacama' };
    expect(markLevel(truth, { country: ' chile ' }, 'country')).toBe('right');
    expect(markLevel(truth, { country: 'Peru' }, 'country')).toBe('wrong');
    expect(markLevel(truth, {}, 'region')).toBe('not named');
    expect(markLevel(truth, { city: 'Arica' }, 'city')).toBe('no truth');
  });
});
