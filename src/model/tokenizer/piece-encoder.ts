/**
 * Encoding with a memory: a piece (a label, a name, a word) is merged once and remembered.
 *
 * `@huggingface/tokenizers` rewrites every piece byte by byte before it looks into its own cache;
 * texts of few distinct pieces, which Chain-of-Region answers are, encode several times faster this
 * way. It covers the layouts of geor's and Qwen's files; {@link createPieceEncoder} says when it
 * does not, and the library then does all the work. The results are the same.
 * @module
 */
import { z } from 'zod';
import { toByteCharacters } from './byte-alphabet.ts';
import { createSplit, type LibraryTokenizer } from './library.ts';
import type { TokenizerJson } from './tokenizer-json.ts';

// Forgotten all at once when full: simpler than a queue, and the frequent pieces are soon back.
const CACHED_PIECES = 100_000;

/** `Sequence[Split(Regex, Isolated), ByteLevel]`; an option that changes what it does is not plain. */
const plainLayout = z.object({
  type: z.literal('Sequence'),
  pretokenizers: z.tuple([
    z.object({
      type: z.literal('Split'),
      pattern: z.strictObject({ Regex: z.string() }),
      behavior: z.literal('Isolated'),
      invert: z.literal(false),
    }),
    z.object({
      type: z.literal('ByteLevel'),
      add_prefix_space: z.literal(false),
      use_regex: z.literal(false),
    }),
  ]),
});

/** An encoder for `json`, or undefined when its layout is another. */
export function createPieceEncoder(
  json: TokenizerJson,
  library: LibraryTokenizer,
): ((text: string) => number[]) | undefined {
  const layout = plainLayout.safeParse(json.pre_tokenizer);
  const isPlain = json.added_tokens.every(
    (token) =>
      !token.lstrip &&
      !token.rstrip &&
      !token.single_word &&
      (json.normalizer === null || token.normalized === false),
  );
  const normalizer = json.normalizer?.type ?? null;
  if (!layout.success || !isPlain || (normalizer !== null && normalizer !== 'NFC')) {
    return undefined;
  }
  const splitter = createSplit(layout.data.pretokenizers[0]);
  const added = new Map(json.added_tokens.map(({ content, id }) => [content, id]));
  const anyAdded = alternation([...added.keys()]);
  const cache = new Map<string, readonly number[]>();

  const encodePiece = (piece: string): readonly number[] => {
    let ids = cache.get(piece);
    if (ids === undefined) {
      const tokens = library.model.encode([toByteCharacters(piece)]);
      ids = tokens.map((token) => library.token_to_id(token) as number);
      if (cache.size >= CACHED_PIECES) cache.clear();
      cache.set(piece, ids);
    }
    return ids;
  };

  return (text) => {
    const out: number[] = [];
    // A split by a capturing expression alternates: text, added token, text, ...
    for (const section of anyAdded === undefined ? [text] : text.split(anyAdded)) {
      const id = added.get(section);
      if (id !== undefined) out.push(id);
      else {
        const plain = normalizer === null ? section : section.normalize('NFC');
        for (const piece of splitter.pre_tokenize_text(plain)) {
          for (const id of encodePiece(piece)) out.push(id);
        }
      }
    }
    return out;
  };
}

/** Matches the longest of `contents` that starts earliest, as the library does. */
function alternation(contents: readonly string[]): RegExp | undefined {
  if (contents.length === 0) return undefined;
  const sorted = contents.toSorted((a, b) => b.length - a.length);
  return new RegExp(
    `(${sorted.map((one) => one.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|')})`,
  );
}
