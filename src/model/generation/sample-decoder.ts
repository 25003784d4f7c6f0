/**
 * Decoding of running samples, token by token; those that have ended leave the batch.
 * @module
 */
import type { Random } from '../../core/index.ts';
import type { Shaped } from '../../tensor/index.ts';
import { headDimension, type ModelConfig } from '../config.ts';
import { type Cache, moveSamples, selectRows } from './cache.ts';
import { type CellPlan, planCells, type StepCost } from './cells.ts';
import { type PromptBatch, prefixMask, type ReadPrompts } from './read-prompts.ts';
import type { Runner } from './runner.ts';

/** A completion as it grows. */
export interface Sample {
  /** Which prompt. */
  readonly prompt: number;
  /** Undefined where the most probable token is taken. */
  readonly source: Random | undefined;
  readonly tokens: number[];
  readonly logProbabilities: number[];
  /** Where the constraint stands. */
  state: number;
  ended: boolean;
}

/** Share of ended samples at which moving the cache pays for the smaller batch. */
const COMPACT_AT = 0.2;

/** Decodes one token after the other for the samples that have not ended. */
export class SampleDecoder {
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

  /** Takes up where prompts were read; every sample has its first token. */
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
    const prompts = cells.map(({ prompt }) => prompt);
    const lengths = prompts.map((prompt) => this.#lengths[prompt]!);
    this.#prefix = {
      cache: selectRows(this.#read.cache, prompts),
      mask: prefixMask(this.#read.cache, lengths),
    };
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

  /** One more token of every running sample: probabilities, and the row of each. */
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
