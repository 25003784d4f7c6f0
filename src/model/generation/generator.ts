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
import type { Shaped } from '../../tensor/index.ts';
import type { ModelConfig } from '../config.ts';
import type { TokenConstraint } from '../constraint.ts';
import type { Parameters } from '../parameters.ts';
import type { ImageBatch } from '../vision-feeds.ts';
import { type PromptBatch, readPrompts } from './read-prompts.ts';
import { Runner, type RunnerOptions, type Weights } from './runner.ts';
import { type Sample, SampleDecoder } from './sample-decoder.ts';
import { argmax, draw, restrict, type SamplingOptions, truncate } from './sampling.ts';
import { scoreCompletions } from './score-completions.ts';

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

/** Generates for one model. Its parameters are read in place unless `frozen`. */
export class Generator {
  readonly #runner: Runner;

  private constructor(runner: Runner) {
    this.#runner = runner;
  }

  /** Compiles the graphs of a model whose parameters are in memory. */
  static create(
    config: ModelConfig,
    parameters: Parameters,
    options: RunnerOptions = {},
  ): Promise<Generator> {
    return Generator.over(config, { parameters }, options);
  }

  /** Compiles the graphs of a model whose numbers are in memory or in files. */
  static async over(
    config: ModelConfig,
    weights: Weights,
    options: RunnerOptions = {},
  ): Promise<Generator> {
    return new Generator(await Runner.create(config, weights, options));
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
    const decoder = new SampleDecoder(this.#runner, read, samples, heat, batch);
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

  /** Features of images, image by image in the order of their tokens: (tokens, hidden). */
  features(images: ImageBatch): Promise<Float32Array> {
    return this.#runner.features(images);
  }

  /**
   * Log-probabilities of completions that are already there, by prompt and completion.
   *
   * @param completions - token ids, of every prompt its completions
   * @param temperature - divides the logits, as in sampling
   */
  logProbabilities(
    batch: PromptBatch,
    completions: readonly (readonly (readonly number[])[])[],
    temperature = 1,
  ): Promise<Float32Array[][]> {
    return scoreCompletions(this.#runner, batch, completions, temperature);
  }

  /** Frees the compiled graphs. */
  release(): Promise<void> {
    return this.#runner.release();
  }
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
