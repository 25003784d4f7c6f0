/**
 * Batched generation with a key-value cache, from prompts as tokens and images as patches. The samples
 * of a prompt share the computation of its images and text and the memory of its keys and values;
 * samples that have ended leave the batch. Prompts may differ in length and images in size.
 *
 * Deviation from transformers: shorter prompts are padded behind, not before; the mask and the
 * positions make both the same.
 * @module
 */
import { invariant, type Random } from '../../core/index.ts';
import type { SessionOptions, Shaped } from '../../tensor/index.ts';
import { headDimension, type ModelConfig } from '../config.ts';
import type { TokenConstraint } from '../constraint.ts';
import type { Parameters } from '../parameters.ts';
import { type Cache, moveSamples, selectRows } from './cache.ts';
import { type CellPlan, planCells, type StepCost } from './cells.ts';
import { type PromptBatch, type ReadPrompts, readPrompts } from './read-prompts.ts';
import { Runner } from './runner.ts';
import { argmax, draw, restrict, type SamplingOptions, truncate } from './sampling.ts';

/** What to generate. */
export interface GenerateOptions extends SamplingOptions {
  /** Completions per prompt. Default 1. */
  readonly samples?: number;
  /** Tokens per completion at most, the stop token included. */
  readonly maxTokens: number;
  /** Tokens that end a completion. Default: the configuration's end of turn. */
  readonly stop?: ReadonlySet<number>;
  /** Tokens never to be generated. */
  readonly banned?: ReadonlySet<number>;
  /** Keeps every completion inside a language of texts. */
  readonly constraint?: TokenConstraint;
  /** The randomness of one sample; equal streams give equal samples in any batch. */
  readonly randomOf?: (prompt: number, sample: number) => Random;
  /** Sees every token as it is chosen. */
  readonly onToken?: (prompt: number, sample: number, token: number) => void;
  /** Ends the work before the next token; the promise then rejects with its reason. */
  readonly signal?: AbortSignal;
}

/** A generated answer. */
export interface Generated {
  /** The stop token included, if it came. */
  readonly tokens: readonly number[];
  /** Log-probability of each token at the sampling temperature, before truncation and constraint. */
  readonly logProbabilities: Float32Array;
  /** False when the token limit cut it. */
  readonly ended: boolean;
}

interface Sample {
  readonly prompt: number;
  readonly source: Random | undefined;
  readonly tokens: number[];
  readonly logProbabilities: number[];
  /** Where the constraint stands. */
  state: number;
  ended: boolean;
}

/** Share of ended samples at which moving the cache pays for the smaller batch. */
const COMPACT_AT = 0.2;

/** Generates for one model. Its parameters are read in place. */
export class Generator {
  readonly #runner: Runner;

  private constructor(runner: Runner) {
    this.#runner = runner;
  }

  /** Compiles the graphs. */
  static async create(
    config: ModelConfig,
    parameters: Parameters,
    options: SessionOptions = {},
  ): Promise<Generator> {
    return new Generator(await Runner.create(config, parameters, options));
  }

  /** Completions of prompts, `samples` of each, in order: all of the first prompt, then the next. */
  async generate(batch: PromptBatch, options: GenerateOptions): Promise<Generated[]> {
    const { samples: count = 1, maxTokens, temperature = 1, constraint, signal } = options;
    invariant(maxTokens >= 1, 'a completion has at least one token');
    invariant(temperature <= 0 || options.randomOf, 'sampling needs randomness');
    if (batch.prompts.length === 0) return [];
    signal?.throwIfAborted();
    const heat = temperature > 0 ? temperature : 1;
    const read = await readPrompts(this.#runner, batch, heat);
    const samples = batch.prompts.flatMap((_, prompt) =>
      Array.from(
        { length: count },
        (_x, index): Sample => ({
          prompt,
          source: temperature > 0 ? options.randomOf?.(prompt, index) : undefined,
          tokens: [],
          logProbabilities: [],
          state: constraint?.start ?? 0,
          ended: false,
        }),
      ),
    );
    const stop = options.stop ?? new Set([this.#runner.config.eos_token_id]);
    const choose = (index: number, probabilities: Shaped<Float32Array>, row: number): void => {
      const sample = samples[index]!;
      const token = chooseToken(probabilities, row, sample, options);
      if (constraint) sample.state = constraint.next(sample.state, token);
      const size = probabilities.shape[1]!;
      sample.logProbabilities.push(Math.log(probabilities.data[row * size + token]!));
      sample.tokens.push(token);
      sample.ended = stop.has(token);
      options.onToken?.(sample.prompt, index % count, token);
    };

    samples.forEach(({ prompt }, index) => {
      choose(index, read.probabilities, prompt);
    });
    const decoder = new Decoder(this.#runner, read, samples, heat, batch);
    for (let step = 1; step < maxTokens && samples.some(({ ended }) => !ended); step++) {
      signal?.throwIfAborted();
      const { probabilities, rowOf } = await decoder.step();
      for (const [index, row] of rowOf)
        if (!samples[index]!.ended) choose(index, probabilities, row);
    }
    return samples.map(({ tokens, logProbabilities, ended }) => ({
      tokens,
      logProbabilities: Float32Array.from(logProbabilities),
      ended,
    }));
  }

  /** Frees the compiled graphs. */
  release(): Promise<void> {
    return this.#runner.release();
  }
}

/** Decodes one token after the other for the samples that have not ended. */
class Decoder {
  readonly #runner: Runner;
  readonly #read: ReadPrompts;
  readonly #samples: readonly Sample[];
  readonly #temperature: number;
  readonly #lengths: readonly number[];
  readonly #cost: StepCost;
  #plan: CellPlan;
  #prefix!: { cache: Cache; mask: Float32Array };
  #past: Cache | undefined;
  #written = 0;

  constructor(
    runner: Runner,
    read: ReadPrompts,
    samples: readonly Sample[],
    temperature: number,
    { prompts }: PromptBatch,
  ) {
    this.#runner = runner;
    this.#read = read;
    this.#samples = samples;
    this.#temperature = temperature;
    this.#lengths = prompts.map(({ tokens }) => tokens.length);
    this.#cost = stepCost(runner.config, Math.max(...this.#lengths));
    this.#plan = planCells(this.#running(), this.#cost);
    this.#layPrefix();
  }

  #running(): number[][] {
    const running = this.#lengths.map(() => [] as number[]);
    this.#samples.forEach(({ prompt, ended }, index) => {
      if (!ended) running[prompt]!.push(index);
    });
    return running;
  }

  /** Rows of the present layout: the sample in each, the cell's first where none is. */
  #places(): number[] {
    const { cells, slots } = this.#plan;
    return cells.flatMap(({ samples }) =>
      Array.from({ length: slots }, (_, slot) => samples[slot] ?? samples[0]!),
    );
  }

