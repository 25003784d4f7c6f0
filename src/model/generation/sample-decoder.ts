/**
 * Decoding of running samples, token by token; those that have ended leave the batch.
 * @module
 */
import type { Random } from '../../core/index.ts';
import type { Shaped } from '../../tensor/index.ts';
import { headDimension, type ModelConfig } from '../config.ts';
import {
  type Cache,
  type CellShape,
  capacityOf,
  growCells,
  layCells,
  MASKED,
  placeOf,
  type Source,
} from './cache.ts';
import { type CellPlan, planCells, type StepCost } from './cells.ts';
import type { PromptBatch, ReadPrompts } from './read-prompts.ts';
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

/** Tokens that cells get room for at a time. */
const ROOM = 8;

/** Decodes one token after the other for the samples that have not ended. */
export class SampleDecoder {
  readonly #runner: Runner;
  readonly #read: ReadPrompts;
  readonly #samples: readonly Sample[];
  readonly #temperature: number;
  readonly #lengths: readonly number[];
  #plan: CellPlan;
  #shape: CellShape;
  #cache: Cache;
  /** (cells, slots, capacity) */
  #mask: Float32Array;
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
    const prompt = Math.max(...this.#lengths);
    this.#plan = this.#cheapest();
    this.#shape = { prompt, slots: this.#plan.slots, room: ROOM };
    this.#cache = layCells(read.cache, this.#prompts(), this.#shape);
    this.#mask = this.#openMask();
  }

  /** The cheapest layout of the samples that run, for the tokens until it is looked at again. */
  #cheapest(): CellPlan {
    const running = this.#lengths.map(() => [] as number[]);
    this.#samples.forEach(({ prompt, ended }, index) => {
      if (!ended) running[prompt]!.push(index);
    });
    const { config } = this.#runner;
    return planCells(running, stepCost(config, Math.max(...this.#lengths), this.#written + ROOM));
  }

  /** Rows of the present layout: the sample in each, the cell's first where none is. */
  #places(): number[] {
    const { cells, slots } = this.#plan;
    return cells.flatMap(({ samples }) =>
      Array.from({ length: slots }, (_, slot) => samples[slot] ?? samples[0]!),
    );
  }

  #prompts(): number[] {
    return this.#plan.cells.map(({ prompt }) => prompt);
  }

  /** What every slot sees: its cell's prompt and what it wrote itself. */
  #openMask(): Float32Array {
    const capacity = capacityOf(this.#shape);
    const { slots } = this.#shape;
    const mask = new Float32Array(this.#plan.cells.length * slots * capacity).fill(MASKED);
    this.#plan.cells.forEach(({ prompt }, cell) => {
      for (let slot = 0; slot < slots; slot++) {
        const row = (cell * slots + slot) * capacity;
        mask.fill(0, row, row + this.#lengths[prompt]!);
        for (let index = 0; index < this.#written; index++)
          mask[row + placeOf(this.#shape, slot, index)] = 0;
      }
    });
    return mask;
  }

  /** Makes room for another token; lays the cells out anew where that is cheaper. */
  #prepare(): void {
    const isFull = this.#written === this.#shape.room;
    const places = this.#places();
    const running = this.#samples.filter(({ ended }) => !ended).length;
    if (!isFull && running >= places.length * (1 - COMPACT_AT)) return;
    const plan = this.#cheapest();
    const before = this.#shape;
    const isOther = plan.slots !== before.slots || plan.cells.length * plan.slots < places.length;
    if (!isFull && !isOther) return;
    const room = isFull ? before.room + ROOM : before.room;
    this.#shape = { ...before, slots: isOther ? plan.slots : before.slots, room };
    if (isOther) {
      const sourceOf = new Map<number, Source>();
      places.forEach((sample, place) => {
        const source = { cell: Math.floor(place / before.slots), slot: place % before.slots };
        if (!sourceOf.has(sample)) sourceOf.set(sample, source);
      });
      this.#plan = plan;
      this.#cache = layCells(this.#read.cache, this.#prompts(), this.#shape, {
        cache: this.#cache,
        shape: before,
        count: this.#written,
        from: this.#places().map((sample) => sourceOf.get(sample)!),
      });
    } else this.#cache = growCells(this.#cache, before, this.#shape);
    this.#mask = this.#openMask();
  }

  /** One more token of every running sample: probabilities, and the row of each. */
  async step(): Promise<{ probabilities: Shaped<Float32Array>; rowOf: Map<number, number> }> {
    this.#prepare();
    const { cells, slots } = this.#plan;
    const capacity = capacityOf(this.#shape);
    const places = this.#places();
    const positions = new Int32Array(3 * places.length);
    const own = new Int32Array(places.length);
    places.forEach((sample, row) => {
      const position = this.#read.next[this.#samples[sample]!.prompt]! + this.#written;
      for (let axis = 0; axis < 3; axis++) positions[axis * places.length + row] = position;
      own[row] = placeOf(this.#shape, row % slots, this.#written);
      this.#mask[row * capacity + own[row]!] = 0;
    });
    const { probabilities, cache } = await this.#runner.step({
      cells: cells.length,
      tokens: BigInt64Array.from(places, (sample) => BigInt(this.#samples[sample]!.tokens.at(-1)!)),
      positions,
      cache: this.#cache,
      places: own,
      mask: this.#mask,
      lastRows: places.map((_, row) => row),
      temperature: this.#temperature,
    });
    this.#cache = cache;
    this.#written++;
    return { probabilities, rowOf: new Map(places.map((sample, row) => [sample, row])) };
  }
}

/**
 * What rows and cells cost: multiplications of a row, and numbers read of a prompt's cache, of which
 * one takes about as long as `READ` multiplications. Attention's products are small and its exponentials
 * many: a place that is met counts `MEET` times its multiplications.
 */
function stepCost(config: ModelConfig, promptLength: number, written: number): StepCost {
  const READ = 8;
  const MEET = 1;
  const { hidden_size: hidden, intermediate_size: inner, num_hidden_layers: layers } = config;
  const headDim = headDimension(config);
  const keys = config.num_key_value_heads * headDim;
  const queries = config.num_attention_heads * headDim;
  const perLayer = 2 * hidden * (hidden + keys) + 3 * hidden * inner;
  return {
    row: layers * perLayer + hidden * config.vocab_size,
    cell: READ * 2 * layers * keys * promptLength,
    pair: MEET * 2 * layers * queries * written,
  };
}
