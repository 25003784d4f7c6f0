import { describe, expect, it } from 'vitest';
import { movingAverage } from './smooth.ts';

describe('movingAverage', () => {
  it('averages neighbours, with a window that shrinks at the ends', () => {
    expect(movingAverage([0, 3, 6, 0, 0], 3)).toEqual([0, 3, 3, 2, 0]);
  });

  it('leaves a straight line straight, ends included', () => {
    const line = [1, 2, 3, 4, 5, 6, 7];
    expect(movingAverage(line, 5)).toEqual(line);
  });

  it('skips missing values and keeps them missing', () => {
    expect(movingAverage([1, null, 5, 9, 4], 3)).toEqual([1, null, 7, 6, 4]);
  });

  it('changes nothing with a window of one', () => {
    expect(movingAverage([4, 2], 1)).toEqual([4, 2]);
  });
});
