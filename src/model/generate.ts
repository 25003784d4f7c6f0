/**
 * Batched generation with a key-value cache. The samples of a prompt share the computation of its
 * image and text; samples that have ended leave the batch.
 * @module
 */
import { invariant, type Random } from '../core/index.ts';
import { Session, type Shaped } from '../tensor/index.ts';
import { headDimension, type ModelConfig } from './config.ts';
import type { TokenConstraint } from './constraint.ts';
import { promptGraph, tokenGraph } from './graphs.ts';
import type { Parameters } from './parameters.ts';
import { promptPositions } from './positions.ts';
import { languageAngles } from './rotary.ts';
import { argmax, draw, restrict, type SamplingOptions, truncate } from './sampling.ts';
import type { ImageGrid } from './vision.ts';

/** What to generate. */
export interface GenerateOptions extends SamplingOptions {
  /** Completions per prompt. Default 1. */
  readonly samples?: number;
  /** Tokens per completion at most, the end of turn included. */
  readonly maxTokens: number;
  /** Tokens never to be generated. */
  readonly banned?: ReadonlySet<number>;
  /** Keeps every completion inside a language of texts. */
  readonly constraint?: TokenConstraint;
  /** The randomness of one sample; equal streams give equal samples in any batch. */
  readonly randomOf?: (prompt: number, sample: number) => Random;
}

/** A generated answer. */
export interface Generated {
  /** The end of turn included, if it came. */
  readonly tokens: readonly number[];
  /** Log-probability of each token at the sampling temperature, before truncation and constraint. */
  readonly logProbabilities: Float32Array;
  /** False when the token limit cut it. */
  readonly ended: boolean;
}

interface Sample {
  readonly index: number;
  readonly source: Random | undefined;
  readonly tokens: number[];
  readonly logProbabilities: number[];
  /** Where the constraint stands. */
  state: number;
}

type Cache = Map<string, Shaped<Float32Array>>;

/** Copies the named rows (first axis) of every array of a cache. */
function selectRows(cache: Cache, rows: readonly number[]): Cache {
  const out: Cache = new Map();
  for (const [name, { data, shape }] of cache) {
    const size = data.length / shape[0]!;
    const selected = new Float32Array(rows.length * size);
    rows.forEach((row, i) => {
      selected.set(data.subarray(row * size, (row + 1) * size), i * size);
    });
    out.set(name, { data: selected, shape: shape.with(0, rows.length) });
  }
  return out;
}

/** Share of ended samples at which copying the cache pays for the smaller batch. */
const COMPACT_AT = 0.2;

/** Generates for one model and one prompt length. The model's parameters are read in place. */
export class Generator {
  readonly #config: ModelConfig;
  readonly #grid: ImageGrid;
  readonly #prompt: Session;
  readonly #token: Session;
  readonly #length: number;

  private constructor(
    config: ModelConfig,
    grid: ImageGrid,
    prompt: Session,
    token: Session,
    length: number,
  ) {
    this.#config = config;
    this.#grid = grid;
    this.#prompt = prompt;
    this.#token = token;
    this.#length = length;
  }

  /** Compiles the graphs for prompts of `promptLength` tokens. */
  static async create(
    config: ModelConfig,
    parameters: Parameters,
    { grid, promptLength, threads }: { grid: ImageGrid; promptLength: number; threads?: number },
  ): Promise<Generator> {
    const options = threads === undefined ? {} : { threads };
    const prompt = await Session.create(
      promptGraph(config, { grid, length: promptLength }),
      options,
    );
    const token = await Session.create(tokenGraph(config), options);
    for (const [name, parameter] of parameters) {
      for (const session of [prompt, token]) if (session.has(name)) session.bind(name, parameter);
    }
    return new Generator(config, grid, prompt, token, promptLength);
  }

