import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chainPattern,
  loadTokenizer,
  qwen2Pattern,
  type TokenizerJson,
  trainTokenizer,
} from './index.ts';
import { createSplit, createTokenizer } from './library.ts';

const corpus: readonly string[] = JSON.parse(
  readFileSync(new URL('../../../test/golden/tokenizer-corpus.json', import.meta.url), 'utf8'),
);
const specialTokens = ['<|endoftext|>', '<|im_start|>', '<|im_end|>'];
const train = (pattern: string): TokenizerJson =>
  trainTokenizer(corpus, { vocabSize: 600, specialTokens, pattern });
const json = train(chainPattern);

/** A copy of the trained file to damage. */
// biome-ignore lint/suspicious/noExplicitAny: damaging a file is what types are there to prevent
const copy = (): any => structuredClone(json);

describe('chainPattern', () => {
  const split = createSplit({
    type: 'Split',
    pattern: { Regex: chainPattern },
    behavior: 'Isolated',
    invert: false,
  });
  it.each<[string, string[]]>([
    [
      'Country: Japan\nState: Hokkaido\nCity: Biei Town\nCoordinates: (43.45, 142.62)',
      // biome-ignore format: one piece per word
      ['Country: ', 'Japan', '\nState: ', 'Hokkaido', '\nCity: ', 'Biei Town', '\nCoordinates: (',
        '4', '3', '.', '4', '5', ', ', '1', '4', '2', '.', '6', '2', ')'],
    ],
    ['(-12.34, 7.00)', [...'(-12.34', ', ', ...'7.00)']],
    ['\nCoordinates: (-1', ['\nCoordinates: (', '-', '1']],
    ["\nCity: L'Haÿ-les-Roses (94)", ['\nCity: ', "L'Haÿ-les-Roses (94)"]],
    ['City: 6th of October City', ['City: ', '6th of October City']],
    ['City: (Main)', ['City: ', '(Main)']],
    ['City: 京都市\n', ['City: ', '京都市', '\n']],
    ['Latitude: -12.34', ['Latitude: ', ...'-12.34']],
    ['City: \nState: X', ['City: ', '\nState: ', 'X']],
    ['Red roofs, a sign: Bäcker.', ['Red', ' roofs', ', ', 'a', ' sign', ':', ' Bäcker', '.']],
  ])('cuts %j', (text, pieces) => {
    expect(split.pre_tokenize_text(text)).toEqual(pieces);
    expect(text.match(new RegExp(chainPattern, 'gu'))).toEqual(pieces); // plain JavaScript too
  });
});

describe.each([
  ['chain', chainPattern],
  ['qwen2', qwen2Pattern],
])('a tokenizer with the %s split', (_, pattern) => {
  const trained = train(pattern);
  const tokenizer = loadTokenizer(trained);
  const text = fc.oneof(
    fc.string({ unit: 'binary' }), // any Unicode but lone surrogates
    fc
      .array(
        fc.oneof(
          fc.constantFrom(...specialTokens, ...corpus),
          fc.constantFrom('City: ', '\n', '12', "'s", ' ', 'é', '京'),
        ),
      )
      .map((parts) => parts.join('')),
  );

  it('decodes what it encoded, for any text', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(tokenizer.decode(tokenizer.encode(value))).toBe(value);
      }),
      { numRuns: 500 },
    );
  });

  it('encodes as the library does without our cache', () => {
    const library = createTokenizer(trained);
    fc.assert(
      fc.property(text, (value) => {
        const { ids } = library.encode(value, { add_special_tokens: false });
        expect(tokenizer.encode(value)).toEqual(ids);
      }),
      { numRuns: 500 },
    );
  });
});

