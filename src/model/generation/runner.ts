/**
 * The compiled graphs of generation: images to features, tokens to probabilities.
 * @module
 */
import { invariant } from '../../core/index.ts';
import { type Graph, Session, type SessionOptions, type Shaped } from '../../tensor/index.ts';
import { headDimension, type ModelConfig } from '../config.ts';
import { frozenLayers, type StoredParameters } from '../frozen-layers.ts';
import { type Layers, parameterConstants, parameterInputs } from '../layers.ts';
import { type Adapter, adaptLayers } from '../lora/index.ts';
import type { Parameters } from '../parameters.ts';
import { languageAngles } from '../rotary.ts';
import { tokenGraph } from '../token-graph.ts';
import type { VisionShape } from '../vision.ts';
import { type ImageBatch, visionFeeds, visionShapeOf } from '../vision-feeds.ts';
import { visionGraph } from '../vision-graph.ts';
import type { Cache } from './cache.ts';

/** One run of the token graph: cells of slots of new tokens. */
export interface TokenStep {
  readonly cells: number;
  readonly slots: number;
  /** Ids, (cells, slots, new). */
  readonly tokens: BigInt64Array;
  /** (3, cells x slots x new) */
  readonly positions: Int32Array;
  /** Rows that hold image tokens, and their features. Default: none. */
  readonly images?: { readonly rows: readonly number[]; readonly features: Float32Array };
  /** Keys and values of each cell's prompt, and 0 or -1e9 for each of its places. Default: no prompt. */
  readonly prefix?: { readonly cache: Cache; readonly mask: Float32Array };
  /** What the samples wrote so far. Default: nothing. */
  readonly past?: Cache;
  /** The rows whose next token is asked for. */
  readonly lastRows: readonly number[];
  readonly temperature: number;
}

/** What a run gives. */
export interface TokenResult {
  /** (rows asked for, vocabulary) */
  readonly probabilities: Shaped<Float32Array>;
  /** Past and new together, (cells, heads, slots, past + new, d). */
  readonly cache: Cache;
}

/** How a model's graphs run. */
export interface RunnerOptions extends SessionOptions {
  /** Added to the parameters' linear layers; its matrices are read in place too. */
  readonly adapter?: Adapter;
  /**
   * Compiles parameters in memory into the graphs, which then hold a copy that is laid out once for
   * fast products. For parameters that change no more. Default false: they are read at every run.
   */
  readonly frozen?: boolean;
}

/** A model's numbers: in memory, or where they lie in files (`RunnerOptions.weights` says where). */
export type Weights = { readonly parameters: Parameters } | { readonly stored: StoredParameters };

/** Runs a model's graphs. */
export class Runner {
  readonly config: ModelConfig;
  readonly #weights: Weights;
  readonly #options: RunnerOptions;
  readonly #vision = new Map<VisionShape, Session>();
  readonly #tokens: Session;

  private constructor(
    config: ModelConfig,
    weights: Weights,
    options: RunnerOptions,
    tokens: Session,
  ) {
    this.config = config;
    this.#weights = weights;
    this.#options = options;
    this.#tokens = tokens;
  }

  /** Compiles the token graph; those for images follow when images come. */
  static async create(
    config: ModelConfig,
    weights: Weights,
    options: RunnerOptions = {},
  ): Promise<Runner> {
    const tokens = await compile(
      tokenGraph(config, (graph) => layersOf(graph, config, weights, options)),
      weights,
      options,
    );
    return new Runner(config, weights, options, tokens);
  }