  async #read(
    prompts: readonly (readonly number[])[],
    pixels: Float32Array,
    temperature: Float32Array,
  ): Promise<{ cache: Cache; probabilities: Shaped<Float32Array>; next: number }> {
    const rows = prompts.length * this.#length;
    const positions = new Int32Array(3 * rows);
    const imageRows: number[] = [];
    let next = 0;
    prompts.forEach((prompt, p) => {
      invariant(
        prompt.length === this.#length,
        `a prompt has ${prompt.length} tokens, not ${this.#length}`,
      );
      const placed = promptPositions(prompt, this.#config, this.#grid);
      next = placed.next;
      prompt.forEach((token, i) => {
        const row = p * this.#length + i;
        for (let axis = 0; axis < 3; axis++) positions[axis * rows + row] = placed.axes[axis]![i]!;
        if (token === this.#config.image_token_id) imageRows.push(row);
      });
    });
    const results = await this.#prompt.run({
      pixels: this.#pixels(pixels, prompts.length),
      tokens: { data: BigInt64Array.from(prompts.flat(), BigInt), shape: [rows] },
      imageRows: { data: BigInt64Array.from(imageRows, BigInt), shape: [imageRows.length] },
      imageFeatures: {
        data: BigInt64Array.from(imageRows, (_, i) => BigInt(i)),
        shape: [imageRows.length],
      },
      ...this.#angles(positions),
      temperature,
    });
    return { ...splitResults(results), next };
  }

  #pixels(pixels: Float32Array, images: number): Shaped {
    const patches = this.#grid.height * this.#grid.width * images;
    return { data: pixels, shape: [patches, pixels.length / patches] };
  }

  #angles(positions: Int32Array): { cos: Shaped; sin: Shaped } {
    const { cos, sin } = languageAngles(this.#config, positions);
    const shape = [positions.length / 3, headDimension(this.#config) / 2];
    return { cos: { data: cos, shape }, sin: { data: sin, shape } };
  }

  /**
   * Completions of prompts, `samples` of each, in order: all of the first prompt, then the next.
   *
   * @param pixels - patches of one image per prompt (`ImageProcessor`)
   */
  async generate(
    prompts: readonly (readonly number[])[],
    pixels: Float32Array,
    options: GenerateOptions,
  ): Promise<Generated[]> {
    const {
      samples = 1,
      maxTokens,
      banned = new Set<number>(),
      randomOf,
      temperature = 1,
      constraint,
    } = options;
    const heat = Float32Array.of(temperature > 0 ? temperature : 1);
    invariant(maxTokens >= 1, 'a completion has at least one token');
    const read = await this.#read(prompts, pixels, heat);
    invariant(temperature <= 0 || randomOf, 'sampling needs randomness');
    const everySample = prompts.flatMap((_, p) => new Array<number>(samples).fill(p));
    let cache = selectRows(read.cache, everySample);
    let { probabilities } = read;
    let active: Sample[] = everySample.map((p, index) => ({
      index,
      source: temperature > 0 ? randomOf?.(p, index % samples) : undefined,
      tokens: [],
      logProbabilities: [],
      state: constraint?.start ?? 0,
    }));
    let rowOf: readonly number[] = everySample; // the row of `probabilities` that belongs to each sample
    const done: Generated[] = new Array(active.length);
    const finish = (sample: Sample, ended: boolean): void => {
      const { tokens, logProbabilities } = sample;
      done[sample.index] = { tokens, logProbabilities: Float32Array.from(logProbabilities), ended };
    };

    for (let step = 0; active.length > 0; step++) {
      const size = probabilities.shape[1]!;
      const going: number[] = [];
      active.forEach((sample, i) => {
        if (sample.tokens.at(-1) === this.#config.eos_token_id) return; // ended, not yet removed
        const start = rowOf[i]! * size;
        const { data } = probabilities;
        const token = this.#choose(data, start, size, banned, sample, options);
        if (constraint) sample.state = constraint.next(sample.state, token);
        sample.logProbabilities.push(Math.log(data[start + token]!));
        sample.tokens.push(token);
        if (token === this.#config.eos_token_id) finish(sample, true);
        else if (step + 1 === maxTokens) finish(sample, false);
        else going.push(i);
      });
      if (going.length === 0 || step + 1 === maxTokens) break;
      if (going.length < active.length * (1 - COMPACT_AT)) {
        cache = selectRows(cache, going);
        active = going.map((i) => active[i]!);
      }
      const feeds: Record<string, Shaped> = {};
      for (const [name, value] of cache)
        feeds[`past${name[0]!.toUpperCase()}${name.slice(1)}`] = value;
      const positions = new Int32Array(3 * active.length).fill(read.next + step);
      const results = await this.#token.run({
        tokens: {
          data: BigInt64Array.from(active, ({ tokens }) => BigInt(tokens.at(-1)!)),
          shape: [active.length],
        },
        ...this.#angles(positions),
        ...feeds,
        temperature: heat,
      });
      ({ cache, probabilities } = splitResults(results));
      rowOf = active.map((_, i) => i);
    }
    return done;
  }

  #choose(
    data: Float32Array,
    start: number,
    size: number,
    banned: ReadonlySet<number>,
    { source, state }: Sample,
    { constraint, ...options }: GenerateOptions,
  ): number {
    if (!constraint && !source) return argmax(data, start, size, banned);
    const isTruncated = options.topP !== undefined || options.topK !== undefined;
    if (!constraint && !isTruncated) return draw(data, start, size, banned, source!);
    const own = data.slice(start, start + size);
    if (constraint) restrict(own, constraint.allowed(state));
    if (!source) return argmax(own, 0, size, banned);
    truncate(own, 0, size, options);
    return draw(own, 0, size, banned, source);
  }

  /** Frees the compiled graphs. */
  async release(): Promise<void> {
    await Promise.all([this.#prompt.release(), this.#token.release()]);
  }
}

function splitResults(results: Record<string, Shaped>): {
  cache: Cache;
  probabilities: Shaped<Float32Array>;
} {
  const { probabilities, ...rest } = results;
  return {
    cache: new Map(Object.entries(rest as Record<string, Shaped<Float32Array>>)),
    probabilities: probabilities as Shaped<Float32Array>,
  };
}
