import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patternFault, patternsOf } from './pattern-check.ts';
import { chainPattern, qwen2Pattern } from './patterns.ts';

const GPT2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
const LLAMA3 = qwen2Pattern.replace('\\p{N}|', '\\p{N}{1,3}|');
const GPT4O =
  "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}|\\s+";

describe('an expression of a file', () => {
  it.each([
    ['Qwen2', qwen2Pattern],
    ['geor', chainPattern],
    ['GPT-2', GPT2],
    ['Llama 3', LLAMA3],
    ['GPT-4o', GPT4O],
    ['a class that holds brackets', '[)(*+|]+x'],
    ['escaped brackets', '\\(+\\)*'],
    ['a choice that may be left out', '(a|b)?c'],
    ['a choice taken once', '(a|b){1}c'],
  ])('of %s may run', (_, pattern) => {
    expect(patternFault(pattern)).toBeUndefined();
  });

  it.each([
    ['(a+)+$', /repeats what repeats/],
    ['((a*))*', /repeats what repeats/],
    ['(?:a|a)*b', /repeats what/],
    ['(x(?:a|aa)y)+', /repeats what/],
    ['(a{1,30}){30}', /repeats what/],
    ['(a+){2,}', /repeats what/],
    ['.*.*.*.*x', /too many open/],
    ['(.*)(.*)(.*).*x', /too many open/],
    ['(a)\\1', /refers back/],
    ['(?<x>a)\\k<x>', /refers back/],
    ['a{100000}', /more than 1000/],
    ['(a', /brackets/],
    ['a)', /brackets/],
    [`a${'b'.repeat(5000)}`, /5001 characters/],
  ])('such as %s may not', (pattern, fault) => {
    expect(patternFault(pattern)).toMatch(fault);
  });

  it('that may run ends soon on a long text', () => {
    const atom = fc.constantFrom('a', '[ab]', '.', '\\w', '(a)', '(ab)');
    const piece = fc
      .tuple(atom, fc.constantFrom('', '*', '+', '?', '{2}', '{1,3}'))
      .map((p) => p.join(''));
    const branch = fc.array(piece, { minLength: 1, maxLength: 6 }).map((p) => p.join(''));
    const wrapped = fc
      .tuple(branch, fc.constantFrom('', '+', '*', '?', '{3}'))
      .map(([inner, repeat]) => `(${inner})${repeat}`);
    const pattern = fc
      .array(fc.oneof(branch, wrapped), { minLength: 1, maxLength: 4 })
      .map((p) => `${p.join('')}!`);
    const text = `${'ab'.repeat(12)}a`;
    fc.assert(
      fc.property(pattern, (source) => {
        if (patternFault(source) === undefined) expect(new RegExp(source).test(text)).toBe(false);
      }),
    );
  });
});

it('expressions are found wherever they are, also deeper than the stack', () => {
  expect(
    patternsOf({ a: [{ pattern: { Regex: 'x' } }, null], Regex: 'y', b: 'Regex' }).sort(),
  ).toEqual(['x', 'y']);
  let deep: unknown = { Regex: 'z' };
  for (let i = 0; i < 100_000; i++) deep = [deep];
  expect(patternsOf(deep)).toEqual(['z']);
  expect(patternsOf(null)).toEqual([]);
});