  /**
   * Features of images, image by image in the order of their tokens: (tokens, hidden).
   */
  async features(images: ImageBatch): Promise<Float32Array> {
    const { vision_config: vision, hidden_size: hidden } = this.config;
    // of weights in files there is one graph only: each compiled graph holds them
    const shape = 'stored' in this.#weights ? 'ragged' : visionShapeOf(vision, images.grids);
    let session = this.#vision.get(shape);
    if (!session) {
      const graph = visionGraph(this.config, shape, (made) =>
        layersOf(made, this.config, this.#weights, this.#options),
      );
      session = await compile(graph, this.#weights, this.#options);
      this.#vision.set(shape, session);
    }
    const { feeds, featureOf } = visionFeeds(vision, images, shape);
    const { features } = await session.run(feeds);
    const data = features!.data as Float32Array;
    if (featureOf.every((row, token) => row === token)) return data;
    const ordered = new Float32Array(data.length);
    featureOf.forEach((row, token) => {
      ordered.set(data.subarray(row * hidden, (row + 1) * hidden), token * hidden);
    });
    return ordered;
  }

  /** Runs the token graph once. */
  async step(step: TokenStep): Promise<TokenResult> {
    const { cells, slots, tokens, positions, images, lastRows } = step;
    const {
      hidden_size: hidden,
      num_hidden_layers: depth,
      num_key_value_heads: heads,
    } = this.config;
    const headDim = headDimension(this.config);
    const rows = tokens.length;
    const fresh = rows / (cells * slots);
    const { cos, sin } = languageAngles(this.config, positions);
    const nothing = new Float32Array(cells * heads * headDim);
    const none = new Float32Array(0);
    const caches: Record<string, Shaped> = {};
    for (let layer = 0; layer < depth; layer++)
      for (const kind of ['Key', 'Value']) {
        const name = `${kind.toLowerCase()}.${layer}`;
        caches[`prefix${kind}.${layer}`] = step.prefix?.cache.get(name) ?? {
          data: nothing,
          shape: [cells, heads, 1, headDim],
        };
        caches[`past${kind}.${layer}`] = step.past?.get(name) ?? {
          data: none,
          shape: [cells, heads, slots, 0, headDim],
        };
      }
    const past = caches['pastKey.0']!.shape[3]!;
    const prefixMask = step.prefix?.mask ?? new Float32Array(cells).fill(-1e9);
    const results = await this.#tokens.run({
      tokens: { data: tokens, shape: [cells, slots, fresh] },
      cos: { data: cos, shape: [rows, headDim / 2] },
      sin: { data: sin, shape: [rows, headDim / 2] },
      features: { data: images?.features ?? none, shape: [images?.rows.length ?? 0, hidden] },
      imageRows: integers(images?.rows ?? []),
      prefixMask: { data: prefixMask, shape: [cells, 1, 1, prefixMask.length / cells] },
      ownMask: { data: causalMask(fresh, past), shape: [fresh, past + fresh] },
      lastRows: integers(lastRows),
      temperature: Float32Array.of(step.temperature),
      ...caches,
    });
    const { probabilities, ...cache } = results as Record<string, Shaped<Float32Array>>;
    return { probabilities: probabilities!, cache: new Map(Object.entries(cache)) };
  }

  /** Frees the compiled graphs. */
  async release(): Promise<void> {
    await Promise.all([this.#tokens, ...this.#vision.values()].map((session) => session.release()));
    this.#vision.clear();
  }
}

function layersOf(
  graph: Graph,
  config: ModelConfig,
  weights: Weights,
  { adapter, frozen = false }: RunnerOptions,
): Layers {
  let layers: Layers;
  if ('stored' in weights) layers = frozenLayers(graph, config, weights.stored);
  else if (frozen) ({ layers } = parameterConstants(graph, config, weights.parameters));
  else ({ layers } = parameterInputs(graph, config));
  return adapter ? adaptLayers(graph, layers, config, adapter.targets).layers : layers;
}

async function compile(
  graph: Graph,
  weights: Weights,
  { adapter, ...options }: RunnerOptions,
): Promise<Session> {
  const session = await Session.create(graph, options);
  const parameters = 'parameters' in weights ? weights.parameters : [];
  for (const [name, parameter] of [...parameters, ...(adapter?.parameters ?? [])])
    if (session.has(name)) session.bind(name, parameter);
  return session;
}

const integers = (values: readonly number[]): Shaped => ({
  data: BigInt64Array.from(values, BigInt),
  shape: [values.length],
});

/** 0 where a new token may look, else -1e9: (new, past + new). */
function causalMask(fresh: number, past: number): Float32Array {
  invariant(fresh >= 1, 'a step has at least one new token');
  const mask = new Float32Array(fresh * (past + fresh));
  for (let i = 0; i < fresh; i++)
    mask.fill(-1e9, i * (past + fresh) + past + i + 1, (i + 1) * (past + fresh));
  return mask;
}
