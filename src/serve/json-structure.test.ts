import { describe, expect, it } from 'vitest';
import { checkStructure, UNCHECKED_BYTES } from './json-structure.ts';

const padding = ' '.repeat(UNCHECKED_BYTES);
const check = (text: string) => checkStructure(Buffer.from(text + padding));

describe('checkStructure', () => {
  it('refuses depth and number of brackets that no request has', () => {
    expect(() => check('['.repeat(33))).toThrow('32 levels');
    expect(() => check(`[${'{},'.repeat(262_144)}`)).toThrow('262144 objects');
    expect(() => check('['.repeat(32))).not.toThrow();
    expect(() => check('[{}],'.repeat(131_072))).not.toThrow();
  });

  it('does not count brackets in strings', () => {
    const brackets = '['.repeat(100);
    expect(() => check(`"${brackets}"`)).not.toThrow();
    expect(() => check(`"\\"${brackets}"`)).not.toThrow();
    expect(() => check(`"\\\\"${brackets}`)).toThrow('32 levels');
  });

  it('lets short bodies through to the parser', () => {
    expect(() => checkStructure(Buffer.from('['.repeat(1000)))).not.toThrow();
  });
});
