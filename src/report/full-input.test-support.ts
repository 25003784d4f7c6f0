/**
 * An input that fills every part of a training report, for tests.
 * @module
 */
import type { ReportEvaluation, ReportInput } from './report-input.ts';

/** A picture of the file itself. */
export const TILE = 'data:image/png;base64,iVBORw0KGgo=';

const evaluation = (percent: number): ReportEvaluation => ({
  n: 1024,
  answered: 1022,
  invalid: 2,
  medianKm: 888.123456789,
  accuracy: [
    { thresholdKm: 750, count: 455, percent, ciLow: percent - 3, ciHigh: percent + 3 },
    { thresholdKm: 2500, count: 700, percent: 70, ciLow: 67, ciHigh: 73 },
  ],
  meanReward: { value: 0.43123, ciLow: 0.41, ciHigh: 0.45 },
});

/** Every text of it is `text`. */
export const fullInput = (text: string): ReportInput => ({
  title: text,
  trained: text,
  measured: text,
  madeAt: '2026-01-02T03:04:05.678Z',
  seed: 17,
  stages: [{ name: text, seconds: 185, note: text }],
  before: 'before',
  after: 'after',
  systems: [
    {
      name: 'after',
      note: text,
      role: 'main',
      evaluation: evaluation(44.4),
      distancesKm: [3, null, 900],
    },
    { name: 'before', role: 'main', evaluation: evaluation(30) },
    { name: text, role: 'context', evaluation: evaluation(5) },
  ],
  comparisons: [
    {
      metric: text,
      from: 'before',
      to: 'after',
      difference: 0.029,
      ciLow: 0.015,
      ciHigh: 0.043,
      unit: 'reward',
      higherIsBetter: true,
    },
    {
      metric: 'Country right',
      from: 'before',
      to: 'after',
      difference: 1,
      ciLow: -1,
      ciHigh: 3,
      unit: 'points',
      higherIsBetter: true,
    },
  ],
  curves: [
    {
      title: text,
      caption: text,
      xLabel: text,
      yLabel: text,
      series: [{ name: text, points: [{ x: 1, y: 2 }] }],
    },
  ],
  maps: [
    {
      system: text,
      errors: [{ truth: { lat: 1, lon: 1 }, answer: { lat: 2, lon: 2 }, distanceKm: 157 }],
    },
  ],
  samples: [
    {
      tile: TILE,
      truth: { country: 'Chile', region: text, coordinate: { lat: -27.3, lon: -70.3 } },
      answers: [
        {
          system: text,
          chain: { country: 'Peru', region: text },
          distanceKm: 1234.5,
          reward: 0.25,
          text,
        },
        { system: 'after', chain: {}, distanceKm: null },
      ],
    },
  ],
  record: [{ title: text, entries: { [text]: text, rate: 0.00031, resumed: false, none: null } }],
  transfer: {
    title: text,
    measured: text,
    systems: [{ name: text, role: 'main', evaluation: evaluation(12.3) }],
  },
  notes: [text],
});
