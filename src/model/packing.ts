/**
 * Prompts with their completions, laid side by side in rows of equal length, so that hardly a token
 * is padding.
 *
 * A row holds several *clusters*: a prompt once, then each of its completions. A completion sees its
 * prompt and itself, never its neighbours; its positions continue the prompt's. So the samples of a
 * group share the computation of image and prompt, in training as in generation.
 * @module
 */
import { invariant } from '../core/index.ts';
import type { ModelConfig } from './config.ts';
import { type ImageGrid, imageTokenCount } from './image-grid.ts';
import { promptPositions } from './positions.ts';

/** A prompt and what was answered to it. */
export interface Example {
  /** Token ids; the image's placeholder tokens included. */
  readonly prompt: readonly number[];
  /** Which images of the batch the prompt shows, in order. */
  readonly images: readonly number[];
  /** Token ids of each answer, the end of turn included. */
  readonly completions: readonly (readonly number[])[];
  /** What is asked after the shared prompt, per completion: read, not predicted. Default: nothing. */
  readonly questions?: readonly (readonly number[])[];
}

/** A packed batch: the inputs of a training graph, and where each answer token went. */
export interface PackedBatch {
  readonly sequences: number;
  readonly length: number;
  /** (sequences x length) */
  readonly tokens: BigInt64Array;
  /** (3, sequences x length): time, row, column. */
  readonly positions: Int32Array;
  /** (sequences, 1, length, length): 0 where a row may look, else -1e9. */
  readonly mask: Float32Array;
  /** Rows that hold image tokens. */
  readonly imageRows: BigInt64Array;
  /** Which image token stands there, counted over all images of the batch. */
  readonly imageTokens: Int32Array;
  /** The row that predicts each answer token, and that token. */
  readonly answerRows: BigInt64Array;
  readonly answerTargets: BigInt64Array;
  /** Which completion (counted over all examples) each answer token belongs to. */
  readonly answerCompletions: Int32Array;
}

interface Cluster {
  readonly example: Example;
  readonly members: {
    question: readonly number[];
    tokens: readonly number[];
    index: number;
  }[];
  length: number;
}

interface Row {
  readonly clusters: Cluster[];
  free: number;
}

function plan(examples: readonly Example[], length: number): Row[] {
  const rows: Row[] = [];
  const place = (cluster: Cluster): void => {
    let row = rows.find(({ free }) => free >= cluster.length);
    if (!row) {
      row = { clusters: [], free: length };
      rows.push(row);
    }
    row.clusters.push(cluster);
    row.free -= cluster.length;
  };
  let index = 0;
  const clusters = examples.flatMap((example) => {
    const out: Cluster[] = [];
    example.completions.forEach((tokens, i) => {
      const question = example.questions?.[i] ?? [];
      const need = question.length + tokens.length - 1; // the last token is predicted, never read
      let cluster = out.at(-1);
      if (!cluster || cluster.length + need > length) {
        cluster = { example, members: [], length: example.prompt.length };
        out.push(cluster);
      }
      invariant(
        cluster.length + need <= length,
        `an answer of ${tokens.length} tokens does not fit a row of ${length}`,
      );
      cluster.members.push({ question, tokens, index: index++ });
      cluster.length += need;
    });
    return out;
  });
  // longest first: what is left over is then filled by the short ones
  for (const cluster of clusters.toSorted((a, b) => b.length - a.length)) place(cluster);
  return rows;
}

/**
 * Packs examples into rows.
 *
 * @param grids - of every image of the batch
 * @param length - tokens per row; the longest prompt with one answer must fit
 */
export function pack(
  examples: readonly Example[],
  { length, config, grids }: { length: number; config: ModelConfig; grids: readonly ImageGrid[] },
): PackedBatch {
  const firstTokens = [0];
  for (const grid of grids)
    firstTokens.push(firstTokens.at(-1)! + imageTokenCount(config.vision_config, grid));
  const rows = plan(examples, length);
  const total = rows.length * length;
  const tokens = new BigInt64Array(total).fill(BigInt(config.pad_token_id ?? config.eos_token_id));
  const positions = new Int32Array(3 * total);
  const mask = new Float32Array(rows.length * length * length).fill(-1e9);
  const imageRows: number[] = [];
  const imageTokens: number[] = [];
  const answerRows: number[] = [];
  const answerTargets: number[] = [];
  const answerCompletions: number[] = [];
  const open = (row: number, from: number, to: number): void => {
    const at = row * length + (from % length);
    mask[at * length + (to % length)] = 0;
  };

  rows.forEach(({ clusters }, r) => {
    let at = 0;
    for (const { example, members } of clusters) {
      const start = at;
      const shown = example.images.map((image) => grids[image]!);
      const prompt = promptPositions(example.prompt, config, shown);
      const tokensShown = example.images.flatMap((image) =>
        Array.from(
          { length: firstTokens[image + 1]! - firstTokens[image]! },
          (_, i) => firstTokens[image]! + i,
        ),
      );
      let shownSoFar = 0;
      example.prompt.forEach((token, i) => {
        const row = r * length + at;
        tokens[row] = BigInt(token);
        for (let axis = 0; axis < 3; axis++) positions[axis * total + row] = prompt.axes[axis]![i]!;
        if (token === config.image_token_id) {
          imageRows.push(row);
          imageTokens.push(tokensShown[shownSoFar++]!);
        }
        for (let j = start; j <= at; j++) open(r, at, j);
        at++;
      });
      const promptEnd = at;
      for (const member of members) {
        const memberStart = at;
        const read = [...member.question, ...member.tokens.slice(0, -1)];
        const before =
          r * length + (member.question.length > 0 ? at + member.question.length : promptEnd) - 1;
        member.tokens.forEach((token, i) => {
          answerRows.push(i === 0 ? before : r * length + at + member.question.length + i - 1);
          answerTargets.push(token);
          answerCompletions.push(member.index);
        });
        read.forEach((token, i) => {
          const row = r * length + at;
          tokens[row] = BigInt(token);
          for (let axis = 0; axis < 3; axis++) positions[axis * total + row] = prompt.next + i;
          for (let j = start; j < promptEnd; j++) open(r, at, j);
          for (let j = memberStart; j <= at; j++) open(r, at, j);
          at++;
        });
      }
    }
    for (; at < length; at++) open(r, at, at);
  });
  return {
    sequences: rows.length,
    length,
    tokens,
    positions,
    mask,
    imageRows: BigInt64Array.from(imageRows, BigInt),
    imageTokens: Int32Array.from(imageTokens),
    answerRows: BigInt64Array.from(answerRows, BigInt),
    answerTargets: BigInt64Array.from(answerTargets, BigInt),
    answerCompletions: Int32Array.from(answerCompletions),
  };
}
