import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findPairs, isOnGlobe } from './coordinates.ts';

/** The contract as a pattern: what the scanner is a faster form of. */
const pattern = /\([ \t]*([+-]?\d+(?:\.\d+)?)[ \t]*,[ \t]*([+-]?\d+(?:\.\d+)?)[ \t]*\)/g;
const byPattern = (text: string) =>
  [...text.matchAll(pattern)]
    .map(([, lat, lon]) => ({ lat: Number(lat), lon: Number(lon) }))
    .filter(({ lat, lon }) => isOnGlobe(lat, lon));

describe('findPairs', () => {
  it('reads what the pattern of the contract reads, whatever stands around', () => {
    const piece = fc.constantFrom(
      ...['(', ')', ',', ' ', '\t', '\n', '.', '-', '+', '0', '9', '12', '48.85', '.5', '1.', '(('],
      ...['(1.5, 2)', '(-0.0,+180)', '( 90 , 181 )', '(1, 2) (3, 4)', 'x', '\u0660', '1e3'],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('');
        expect(findPairs(text)).toEqual(byPattern(text));
      }),
      { numRuns: 5000 },
    );
  });

  it('reads numbers to the bit, of any length', () => {
    const digits = (most: number) => fc.stringMatching(new RegExp(`^\\d{1,${most}}$`));
    fc.assert(
      fc.property(fc.constantFrom('', '-', '+'), digits(3), digits(25), (sign, whole, decimals) => {
        const text = `(${sign}${whole}.${decimals}, ${sign}0.${decimals})`;
        expect(findPairs(text)).toEqual(byPattern(text));
      }),
      { numRuns: 5000 },
    );
  });
});
