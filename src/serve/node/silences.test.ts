import { expect, it } from 'vitest';
import { Silences } from './silences.ts';

it('tells who was silent for more intervals than it may be', () => {
  const silences = new Silences(2);
  const all = [1, 2];
  expect(silences.interval(all)).toEqual([]); // both are new
  silences.heard(1);
  expect(silences.interval(all)).toEqual([]); // silent: 1 once, 2 once
  expect(silences.interval(all)).toEqual([]); // 1 twice, 2 twice
  silences.heard(1);
  expect(silences.interval(all)).toEqual([2]);
  expect(silences.interval([1])).toEqual([]);
  expect(silences.interval([1, 2])).toEqual([1]); // 2 is another now
  expect(silences.interval([2])).toEqual([]);
});
