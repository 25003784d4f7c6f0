import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IdSet } from './id-set.ts';

describe('IdSet', () => {
  it('answers as a set would', () => {
    const ids = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '東'), maxLength: 3 }));
    fc.assert(
      fc.property(ids, (list) => {
        const set = new IdSet();
        const expected = new Set<string>();
        for (const id of list) {
          expect(set.add(id)).toBe(!expected.has(id));
          expected.add(id);
        }
        expect(set.size).toBe(expected.size);
      }),
    );
  });

  it('takes no two of 300,000 similar ids for one, and finds each again after growing', () => {
    const set = new IdSet();
    const n = 300_000;
    let wrong = 0;
    for (let i = 0; i < n; i++) if (!set.add(`${i % 256}/${i}.jpg`)) wrong++;
    for (let i = 0; i < n; i++) if (set.add(`${i % 256}/${i}.jpg`)) wrong++;
    expect(wrong).toBe(0);
    expect(set.size).toBe(n);
  });

  it('tells ids apart by every character and by their length', () => {
    const set = new IdSet();
    const ids = ['', '\0', '\0\0', 'ab', 'ba', 'a', 'b', 'Ā', 'Ā\0', '\u0100', 'é'];
    // U+0100 is Ā, written twice on purpose.
    expect(ids.filter((id) => !set.add(id))).toEqual(['Ā']);
  });
});
