import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KeyEncoder, KeyTable } from './key-table.ts';

const table = (text: string, skip = 0): KeyTable =>
  new KeyTable(new TextEncoder().encode(text), skip);

const encoder = new KeyEncoder();
const find = (names: KeyTable, name: string): readonly number[] => {
  const key = encoder.encode(name);
  return key ? names.find(key) : [];
};

it('finds the lines that have a name, in order', () => {
  const names = table('köln\tcologne\n\nroma\tcologne\n');
  expect(find(names, 'cologne')).toEqual([0, 2]);
  expect(find(names, 'köln')).toEqual([0]);
  expect(find(names, 'roma')).toEqual([2]);
});

it('takes no part of a name for the name', () => {
  // One name, so one bucket: whatever is asked for is compared with it.
  const names = table('rome\n');
  for (const other of ['rom', 'romes', 'ome', 'r', 'rome ']) expect(find(names, other)).toEqual([]);
  expect(find(names, 'rome')).toEqual([0]);
});

it('leaves out the fields before the names', () => {
  const names = table('FR.11\tx\tparis\nFR.12\t\tlyon\n', 2);
  expect(find(names, 'x')).toEqual([]);
  expect(find(names, 'FR.11')).toEqual([]);
  expect(find(names, 'lyon')).toEqual([1]);
});

it('answers like a map', () => {
  const name = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '東', ' '), maxLength: 3 });
  fc.assert(
    fc.property(
      fc.array(fc.array(name, { maxLength: 4 }), { maxLength: 30 }),
      name,
      (lines, asked) => {
        const names = table(lines.map((line) => `${line.join('\t')}\n`).join(''));
        const expected = lines.flatMap((line, i) =>
          line.filter((other) => other === asked && other !== '').map(() => i),
        );
        expect(find(names, asked)).toEqual(expected);
      },
    ),
  );
});

it('knows nothing of names that are empty or too long', () => {
  expect(encoder.encode('')).toBeNull();
  expect(encoder.encode('x'.repeat(2000))).toBeNull();
  expect(find(table(''), 'x')).toEqual([]);
});
