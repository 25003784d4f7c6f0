/**
 * Byte-pair encoding, the learning half: from counted words to an ordered list of merges.
 *
 * Source: Sennrich et al. 2016; order and counts follow Hugging Face's `BpeTrainer`
 * (`tokenizers`, models/bpe/trainer.rs) so that the same words give the same merges: the most
 * frequent pair first; of equally frequent pairs the one with the smaller (left id, right id).
 *
 * Two pairs never spell the same token, because a stretch of text between token borders has been
 * merged the same way wherever it stands. A pair can spell a *special* token that the words contain;
 * it takes that token's id, as in HF.
 * @module
 */
import { MaxHeap, type PairEntry } from './pair-heap.ts';

/** Learned by {@link learnMerges}. */
export interface LearnedMerges {
  /** Every token, index = id: what came in, then one per merge that spelled something new. */
  readonly tokens: readonly string[];
  /** Pairs of tokens, the first merge first. */
  readonly merges: readonly (readonly [string, string])[];
}

// A pair of ids as one number: exact while ids stay below 2^24, checked by the caller.
const SHIFT = 2 ** 24;

/**
 * Learns merges until there are `vocabSize` tokens or no pair occurs `minFrequency` times.
 *
 * @param words - word (characters that are all in `initial`) to how often it occurs
 * @param initial - special tokens and alphabet; their ids are their positions
 */
export function learnMerges(
  words: ReadonlyMap<string, number>,
  initial: readonly string[],
  limits: { readonly vocabSize: number; readonly minFrequency: number },
): LearnedMerges {
  const tokens = initial.slice();
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const counts = [...words.values()];
  const symbols = Array.from(words.keys(), (word) =>
    Array.from(word, (character) => ids.get(character) as number),
  );

  const pairCounts = new Map<number, number>();
  let touched = new Map<number, number[]>(); // pair -> words in which it newly occurs
  const change = (pair: number, by: number, word: number): void => {
    pairCounts.set(pair, (pairCounts.get(pair) ?? 0) + by * counts[word]!);
    if (by < 0) return;
    const found = touched.get(pair);
    if (found === undefined) touched.set(pair, [word]);
    else if (found[found.length - 1] !== word) found.push(word);
  };
  const queue = new MaxHeap();
  const enqueueTouched = (): void => {
    for (const [pair, found] of touched) {
      const count = pairCounts.get(pair)!;
      if (count > 0) queue.push({ pair, count, words: found });
    }
    touched = new Map();
  };

  for (const [word, line] of symbols.entries()) {
    for (let i = 1; i < line.length; i++) change(line[i - 1]! * SHIFT + line[i]!, 1, word);
  }
  enqueueTouched();

  const merges: [string, string][] = [];
  while (tokens.length < limits.vocabSize) {
    const top: PairEntry | undefined = queue.pop();
    if (top === undefined) break;
    const count = pairCounts.get(top.pair)!;
    if (top.count !== count) {
      queue.push({ ...top, count });
      continue;
    }
    if (count < Math.max(1, limits.minFrequency)) break;
    const left = Math.floor(top.pair / SHIFT);
    const right = top.pair % SHIFT;
    const spelled = tokens[left]! + tokens[right]!;
    let id = ids.get(spelled);
    if (id === undefined) {
      id = tokens.push(spelled) - 1;
      ids.set(spelled, id);
    }
    merges.push([tokens[left]!, tokens[right]!]);
    for (const word of top.words) mergeInWord(symbols[word]!, left, right, id, word, change);
    enqueueTouched();
  }
  return { tokens, merges };
}

/** Replaces (left, right) by `id` in `line`, left to right, and reports every pair it changes. */
function mergeInWord(
  line: number[],
  left: number,
  right: number,
  id: number,
  word: number,
  change: (pair: number, by: number, word: number) => void,
): void {
  let length = 0; // line[0 .. length) is rewritten
  for (let i = 0; i < line.length; i++) {
    if (line[i] !== left || i + 1 === line.length || line[i + 1] !== right) {
      line[length++] = line[i]!;
      continue;
    }
    if (length > 0) {
      const before = line[length - 1]! * SHIFT;
      change(before + left, -1, word);
      change(before + id, 1, word);
    }
    line[length++] = id;
    i++;
    if (i + 1 < line.length) {
      const after = line[i + 1]!;
      change(right * SHIFT + after, -1, word);
      change(id * SHIFT + after, 1, word);
    }
  }
  line.length = length;
}
