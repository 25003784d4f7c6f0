/**
 * Text to token ids and back, over `@huggingface/tokenizers`.
 * @module
 */
import { GeorError } from '../../core/index.ts';
import { createTokenizer, type LibraryTokenizer } from './library.ts';
import { createPieceEncoder } from './piece-encoder.ts';
import { parseTokenizerJson, type TokenizerJson } from './tokenizer-json.ts';

/** A loaded tokenizer. */
export interface Tokenizer {
  /** Ids of a text. Special tokens written in the text are recognised; none is added. */
  encode(text: string): number[];
  /** Text of ids. Ids that no token has are skipped; broken UTF-8 becomes U+FFFD. */
  decode(ids: ArrayLike<number>, options?: { readonly skipSpecialTokens?: boolean }): string;
  /** Id of a token as the vocabulary spells it, undefined when there is none. */
  tokenId(token: string): number | undefined;
  /** One more than the largest id: the rows an embedding needs. */
  readonly vocabSize: number;
  /** The `tokenizer.json`, for saving beside the weights. */
  readonly json: TokenizerJson;
}

/**
 * A tokenizer from the parsed content of a `tokenizer.json`.
 *
 * @throws GeorError `data` for anything but a sound byte-level BPE file.
 */
export function loadTokenizer(json: unknown): Tokenizer {
  const checked = parseTokenizerJson(json);
  let tokenizer: LibraryTokenizer;
  let encode: ((text: string) => number[]) | undefined;
  try {
    tokenizer = createTokenizer(checked);
    encode = createPieceEncoder(checked, tokenizer);
    encode ??= (text) => tokenizer.encode(text, { add_special_tokens: false }).ids;
    // The library finds some faults only when it runs; find them here.
    tokenizer.encode('City: 1 é', { add_special_tokens: false });
  } catch (cause) {
    throw new GeorError('data', 'tokenizer.json: a part of it cannot be used', { cause });
  }
  let largest = 0;
  for (const id of Object.values(checked.model.vocab)) largest = Math.max(largest, id);
  for (const { id } of checked.added_tokens) largest = Math.max(largest, id);
  return {
    encode,
    decode: (ids, { skipSpecialTokens = false } = {}) => {
      const known = Array.from(ids).filter((id) => tokenizer.id_to_token(id) !== undefined);
      if (known.length === 0) return ''; // the library refuses an empty list
      return tokenizer.decode(known, { skip_special_tokens: skipSpecialTokens });
    },
    tokenId: (token) => tokenizer.token_to_id(token),
    vocabSize: largest + 1,
    json: checked,
  };
}
