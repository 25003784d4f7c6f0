/**
 * Constrained decoding: which tokens keep an answer inside a language of texts.
 *
 * The language comes as an automaton over bytes, so the model knows nothing of what it means. The
 * vocabulary is a trie over bytes; walking both together gives the tokens that a state allows, which
 * are kept per state.
 * @module
 */
import { type ByteAutomaton, GeorError } from '../core/index.ts';
import { BYTE_CHARACTERS } from './tokenizer/byte-alphabet.ts';
import type { Tokenizer } from './tokenizer/index.ts';

/** An automaton over tokens. States are those of the byte automaton. */
export interface TokenConstraint {
  readonly start: number;
  /**
   * 1 for every token that may come next, by id.
   *
   * @throws GeorError `engine` when nothing may: no token of the vocabulary goes on
   */
  allowed(state: number): Uint8Array;
  /** The state after an allowed token. */
  next(state: number, token: number): number;
}

/** A node of the vocabulary: the token that ends here, and the nodes a byte further. */
interface TrieNode {
  token: number;
  readonly children: Map<number, TrieNode>;
}

const newNode = (): TrieNode => ({ token: -1, children: new Map() });

/** The bytes of every ordinary token, by id; special tokens have none. */
function tokenBytes(tokenizer: Tokenizer): Map<number, readonly number[]> {
  const byteOf = new Map(BYTE_CHARACTERS.map((character, byte) => [character, byte]));
  const special = new Set(tokenizer.json.added_tokens.map(({ id }) => id));
  const bytes = new Map<number, readonly number[]>();
  for (const [token, id] of Object.entries(tokenizer.json.model.vocab)) {
    if (special.has(id)) continue;
    const own = Array.from(token, (character) => byteOf.get(character));
    if (own.length > 0 && own.every((byte) => byte !== undefined)) bytes.set(id, own);
  }
  return bytes;
}

/**
 * Tokens that spell the texts of `automaton`, followed by `endToken`.
 *
 * Any way of cutting a text into tokens is allowed, not only the tokenizer's own.
 */
export function constrainTokens(
  tokenizer: Tokenizer,
  automaton: ByteAutomaton,
  endToken: number,
): TokenConstraint {
  const bytes = tokenBytes(tokenizer);
  const root = newNode();
  for (const [id, own] of bytes) {
    let node = root;
    for (const byte of own) {
      const child = node.children.get(byte) ?? newNode();
      node.children.set(byte, child);
      node = child;
    }
    node.token = id;
  }
  const known = new Map<number, Uint8Array>();
  const mark = (node: TrieNode, state: number, mask: Uint8Array): boolean => {
    let any = false;
    if (node.token >= 0) {
      mask[node.token] = 1;
      any = true;
    }
    for (const [byte, child] of node.children) {
      const after = automaton.next(state, byte);
      if (after >= 0 && mark(child, after, mask)) any = true;
    }
    return any;
  };
  return {
    start: automaton.start,
    allowed(state) {
      let mask = known.get(state);
      if (mask) return mask;
      mask = new Uint8Array(tokenizer.vocabSize);
      const isFinal = automaton.isFinal(state);
      if (isFinal) mask[endToken] = 1;
      if (!mark(root, state, mask) && !isFinal)
        throw new GeorError('engine', 'constrained decoding has no token to go on with', {
          hint: 'the vocabulary cannot spell the texts that are allowed',
        });
      known.set(state, mask);
      return mask;
    },
    next(state, token) {
      let after = state;
      for (const byte of bytes.get(token) ?? []) after = automaton.next(after, byte);
      return after;
    },
  };
}
