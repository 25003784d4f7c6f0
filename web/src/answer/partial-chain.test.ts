import { expect, it } from 'vitest';
import { partialChain } from './partial-chain.ts';

const TEXT = 'Country: Norway\nState: Vestland\nCity: Bergen\nCoordinates: (60.39, 5.32)';

it('never takes a level back while a text grows', () => {
  let seen = 0;
  for (let end = 0; end <= TEXT.length; end++) {
    const { levels } = partialChain(TEXT.slice(0, end));
    expect(levels.length).toBeGreaterThanOrEqual(seen);
    seen = levels.length;
  }
  expect(seen).toBe(4);
});

it('tells whole levels from the one in the making', () => {
  expect(partialChain('Country: Norway\nState: Vest').levels).toEqual([
    { level: 'country', text: 'Norway', isWhole: true },
    { level: 'region', text: 'Vest', isWhole: false },
  ]);
});

it('keeps reasons apart from levels', () => {
  const { levels, reasons } = partialChain('Gabled wharves.\nNordic light.\nCountry: Norway');
  expect(reasons).toBe('Gabled wharves. Nordic light.');
  expect(levels.map(({ text }) => text)).toEqual(['Norway']);
});