  #layPrefix(): void {
    const { cells } = this.#plan;
    const longest = this.#read.cache.values().next().value!.shape[2]!;
    const mask = new Float32Array(cells.length * longest);
    cells.forEach(({ prompt }, cell) => {
      mask.fill(-1e9, cell * longest + this.#lengths[prompt]!, (cell + 1) * longest);
    });
    const prompts = cells.map(({ prompt }) => prompt);
    this.#prefix = { cache: selectRows(this.#read.cache, prompts), mask };
  }

  #compact(): void {
    const places = this.#places();
    const running = this.#samples.filter(({ ended }) => !ended).length;
    if (running >= places.length * (1 - COMPACT_AT)) return;
    const placeOf = new Map<number, number>();
    places.forEach((sample, place) => {
      if (!placeOf.has(sample)) placeOf.set(sample, place);
    });
    const plan = planCells(this.#running(), this.#cost);
    const isSmaller = plan.cells.length * plan.slots < places.length;
    if (!isSmaller) return;
    this.#plan = plan;
    if (this.#past) {
      const from = this.#places().map((sample) => placeOf.get(sample)!);
      this.#past = moveSamples(this.#past, from, plan.slots);
    }
    this.#layPrefix();
  }

  async step(): Promise<{ probabilities: Shaped<Float32Array>; rowOf: Map<number, number> }> {
    this.#compact();
    const { cells, slots } = this.#plan;
    const places = this.#places();
    const positions = new Int32Array(3 * places.length);
    places.forEach((sample, row) => {
      const position = this.#read.next[this.#samples[sample]!.prompt]! + this.#written;
      for (let axis = 0; axis < 3; axis++) positions[axis * places.length + row] = position;
    });
    const { probabilities, cache } = await this.#runner.step({
      cells: cells.length,
      slots,
      tokens: BigInt64Array.from(places, (sample) => BigInt(this.#samples[sample]!.tokens.at(-1)!)),
      positions,
      prefix: this.#prefix,
      ...(this.#past && { past: this.#past }),
      lastRows: places.map((_, row) => row),
      temperature: this.#temperature,
    });
    this.#past = cache;
    this.#written++;
    return { probabilities, rowOf: new Map(places.map((sample, row) => [sample, row])) };
  }
}

/**
 * What rows and cells cost: multiplications of a row, and numbers read of a prompt's cache, of which
 * one takes about as long as `READ` multiplications.
 */
function stepCost(config: ModelConfig, promptLength: number): StepCost {
  const READ = 8;
  const { hidden_size: hidden, intermediate_size: inner, num_hidden_layers: layers } = config;
  const keys = config.num_key_value_heads * headDimension(config);
  const perLayer = 2 * hidden * (hidden + keys) + 3 * hidden * inner;
  return {
    row: layers * perLayer + hidden * config.vocab_size,
    cell: READ * 2 * layers * keys * promptLength,
  };
}

function chooseToken(
  { data, shape }: Shaped<Float32Array>,
  row: number,
  { source, state }: Sample,
  { constraint, banned = new Set(), ...options }: GenerateOptions,
): number {
  const size = shape[1]!;
  const start = row * size;
  if (!constraint && !source) return argmax(data, start, size, banned);
  const isTruncated = options.topP !== undefined || options.topK !== undefined;
  if (!constraint && !isTruncated) return draw(data, start, size, banned, source!);
  const own = data.slice(start, start + size);
  if (constraint) restrict(own, constraint.allowed(state));
  if (!source) return argmax(own, 0, size, banned);
  truncate(own, 0, size, options);
  return draw(own, 0, size, banned, source);
}
