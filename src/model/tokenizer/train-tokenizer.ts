/**
 * Trains a byte-level BPE tokenizer and returns it as an HF `tokenizer.json`.
 *
 * The file has the layout that Python `tokenizers` writes for
 * `BPE` + `Sequence[Split(Regex), ByteLevel]`, so it opens there, in transformers and in vLLM.
 * Ids: special tokens, the 256 bytes by code point of their character, then one per merge.
 * @module
 */
import { GeorError } from '../../core/index.ts';
import { ALPHABET, toByteCharacters } from './byte-alphabet.ts';
import { learnMerges } from './learn-merges.ts';
import { createSplit, type LibrarySplit, type SplitConfig } from './library.ts';
import { qwen2Pattern } from './patterns.ts';
import { parseTokenizerJson, type TokenizerJson } from './tokenizer-json.ts';

/** What {@link trainTokenizer} needs to know. */
export interface TrainTokenizerOptions {
  /** Tokens in all: special ones, 256 bytes and merges. Fewer when the texts hold no more pairs. */
  readonly vocabSize: number;
  /** Tokens that stand for themselves and never come out of ordinary text, ids 0, 1, 2, ... */
  readonly specialTokens: readonly string[];
  /** Split expression, see `chainPattern`. Default: `qwen2Pattern`. */
  readonly pattern?: string;
  /** Pairs rarer than this are not merged. Default 1. */
  readonly minFrequency?: number;
}

/**
 * Learns a vocabulary from texts. Deterministic: the same texts give the same file, in any order.
 *
 * Special tokens that occur inside `texts` are learned as ordinary text (as HF does); leave them out.
 *
 * @throws GeorError `config` for impossible sizes, repeated special tokens or a bad pattern.
 * @example trainTokenizer(answers, { vocabSize: 2048, specialTokens: ['<|endoftext|>'], pattern: chainPattern })
 */
export function trainTokenizer(
  texts: Iterable<string>,
  options: TrainTokenizerOptions,
): TokenizerJson {
  const { vocabSize, specialTokens, pattern = qwen2Pattern, minFrequency = 1 } = options;
  const initial = [...specialTokens, ...ALPHABET];
  if (new Set(initial).size !== initial.length || specialTokens.includes('')) {
    throw new GeorError('config', 'special tokens must be different, not empty and not one byte');
  }
  if (!Number.isInteger(vocabSize) || vocabSize < initial.length || vocabSize >= 2 ** 24) {
    throw new GeorError('config', `vocabulary of ${vocabSize} tokens cannot be trained`, {
      hint: `at least ${initial.length} are needed: ${specialTokens.length} special and 256 bytes`,
    });
  }
  const words = countWords(texts, pattern);
  const { tokens, merges } = learnMerges(words, initial, { vocabSize, minFrequency });
  return parseTokenizerJson({
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: specialTokens.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        splitConfig(pattern),
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
      ],
    },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: merges.map(([left, right]) => [left, right]),
    },
  });
}

const splitConfig = (pattern: string): SplitConfig => ({
  type: 'Split',
  pattern: { Regex: pattern },
  behavior: 'Isolated',
  invert: false,
});

/** How often each piece occurs, as byte characters. Split by the code that will split at encoding. */
function countWords(texts: Iterable<string>, pattern: string): Map<string, number> {
  let splitter: LibrarySplit;
  try {
    splitter = createSplit(splitConfig(pattern));
  } catch (cause) {
    throw new GeorError('config', `not a regular expression: ${pattern}`, { cause });
  }
  const pieces = new Map<string, number>();
  for (const text of texts) {
    for (const piece of splitter.pre_tokenize_text(text)) {
      pieces.set(piece, (pieces.get(piece) ?? 0) + 1);
    }
  }
  const words = new Map<string, number>();
  for (const [piece, count] of pieces) {
    const word = toByteCharacters(piece);
    words.set(word, (words.get(word) ?? 0) + count); // lone surrogates can coincide as U+FFFD
  }
  return words;
}
