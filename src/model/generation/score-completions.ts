/**
 * Log-probabilities of completions that are already there, by the graph that generates: prompts are
 * read once, then all tokens of their completions in one step.
 * @module
 */
import { invariant } from '../../core/index.ts';
import { capacityOf, layCells, MASKED, placeOf } from './cache.ts';
import { type PromptBatch, type ReadPrompts, readPrompts } from './read-prompts.ts';
import type { Runner } from './runner.ts';

/** Numbers of one step's probabilities at most; they take the most memory. */
const NUMBERS_AT_ONCE = 2 ** 26;
/** Tokens of completions that stand in one cell, where each meets all, most of them masked. */
const TOKENS_IN_CELL = 256;

/** A completion, and whose it is. */
interface Scored {
  readonly prompt: number;
  readonly tokens: readonly number[];
  readonly logProbabilities: Float32Array;
}

/**
 * Log-probability of every token, by prompt and completion.
 *
 * @param completions - token ids, of every prompt its completions
 */
export async function scoreCompletions(
  runner: Runner,
  batch: PromptBatch,
  completions: readonly (readonly (readonly number[])[])[],
  temperature: number,
): Promise<Float32Array[][]> {
  invariant(completions.length === batch.prompts.length, 'every prompt needs its completions');
  if (completions.length === 0) return [];
  const read = await readPrompts(runner, batch, temperature);
  const { vocab_size: vocabulary } = runner.config;
  const lengths = batch.prompts.map(({ tokens }) => tokens.length);
  const scored = completions.map((own, prompt) =>
    own.map((tokens): Scored => {
      const logProbabilities = new Float32Array(tokens.length);
      const at = prompt * vocabulary + (tokens[0] ?? 0);
      if (tokens.length > 0) logProbabilities[0] = Math.log(read.probabilities.data[at]!);
      return { prompt, tokens, logProbabilities };
    }),
  );
  const longer = scored.flat().filter(({ tokens }) => tokens.length > 1);
  for (const portion of portions(longer, vocabulary))
    await scorePortion(runner, read, lengths, portion, temperature);
  return scored.map((own) => own.map(({ logProbabilities }) => logProbabilities));
}

function portions(all: readonly Scored[], vocabulary: number): Scored[][] {
  const out: Scored[][] = [];
  let longest = 0;
  for (const completion of all) {
    const last = out.at(-1);
    longest = Math.max(last ? longest : 0, completion.tokens.length - 1);
    if (last && (last.length + 1) * longest * vocabulary <= NUMBERS_AT_ONCE) last.push(completion);
    else {
      out.push([completion]);
      longest = completion.tokens.length - 1;
    }
  }
  return out;
}

/** Completions side by side, few enough in a cell that they hardly meet each other. */
async function scorePortion(
  runner: Runner,
  read: ReadPrompts,
  lengths: readonly number[],
  portion: readonly Scored[],
  temperature: number,
): Promise<void> {
  const fresh = Math.max(...portion.map(({ tokens }) => tokens.length)) - 1;
  const most = Math.max(1, Math.floor(TOKENS_IN_CELL / fresh));
  const running = lengths.map((_, prompt) => portion.filter((own) => own.prompt === prompt));
  const cells = running.flatMap((own) =>
    Array.from({ length: Math.ceil(own.length / most) }, (_, i) =>
      own.slice(i * most, (i + 1) * most),
    ),
  );
  const slots = Math.max(...cells.map((own) => own.length));
  const shape = { prompt: Math.max(...lengths), slots, room: fresh };
  const capacity = capacityOf(shape);
  const inCell = slots * fresh;
  const rows = cells.length * inCell;
  const tokens = new BigInt64Array(rows);
  const positions = new Int32Array(3 * rows);
  const places = new Int32Array(rows);
  const mask = new Float32Array(rows * capacity).fill(MASKED);
  const wanted: { readonly completion: Scored; readonly index: number; readonly row: number }[] =
    [];
  cells.forEach((own, cell) => {
    const { prompt } = own[0]!;
    for (let row = cell * inCell; row < (cell + 1) * inCell; row++) {
      const [index, slot] = [Math.floor((row % inCell) / slots), row % slots];
      places[row] = placeOf(shape, slot, index);
      mask.fill(0, row * capacity, row * capacity + lengths[prompt]!);
      for (let i = 0; i <= index; i++) mask[row * capacity + placeOf(shape, slot, i)] = 0;
      for (let axis = 0; axis < 3; axis++)
        positions[axis * rows + row] = read.next[prompt]! + index;
      const completion = own[slot];
      if (!completion || index + 1 >= completion.tokens.length) continue;
      tokens[row] = BigInt(completion.tokens[index]!);
      wanted.push({ completion, index: index + 1, row });
    }
  });
  const { probabilities } = await runner.step({
    cells: cells.length,
    tokens,
    positions,
    cache: layCells(
      read.cache,
      cells.map(([own]) => own!.prompt),
      shape,
    ),
    places,
    mask,
    lastRows: wanted.map(({ row }) => row),
    temperature,
  });
  const size = probabilities.shape[1]!;
  wanted.forEach(({ completion, index }, i) => {
    const probability = probabilities.data[i * size + completion.tokens[index]!]!;
    completion.logProbabilities[index] = Math.log(probability);
  });
}
