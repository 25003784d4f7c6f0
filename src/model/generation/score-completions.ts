/**
 * Log-probabilities of completions that are already there, by the graph that generates: prompts are
 * read once, then all tokens of their completions in one step.
 * @module
 */
import { invariant } from '../../core/index.ts';
import { selectRows } from './cache.ts';
import { type PromptBatch, prefixMask, type ReadPrompts, readPrompts } from './read-prompts.ts';
import type { Runner } from './runner.ts';

/** Numbers of one step's probabilities at most; they take the most memory. */
const NUMBERS_AT_ONCE = 2 ** 26;

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

/** Completions side by side, each in a cell of its own or in one with others of its prompt. */
async function scorePortion(
  runner: Runner,
  read: ReadPrompts,
  lengths: readonly number[],
  portion: readonly Scored[],
  temperature: number,
): Promise<void> {
  const prompts = [...new Set(portion.map(({ prompt }) => prompt))];
  const cells = prompts.map((prompt) => portion.filter((own) => own.prompt === prompt));
  const slots = Math.max(...cells.map((own) => own.length));
  const fresh = Math.max(...portion.map(({ tokens }) => tokens.length)) - 1;
  const rows = cells.length * slots * fresh;
  const tokens = new BigInt64Array(rows);
  const positions = new Int32Array(3 * rows);
  const wanted: { readonly completion: Scored; readonly index: number; readonly row: number }[] =
    [];
  cells.forEach((own, cell) => {
    own.forEach((completion, slot) => {
      for (let i = 0; i + 1 < completion.tokens.length; i++) {
        const row = (cell * slots + slot) * fresh + i;
        tokens[row] = BigInt(completion.tokens[i]!);
        const position = read.next[completion.prompt]! + i;
        for (let axis = 0; axis < 3; axis++) positions[axis * rows + row] = position;
        wanted.push({ completion, index: i + 1, row });
      }
    });
  });
  const { probabilities } = await runner.step({
    cells: cells.length,
    slots,
    tokens,
    positions,
    prefix: {
      cache: selectRows(read.cache, prompts),
      mask: prefixMask(
        read.cache,
        prompts.map((prompt) => lengths[prompt]!),
      ),
    },
    lastRows: wanted.map(({ row }) => row),
    temperature,
  });
  const size = probabilities.shape[1]!;
  wanted.forEach(({ completion, index }, i) => {
    const probability = probabilities.data[i * size + completion.tokens[index]!]!;
    completion.logProbabilities[index] = Math.log(probability);
  });
}
