import { expect, it } from 'vitest';
import { growingTexts } from './growing-texts.ts';

it('tells of each text what is new, and nothing of one that began anew', () => {
  const told: [number, string][] = [];
  const onText = growingTexts((sample, append) => told.push([sample, append]));
  for (const text of ['Co', 'Country', 'Country', 'Other', 'Country: X']) onText(0, text);
  onText(1, 'Y');
  expect(told).toEqual([
    [0, 'Co'],
    [0, 'untry'],
    [0, ': X'],
    [1, 'Y'],
  ]);
});
