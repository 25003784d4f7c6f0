/**
 * A model to ask: conversations with images of any size in, completions out. Runs wherever the engine
 * does, in Node.js and in a browser.
 *
 * "Policy" as in reinforcement learning: what chooses the next token. It knows nothing of what the
 * texts mean.
 * @module
 */
import { GeorError, random } from '../core/index.ts';
import type { SessionOptions } from '../tensor/index.ts';
import {
  DEFAULT_PREPROCESSOR,
  endTokens,
  type Model,
  type PreprocessorConfig,
  type StoredModel,
} from './checkpoint/index.ts';
import type { TokenConstraint } from './constraint.ts';
import { Generator } from './generation/generator.ts';
import type { SamplingOptions } from './generation/sampling.ts';
import { parameterCount } from './parameters.ts';
import { type PolicyRequest, promptBatch } from './policy-request.ts';
import { bannedTokens } from './prompt.ts';

/** How a policy runs and sees. */
export interface PolicyOptions extends SessionOptions {
  /** Pixels of an image after it was brought to size, at least. Default: the model's. */
  readonly minPixels?: number;
  /** At most. */
  readonly maxPixels?: number;
  /**
   * Compiles parameters in memory into the graphs: faster, for as much memory again, and they must not
   * change any more. Default: for models of at most 64 Mi parameters.
   */
  readonly frozen?: boolean;
}

/** Parameters of a model that is frozen unless told otherwise, at most: 256 MiB. */
const FROZEN_AT_MOST = 2 ** 26;

/** A token as it was chosen. */
export interface TokenEvent {
  /** Which request. */
  readonly request: number;
  /** Which of its samples. */
  readonly sample: number;
  readonly token: number;
  /** The sample's text so far, without special tokens. */
  readonly text: string;
}

/** What to generate. */
export interface CompletionOptions extends SamplingOptions {
  /** Completions per request. Default 1. */
  readonly samples?: number;
  /** Tokens per completion at most, the stop token included. */
  readonly maxTokens: number;
  /**
   * Equal seeds give a request equal samples, whatever else is in the batch. One for all, or one for
   * each request. Default 0.
   */
  readonly seed?: number | readonly number[];
  /** Tokens that end a completion. Default: the model's. */
  readonly stop?: Iterable<number>;
  /** Tokens never to be generated. Default: what marks images and starts turns. */
  readonly banned?: ReadonlySet<number>;
  /** Keeps every completion inside a language of texts. */
  readonly constraint?: TokenConstraint;
  /** Sees every token as it is chosen. */
  readonly onToken?: (event: TokenEvent) => void;
  /** Ends the work before the next token; the promise then rejects with its reason. */
  readonly signal?: AbortSignal;
}

/** A completion. */
export interface Completion {
  /** The stop token included, if it came. */
  readonly tokens: readonly number[];
  /** Without special tokens. */
  readonly text: string;
  /** Log-probability of each token at the sampling temperature, before truncation and constraint. */
  readonly logProbabilities: Float32Array;
  /** Whether a stop token or the token limit ended it. */
  readonly finish: 'stop' | 'length';
}

/**
 * A model, ready to be asked. Parameters of a small model in memory are compiled in, those of a larger
 * one are read in place; those of a `StoredModel` stay in their files, for models that fill the machine.
 */
export class Policy {
  readonly model: Model | StoredModel;
  readonly #preprocessor: PreprocessorConfig;
  readonly #generator: Generator;

  private constructor(
    model: Model | StoredModel,
    preprocessor: PreprocessorConfig,
    generator: Generator,
  ) {
    this.model = model;
    this.#preprocessor = preprocessor;
    this.#generator = generator;
  }

  /**
   * Compiles a model. A `StoredModel` needs `options.weights`: the folder or the bytes of its files.
   *
   * @throws GeorError `engine` when the runtime is missing, `config` when the pixel bounds cross
   */
  static async create(model: Model | StoredModel, options: PolicyOptions = {}): Promise<Policy> {
    const { minPixels, maxPixels } = options;
    const preprocessor = {
      ...(model.preprocessor ?? DEFAULT_PREPROCESSOR),
      ...(minPixels !== undefined && { minPixels }),
      ...(maxPixels !== undefined && { maxPixels }),
    };
    if (preprocessor.minPixels > preprocessor.maxPixels)
      throw new GeorError(
        'config',
        `an image cannot have at least ${preprocessor.minPixels} and at most ${preprocessor.maxPixels} pixels`,
      );
    const generator = await Generator.over(model.config, model, {
      frozen: parameterCount(model.config) <= FROZEN_AT_MOST,
      ...options,
      ...('adapter' in model && model.adapter && { adapter: model.adapter }),
    });
    return new Policy(model, preprocessor, generator);
  }

  /** Completions of every request, `samples` of each. */
  async generate(
    requests: readonly PolicyRequest[],
    options: CompletionOptions,
  ): Promise<Completion[][]> {
    const { config, tokenizer, generation } = this.model;
    const { samples = 1, seed = 0, onToken, ...rest } = options;
    const batch = promptBatch(requests, this.model, this.#preprocessor);
    const written = requests.map(() => Array.from({ length: samples }, () => [] as number[]));
    const textOf = (tokens: readonly number[]): string =>
      tokenizer.decode(tokens, { skipSpecialTokens: true });
    const generated = await this.#generator.generate(batch, {
      ...rest,
      samples,
      stop: new Set(options.stop ?? endTokens(generation, config)),
      banned: options.banned ?? bannedTokens(tokenizer),
      randomOf: (request, sample) =>
        random(typeof seed === 'number' ? seed : seed[request]!, 'completion', sample),
      ...(onToken && {
        onToken: (request, sample, token) => {
          const tokens = written[request]![sample]!;
          tokens.push(token);
          onToken({ request, sample, token, text: textOf(tokens) });
        },
      }),
    });
    return requests.map((_, request) =>
      generated
        .slice(request * samples, (request + 1) * samples)
        .map(({ tokens, logProbabilities, ended }) => ({
          tokens,
          text: textOf(tokens),
          logProbabilities,
          finish: ended ? 'stop' : 'length',
        })),
    );
  }

  /**
   * Log-probabilities of given completions, by request and completion, one number a token.
   *
   * @param completions - token ids of the completions of every request
   * @param temperature - divides the logits, as in sampling
   */
  logProbabilities(
    requests: readonly PolicyRequest[],
    completions: readonly (readonly (readonly number[])[])[],
    temperature = 1,
  ): Promise<Float32Array[][]> {
    const batch = promptBatch(requests, this.model, this.#preprocessor);
    return this.#generator.logProbabilities(batch, completions, temperature);
  }

  /** Frees the compiled graphs. */
  release(): Promise<void> {
    return this.#generator.release();
  }
}
