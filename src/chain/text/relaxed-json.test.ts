import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findObjects, type JsonValue } from './relaxed-json.ts';

const plain = (value: JsonValue): unknown => {
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, entry]) => [key, plain(entry)]));
  return Array.isArray(value) ? value.map(plain) : value;
};
const read = (text: string) =>
  findObjects(text).map(({ value, repairs }) => ({ value: plain(value), repairs }));

const isJson = (text: string): boolean => {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
};

const keys = fc.oneof(fc.constantFrom('lat', 'lon', 'city', '__proto__', ''), fc.string());
const object = fc
  .dictionary(keys, fc.jsonValue({ maxDepth: 3 }), { noNullPrototype: true })
  .chain((value) =>
    fc.constantFrom(undefined, 1, '\t').map((indent) => JSON.stringify(value, undefined, indent)),
  );

describe('valid JSON', () => {
  it('is read as JSON.parse reads it, without a repair', () => {
    fc.assert(
      fc.property(object, (text) => {
        expect(read(text)).toEqual([{ value: JSON.parse(text), repairs: [] }]);
      }),
      { numRuns: 500 },
    );
  });

  it('is told from JSON with a slip by its repairs: JSON.parse agrees', () => {
    const slips = fc.constantFrom(
      '',
      ',',
      '"',
      '}',
      ']',
      '\\',
      ':',
      ' ',
      '\n',
      '0',
      '-',
      'a',
      '\t',
    );
    fc.assert(
      fc.property(object, fc.nat(), fc.nat(2), slips, (text, where, removed, slip) => {
        // Inside the braces, so that there still is one object from end to end.
        const at = 1 + (where % Math.max(1, text.length - 1));
        const damaged = text.slice(0, at) + slip + text.slice(Math.min(at + removed, text.length));
        const [first] = findObjects(damaged);
        const inside = damaged.slice(first!.start, first!.end);
        expect(first!.repairs.length === 0).toBe(isJson(inside));
        if (isJson(inside)) expect(plain(first!.value)).toEqual(JSON.parse(inside));
      }),
      { numRuns: 3000 },
    );
  });
});

describe('broken JSON', () => {
  it.each([
    ['{"lat": 1, "lon": 2,}', { lat: 1, lon: 2 }, ['json-comma']],
    ['{"lat": 1 "lon": 2}', { lat: '1 "lon": 2' }, ['json-quotes']],
    ['{"lat": 1\n "lon": 2}', { lat: 1, lon: 2 }, ['json-comma']],
    ['{"a": "b" "c": "d"}', { a: 'b', c: 'd' }, ['json-comma']],
    ['{"a": [1, 2,], "b": [3 4]}', { a: [1, 2], b: ['3 4'] }, ['json-comma', 'json-quotes']],
    ["{'city': 'Xi'an', 'lat': 1}", { city: "Xi'an", lat: 1 }, ['json-quotes']],
    ['{“city”: “Paris”}', { city: 'Paris' }, ['json-quotes']],
    ['{city: Indian Wells, lat: 33.7}', { city: 'Indian Wells', lat: 33.7 }, ['json-quotes']],
    ['{"city": Washington, D.C., "lat": 1}', { city: 'Washington, D.C.', lat: 1 }, ['json-quotes']],
    ['{"city": Auckland", "lat": 1}', { city: 'Auckland', lat: 1 }, ['json-quotes']],
    ['{"city": "Auckland, "lat": 1}', { city: 'Auckland', lat: 1 }, ['json-quotes', 'json-comma']],
    ['{"city": "Auckland\n}', { city: 'Auckland' }, ['json-quotes']],
    ['{"a": "the "old" town", "b": 1}', { a: 'the "old" town', b: 1 }, ['json-quotes']],
    ['{"a": "the "" mark", "b": 1}', { a: 'the "" mark', b: 1 }, ['json-quotes']],
    ['{"lat": 48,8566, "lon": 2,35}', { lat: '48,8566', lon: '2,35' }, ['json-quotes']],
    ['{"lat": 1, "city": "Par', { lat: 1, city: 'Par' }, ['json-unclosed']],
    ['{"a": {"b": [1, 2}', { a: { b: [1, 2] } }, ['json-unclosed']],
    ['{"lat": 1, // north\n "lon": 2 /* east */}', { lat: 1, lon: 2 }, ['json-comment']],
    ['{"lat": None, "sure": True}', { lat: null, sure: true }, ['json-syntax']],
    ['{"lat" = 1}', { lat: 1 }, ['json-syntax']],
    ['{"lat": , "lon": 2}', { lon: 2 }, ['json-syntax']],
    ['{"a": "x\ny"}', { a: 'x\ny' }, ['json-quotes']],
    ['{"a": "50\\%"}', { a: '50%' }, ['json-syntax']],
    ['{"a": 01, "b": +2, "c": .5}', { a: '01', b: '+2', c: '.5' }, ['json-quotes']],
    ['{constructor: {toString: 1}}', { constructor: { toString: 1 } }, ['json-quotes']],
  ])('%j', (text, value, repairs) => {
    expect(read(text)).toEqual([{ value, repairs }]);
  });
});

describe('findObjects', () => {
  it('finds every outermost object and where it stands', () => {
    const text = 'First {"lat": 1}, no: {"lat": 2, "at": {"lon": 3}} done}';
    expect(findObjects(text).map(({ start, end }) => text.slice(start, end))).toEqual([
      '{"lat": 1}',
      '{"lat": 2, "at": {"lon": 3}}',
    ]);
    expect(findObjects('no braces } here')).toEqual([]);
  });

  it('keeps an object that stands inside a stray brace', () => {
    expect(read('the set {a, b and {"lat": 1}')[0]?.value).toEqual({ '': { lat: 1 } });
  });

  it('skips braces deeper than any contract, without running out of stack', () => {
    const text = '{"a":'.repeat(100_000);
    expect(findObjects(text)).toHaveLength(1);
  });
});
