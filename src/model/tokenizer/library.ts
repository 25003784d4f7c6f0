/**
 * The part of `@huggingface/tokenizers` that geor uses, typed.
 *
 * Its own declarations import each other without file extensions, which TypeScript does not resolve
 * for ES modules in Node: every class arrives untyped or not at all. So it is declared here.
 * @module
 */
import * as library from '@huggingface/tokenizers';

/** A tokenizer of the library. */
export interface LibraryTokenizer {
  encode(text: string, options: { add_special_tokens: boolean }): { ids: number[] };
  decode(ids: number[], options: { skip_special_tokens: boolean }): string;
  token_to_id(token: string): number | undefined;
  id_to_token(id: number): string | undefined;
  /** Byte-pair encoding alone: words in byte characters to tokens. */
  readonly model: { encode(words: string[]): string[] };
}

/** Cuts a text into the matches of an expression and what lies between them. */
export interface LibrarySplit {
  pre_tokenize_text(text: string): string[];
}

/** How `tokenizer.json` writes a split. */
export interface SplitConfig {
  readonly type: 'Split';
  readonly pattern: { readonly Regex: string };
  readonly behavior: 'Isolated';
  readonly invert: false;
}

const typed = library as unknown as {
  Tokenizer: new (
    json: object,
    config: { clean_up_tokenization_spaces: false },
  ) => LibraryTokenizer;
  SplitPreTokenizer: new (config: SplitConfig) => LibrarySplit;
};

/** The library's tokenizer for a whole `tokenizer.json`. */
export function createTokenizer(json: object): LibraryTokenizer {
  return new typed.Tokenizer(json, { clean_up_tokenization_spaces: false });
}

/** The library's splitter; it translates Oniguruma's dialect to JavaScript's. */
export function createSplit(config: SplitConfig): LibrarySplit {
  return new typed.SplitPreTokenizer(config);
}
