import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { chainPattern, loadTokenizer, qwen2Pattern, trainTokenizer } from './index.ts';

interface Golden {
  readonly specialTokens: readonly string[];
  readonly cases: readonly {
    readonly name: string;
    readonly pattern: string;
    readonly vocabSize: number;
    /** What it was trained on when not the corpus: few letters, until no pair is left. */
    readonly noise: readonly string[] | null;
    readonly json: { readonly model: { readonly merges: readonly (readonly string[])[] } };
    readonly encodings: readonly {
      readonly text: string;
      readonly ids: readonly number[];
      readonly withoutSpecial: string;
    }[];
  }[];
}

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../test/golden/${name}`, import.meta.url), 'utf8'));
const golden: Golden = read('tokenizer.json');
const corpus: readonly string[] = read('tokenizer-corpus.json');
const patterns: Readonly<Record<string, string>> = { chain: chainPattern, qwen2: qwen2Pattern };

describe.each(golden.cases)(
  'against Hugging Face tokenizers, $name split, $vocabSize tokens',
  (expected) => {
    const pattern = patterns[expected.name]!;
    const texts = expected.noise ?? corpus;
    const trained = trainTokenizer(texts, {
      vocabSize: expected.vocabSize,
      specialTokens: golden.specialTokens,
      pattern,
    });

    it('the golden file was made with our split', () => {
      expect(pattern).toBe(expected.pattern);
    });

    it('the trainer learns the same merges in the same order', () => {
      expect(trained.model.merges).toEqual(expected.json.model.merges);
    });

    it('the trainer writes the same file', () => {
      expect(JSON.parse(JSON.stringify(trained))).toEqual(expected.json);
    });

    it('the order of the texts does not matter', () => {
      const reversed = trainTokenizer(texts.toReversed(), {
        vocabSize: expected.vocabSize,
        specialTokens: golden.specialTokens,
        pattern,
      });
      expect(reversed).toEqual(trained);
    });

    const tokenizer = loadTokenizer(expected.json);
    it.each(expected.encodings)('encodes $text as HF does', ({ text, ids, withoutSpecial }) => {
      expect(tokenizer.encode(text)).toEqual(ids);
      expect(tokenizer.encode(text)).toEqual(ids); // from the cache
      expect(tokenizer.decode(ids)).toBe(text);
      expect(tokenizer.decode(ids, { skipSpecialTokens: true })).toBe(withoutSpecial);
    });
  },
);
