/**
 * Reads prompts: their keys and values, and what comes next.
 * @module
 */
import type { Shaped } from '../../tensor/index.ts';
import { imageTokenCount } from '../image-grid.ts';
import { promptPositions } from '../positions.ts';
import type { ImageBatch } from '../vision-feeds.ts';
import { type Cache, joinPrompts } from './cache.ts';
import type { Runner } from './runner.ts';

/** A prompt as tokens. */
export interface Prompt {
  /** Every image's placeholder tokens included. */
  readonly tokens: readonly number[];
  /** Which images it shows, in order. */
  readonly images: readonly number[];
}

/** Prompts and the images they show; an image may be shown by several. */
export interface PromptBatch {
  readonly prompts: readonly Prompt[];
  readonly images: ImageBatch;
}

/** Prompts, read. */
export interface ReadPrompts {
  /** (prompts, heads, longest, d) */
  readonly cache: Cache;
  /** Of the next token, (prompts, vocabulary). */
  readonly probabilities: Shaped<Float32Array>;
  /** The position of the first token after every prompt. */
  readonly next: readonly number[];
}

/** Tokens that are read at once; attention among them takes the most memory. */
const TOKENS_AT_ONCE = 4096;
/** Patches of images seen at once. */
const PATCHES_AT_ONCE = 8192;

/** Features of images, in portions that bound the memory: (tokens of all images, hidden). */
async function featuresOf(runner: Runner, { grids, pixels }: ImageBatch): Promise<Float32Array> {
  const parts: Float32Array[] = [];
  const patches = grids.map(({ height, width }) => height * width);
  const length =
    pixels.length /
    Math.max(
      1,
      patches.reduce((a, b) => a + b, 0),
    );
  let from = 0;
  let start = 0;
  while (from < grids.length) {
    let to = from;
    let count = 0;
    do count += patches[to++]!;
    while (to < grids.length && count + patches[to]! <= PATCHES_AT_ONCE);
    parts.push(
      await runner.features({
        grids: grids.slice(from, to),
        pixels: pixels.subarray(start * length, (start + count) * length),
      }),
    );
    from = to;
    start += count;
  }
  return parts.length === 1 ? parts[0]! : concatenate(parts);
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Prompts of similar length together, so that little is padding; in order where all are alike. */
function portions(prompts: readonly Prompt[]): number[][] {
  const order = prompts
    .map((_, i) => i)
    .sort((a, b) => prompts[a]!.tokens.length - prompts[b]!.tokens.length || a - b);
  const out: number[][] = [];
  for (const prompt of order) {
    const last = out.at(-1);
    const { length } = prompts[prompt]!.tokens;
    if (last && (last.length + 1) * length <= TOKENS_AT_ONCE) last.push(prompt);
    else out.push([prompt]);
  }
  return out;
}

/**
 * Reads prompts of any lengths. Shorter ones are padded at their end, where nothing of theirs looks.
 *
 * @throws GeorError `data` when a prompt's image tokens are not those of its images
 */
export async function readPrompts(
  runner: Runner,
  { prompts, images }: PromptBatch,
  temperature: number,
): Promise<ReadPrompts> {
  const { config } = runner;
  const { hidden_size: hidden, image_token_id: placeholder, vocab_size: vocabulary } = config;
  const features = images.grids.length > 0 ? await featuresOf(runner, images) : new Float32Array(0);
  const firstTokens = [0];
  for (const grid of images.grids)
    firstTokens.push(firstTokens.at(-1)! + imageTokenCount(config.vision_config, grid));

  const parts = portions(prompts);
  const caches: Cache[] = [];
  const next = new Array<number>(prompts.length);
  const probabilities = new Float32Array(prompts.length * vocabulary);
  for (const part of parts) {
    const length = Math.max(...part.map((prompt) => prompts[prompt]!.tokens.length));
    const rows = part.length * length;
    const tokens = new BigInt64Array(rows).fill(BigInt(config.pad_token_id ?? config.eos_token_id));
    const positions = new Int32Array(3 * rows);
    const imageRows: number[] = [];
    const shown: Float32Array[] = [];
    part.forEach((prompt, cell) => {
      const { tokens: own, images: its } = prompts[prompt]!;
      const placed = promptPositions(
        own,
        config,
        its.map((image) => images.grids[image]!),
      );
      next[prompt] = placed.next;
      own.forEach((token, i) => {
        const row = cell * length + i;
        tokens[row] = BigInt(token);
        for (let axis = 0; axis < 3; axis++) positions[axis * rows + row] = placed.axes[axis]![i]!;
        if (token === placeholder) imageRows.push(row);
      });
      for (const image of its)
        shown.push(
          features.subarray(firstTokens[image]! * hidden, firstTokens[image + 1]! * hidden),
        );
    });
    const read = await runner.step({
      cells: part.length,
      slots: 1,
      tokens,
      positions,
      images: { rows: imageRows, features: shown.length === 1 ? shown[0]! : concatenate(shown) },
      lastRows: part.map((prompt, cell) => cell * length + prompts[prompt]!.tokens.length - 1),
      temperature,
    });
    caches.push(read.cache);
    part.forEach((prompt, cell) => {
      const own = read.probabilities.data.subarray(cell * vocabulary, (cell + 1) * vocabulary);
      probabilities.set(own, prompt * vocabulary);
    });
  }
  return {
    cache: joinPrompts(caches, parts),
    probabilities: { data: probabilities, shape: [prompts.length, vocabulary] },
    next,
  };
}

/** 0 where a cell's prompt has a token, -1e9 where it is padding: (cells, longest). */
export function prefixMask(cache: Cache, lengths: readonly number[]): Float32Array {
  const longest = cache.values().next().value!.shape[2]!;
  const mask = new Float32Array(lengths.length * longest);
  lengths.forEach((length, cell) => {
    mask.fill(-1e9, cell * longest + length, (cell + 1) * longest);
  });
  return mask;
}
