import { describe, expect, it } from 'vitest';
import { random } from '../../core/index.ts';
import { type Coordinate, haversineKm } from '../../geo/index.ts';
import { step } from '../consensus/step.ts';
import {
  type CalibrationPicture,
  calibrate,
  coverageOf,
  FEWEST_PICTURES,
  isForCalibration,
} from './calibrate.ts';
import { type Calibration, checkScope, isForScope } from './calibration.ts';
import { calibratedRadiusKm, SPREAD_FLOOR_KM, spreadKm } from './spread.ts';

const scope = {
  ...{ model: 'm', contract: 'geo-r', condition: 'cor', samples: 4, temperature: 1 },
  ...{ method: 'reward', structured: 'auto' as const },
};

/** Pictures whose samples lie `spread` from the truth, and whose point is `sureness` times surer. */
function pictures(seed: number, count: number): CalibrationPicture[] {
  return Array.from({ length: count }, (_, i) => {
    const source = random('calibration.test', seed, i);
    const truth = { lat: 120 * (source.uniform() - 0.5), lon: 360 * (source.uniform() - 0.5) };
    const spread = 20 + 500 * source.uniform() ** 2;
    const off = (from: Coordinate, km: number) => step(from, 2 * Math.PI * source.uniform(), km);
    const point = off(truth, 3 * spread * Math.abs(source.normal()));
    const samples = Array.from({ length: 4 }, () => off(point, spread * source.uniform()));
    return { truth, point, samples };
  });
}

describe('a calibration', () => {
  it('holds the truth as often as it says on pictures it has not seen', () => {
    const made = calibrate(pictures(1, 2000), scope, '2026-01-01');
    const { n, half, most } = coverageOf(made, pictures(2, 2000));
    // four standard errors of a share of 2000, and of the calibration's own
    expect(Math.abs(half / n - 0.5)).toBeLessThan(0.064);
    expect(Math.abs(most / n - 0.9)).toBeLessThan(0.039);
    expect(made.n).toBe(2000);
  });

  it('is the conformal quantile: of 99 scores the 50th and the 90th', () => {
    const at = { lat: 0, lon: 0 };
    const scored = Array.from(
      { length: 99 },
      (_, i): CalibrationPicture => ({
        truth: step(at, 1, SPREAD_FLOOR_KM * (i + 1)),
        point: at,
        samples: [at, at], // no spread but the floor
      }),
    );
    const { radii } = calibrate(scored, scope, '2026-01-01');
    expect(radii.half).toBeCloseTo(50, 9);
    expect(radii.most).toBeCloseTo(90, 9);
  });

  it('has wider radii where samples lie farther apart, and none beyond the antipode', () => {
    const made: Calibration = {
      ...{ version: 1, scope, n: 99, date: '2026-01-01' },
      radii: { half: 2, most: 5 },
    };
    const bergen = { lat: 60.39, lon: 5.32 };
    const near = spreadKm(bergen, [bergen, step(bergen, 1, 10)]);
    expect(near).toBeCloseTo(SPREAD_FLOOR_KM + 5, 9);
    expect(calibratedRadiusKm(made, 0.5, near)).toBeCloseTo(60, 9);
    expect(calibratedRadiusKm(made, 0.9, near)).toBeCloseTo(150, 9);
    const furthest = haversineKm({ lat: 0, lon: 0 }, { lat: 0, lon: 180 });
    expect(calibratedRadiusKm(made, 0.9, 1e6)).toBeCloseTo(furthest, 1);
  });

  it('is refused for another model and for every other setting', () => {
    const made = calibrate(pictures(1, FEWEST_PICTURES), scope, '2026-01-01');
    expect(() => checkScope(made, scope)).not.toThrow();
    for (const other of [
      ...[{ model: 'n' }, { contract: 'globe' }, { condition: 'cot' }, { samples: 8 }],
      ...[{ temperature: 0.7 }, { method: 'medoid' }],
      { structured: 'off' as const },
    ]) {
      expect(isForScope(made, { ...scope, ...other })).toBe(false);
      expect(() => checkScope(made, { ...scope, ...other })).toThrow(
        expect.objectContaining({ code: 'config' }),
      );
    }
    expect(isForScope(made, scope)).toBe(true);
    expect(() => checkScope(made, { ...scope, model: 'n' })).toThrow('for model m, not n');
  });

  it('is not made of too few pictures', () => {
    expect(() => calibrate(pictures(1, FEWEST_PICTURES - 1), scope, '')).toThrow('too few');
  });
});

describe('the blocks that are set aside', () => {
  it('are whole blocks of two degrees, in about the share that is asked for', () => {
    const source = random('blocks');
    let used = 0;
    for (let i = 0; i < 4000; i++) {
      const [row, column] = [source.integer(90) - 45, source.integer(180) - 90];
      const inside = Array.from({ length: 3 }, () => ({
        lat: 2 * (row + 0.99 * source.uniform()),
        lon: 2 * (column + 0.99 * source.uniform()),
      }));
      const sides = inside.map((at) => isForCalibration(at, 0.3, 7));
      expect(new Set(sides).size).toBe(1);
      if (sides[0]) used++;
    }
    expect(used / 4000).toBeGreaterThan(0.26);
    expect(used / 4000).toBeLessThan(0.34);
  });
});
