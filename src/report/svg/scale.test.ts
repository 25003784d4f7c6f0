import { describe, expect, it } from 'vitest';
import {
  extentOf,
  linearScale,
  logScale,
  niceExtent,
  opened,
  tickDecimals,
  ticks,
} from './scale.ts';

describe('scales', () => {
  it('maps linearly, also downwards', () => {
    const y = linearScale([0, 50], [200, 100]);
    expect([0, 25, 50].map(y)).toEqual([200, 150, 100]);
  });

  it('puts a domain of one point in the middle', () => {
    expect(linearScale([3, 3], [0, 10])(3)).toBe(5);
  });

  it('maps equal ratios to equal lengths and holds outliers at the ends', () => {
    const x = logScale([1, 10_000], [0, 400]);
    expect([1, 10, 100, 10_000].map(x)).toEqual([0, 100, 200, 400]);
    expect([0, -5, 1e9].map(x)).toEqual([0, 0, 400]);
  });
});

describe('ticks', () => {
  it('are round numbers inside the extent', () => {
    expect(ticks([0, 9.3], 5).values).toEqual([0, 2, 4, 6, 8]);
    expect(ticks([0.3, 0.5], 4).values).toEqual([0.3, 0.35, 0.4, 0.45, 0.5]);
    expect(ticks([-1.6, 3.5], 4).values).toEqual([-1, 0, 1, 2, 3]);
  });

  it('survive extents without length or end', () => {
    expect(ticks([2, 2], 4)).toEqual({ values: [2], step: 0 });
    expect(ticks([0, Number.POSITIVE_INFINITY], 4).values).toEqual([0]);
  });

  it('get as many decimals as their step needs', () => {
    expect([5, 1, 0.5, 0.05, 0.002].map(tickDecimals)).toEqual([0, 0, 1, 2, 3]);
  });
});

describe('extents', () => {
  it('leave out what is not a number', () => {
    expect(extentOf([null, 3, Number.NaN, -1, undefined, Number.NEGATIVE_INFINITY])).toEqual([
      -1, 3,
    ]);
    expect(extentOf([null, Number.NaN])).toBeUndefined();
  });

  it('are opened around one value and widened to whole ticks', () => {
    expect(opened([5, 5])).toEqual([4.5, 5.5]);
    expect(opened([0, 0])).toEqual([-1, 1]);
    expect(niceExtent([0.31, 0.49], 4)).toEqual([0.3, 0.5]);
  });
});
