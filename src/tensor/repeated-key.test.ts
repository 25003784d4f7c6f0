import { describe, expect, it } from 'vitest';
import { findRepeatedKey } from './repeated-key.ts';

describe('findRepeatedKey', () => {
  it.each<[string, string | undefined]>([
    ['{}', undefined],
    ['{"a":1,"b":2}', undefined],
    ['{"a":1,"a":2}', 'a'],
    ['{"a":1,"\\u0061" :2}', 'a'],
    ['{"a":{"a":1},"b":{"a":1}}', undefined], // equal keys of different objects
    ['{"x":{"b":1,"b":1}}', 'b'],
    ['{"x":{},"x":{}}', 'x'], // known again after the inner object closes
    ['{"a":"a","b":["a","a"],"c":"a"}', undefined], // equal values
    ['{"\\":1,\\"a":1,"a":2}', undefined], // a key that looks like two
    ['{"a\\\\":1,"a\\\\":2}', 'a\\'],
    ['{"a{":1,"b":{"a{":1}}', undefined], // brackets inside strings
    ['[{"a":1},{"a":1}]', undefined],
  ])('%s: %j', (json, repeated) => {
    expect(() => JSON.parse(json)).not.toThrow();
    expect(findRepeatedKey(json)).toBe(repeated);
  });
});
