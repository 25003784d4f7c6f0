import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IdSet } from './id-set.ts';

describe('IdSet', () => {
  it('answers as a map from id to first line would', () => {
    const ids = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '東'), maxLength: 3 }));
    fc.assert(
      fc.property(ids, (list) => {
        const set = new IdSet();
        const map = new Map<string, number>();
        list.forEach((id, i) => {
          expect(set.add(id, i + 1)).toBe(map.get(id) ?? 0);
          if (!map.has(id)) map.set(id, i + 1);
        });
        expect(set.size).toBe(map.size);
      }),
    );
  });

  it('takes no two of 300,000 similar ids for one, and finds each again after growing', () => {
    const set = new IdSet();
    const n = 300_000;
    let wrong = 0;
    for (let i = 0; i < n; i++) if (set.add(`${i % 256}/${i}.jpg`, i + 1) !== 0) wrong++;
    for (let i = 0; i < n; i++) if (set.add(`${i % 256}/${i}.jpg`, 1) !== i + 1) wrong++;
    expect(wrong).toBe(0);
    expect(set.size).toBe(n);
  });

  it('tells ids apart by every character and by their length', () => {
    const set = new IdSet();
    const ids = ['', '\0', '\0\0', 'ab', 'ba', 'a', 'b', 'Ā', 'Ā\0', '\u0100', 'é'];
    const firsts = ids.map((id) => set.add(id, 7));
    // U+0100 is Ā, written twice on purpose.
    expect(firsts).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 0]);
  });
});