describe('loadTokenizer', () => {
  const tokenizer = loadTokenizer(json);

  it('knows its size and its special tokens', () => {
    expect(tokenizer.vocabSize).toBe(600);
    expect(specialTokens.map((token) => tokenizer.tokenId(token))).toEqual([0, 1, 2]);
    expect(tokenizer.tokenId('<|nothing|>')).toBeUndefined();
    expect(tokenizer.json).toEqual(json);
  });

  it('recognises special tokens in a text and leaves them out on request', () => {
    const ids = tokenizer.encode('<|im_start|>City: Y<|im_end|>');
    expect([ids[0], ids.at(-1)]).toEqual([1, 2]);
    expect(tokenizer.decode(ids)).toBe('<|im_start|>City: Y<|im_end|>');
    expect(tokenizer.decode(ids, { skipSpecialTokens: true })).toBe('City: Y');
  });

  it('makes one token of a label and one of a digit', () => {
    const pieces = tokenizer
      .encode('\nCoordinates: (-33.93, 18.86)')
      .map((id) => tokenizer.decode([id]));
    expect(pieces).toEqual(['\nCoordinates: (', ...'-33.93', ', ', ...'18.86', ')']);
  });

  it('decodes typed arrays, no ids, ids of no token and half a character', () => {
    const ids = tokenizer.encode('京');
    expect(tokenizer.decode(Int32Array.from(ids))).toBe('京');
    expect(tokenizer.decode([])).toBe('');
    expect(tokenizer.decode([600, 99999, -1, 0.5])).toBe('');
    expect(tokenizer.decode([...ids, 600])).toBe('京');
    const bytes = loadTokenizer(trainTokenizer([], { vocabSize: 256, specialTokens: [] }));
    expect(bytes.decode(bytes.encode('京').slice(0, 2))).toBe('\ufffd');
  });

  it('normalises to NFC when the file says so, as Qwen2.5 does', () => {
    const normalising = copy();
    normalising.normalizer = { type: 'NFC' };
    const ids = loadTokenizer(normalising).encode('City: Zu\u0308rich');
    expect(ids).toEqual(tokenizer.encode('City: Z\u00fcrich'));
    expect(ids).not.toEqual(tokenizer.encode('City: Zu\u0308rich'));
  });

  it('leaves layouts that the cache does not cover to the library', () => {
    const other = copy();
    other.pre_tokenizer.pretokenizers[0].behavior = 'Removed';
    expect(loadTokenizer(other).encode('City: Y')).toEqual([]);
  });

  it('prefers the longer of two special tokens', () => {
    const nested = loadTokenizer(
      trainTokenizer([], { vocabSize: 258, specialTokens: ['<a>', '<a>b'] }),
    );
    expect(nested.encode('<a>b<a>')).toEqual([1, 0]);
  });

  it('accepts merges in the older form, one string each', () => {
    const older = copy();
    older.model.merges = older.model.merges.map((merge: string[]) => merge.join(' '));
    const text = corpus.join('\n');
    expect(loadTokenizer(older).encode(text)).toEqual(tokenizer.encode(text));
  });
});

describe('trainTokenizer', () => {
  it('learns `__proto__` like any other word', () => {
    const texts = Array.from({ length: 9 }, () => '__proto__');
    const trained = trainTokenizer(texts, { vocabSize: 300, specialTokens: [] });
    const proto = loadTokenizer(JSON.parse(JSON.stringify(trained)));
    expect(proto.encode('__proto__').map((id) => proto.decode([id]))).toContain('proto');
    expect(proto.decode(proto.encode('__proto__'))).toBe('__proto__');
  });

  it('merges nothing rarer than minFrequency', () => {
    const trained = trainTokenizer(['ab ab cd'], {
      vocabSize: 400,
      specialTokens: [],
      minFrequency: 2,
    });
    expect(trained.model.merges).toEqual([['a', 'b']]);
  });

  it.each([
    [{ vocabSize: 257, specialTokens: ['<a>', '<b>'] }, /257 tokens cannot/],
    [{ vocabSize: 300.5, specialTokens: [] }, /300.5 tokens cannot/],
    [{ vocabSize: 300, specialTokens: ['<a>', '<a>'] }, /different/],
    [{ vocabSize: 300, specialTokens: [''] }, /not empty/],
    [{ vocabSize: 300, specialTokens: ['a'] }, /not one byte/],
    [{ vocabSize: 300, specialTokens: [], pattern: '(' }, /not a regular expression/],
  ])('refuses %j', (options, message) => {
    expect(() => trainTokenizer(['a'], options)).toThrow(message);
  });
});
