/**
 * A graph ready to run on ONNX Runtime.
 *
 * Inputs are read in place and outputs written in place: a caller keeps its typed arrays and the
 * runtime copies nothing. Input and output memory must never overlap.
 * @module
 */
import { availableParallelism } from 'node:os';
import type { InferenceSession, Tensor as RuntimeTensor } from 'onnxruntime-node';
import { GeorError, invariant } from '../core/index.ts';
import type { Graph, Tensor } from './graph.ts';
import { encodeModel } from './onnx/encode-model.ts';

/** What goes into and comes out of a run. */
export type Values = Float32Array | BigInt64Array;

/** A value with the shape it has in this run. */
export interface Shaped<T extends Values = Values> {
  readonly data: T;
  readonly shape: readonly number[];
}

/** How a session runs. */
export interface SessionOptions {
  /** Threads inside one operation. Default: all cores. */
  readonly threads?: number;
}

type Runtime = typeof import('onnxruntime-node');
let runtime: Promise<Runtime> | undefined;

async function loadRuntime(): Promise<Runtime> {
  runtime ??= import('onnxruntime-node');
  try {
    return await runtime;
  } catch (cause) {
    throw new GeorError('engine', 'ONNX Runtime did not load', {
      hint: 'install with "npm ci"; onnxruntime-node needs x64 or arm64 and glibc 2.27 or newer',
      cause,
    });
  }
}

/** A compiled graph. */
export class Session {
  readonly #runtime: Runtime;
  readonly #session: InferenceSession;
  readonly #inputs: ReadonlyMap<string, Tensor>;
  readonly #outputs: ReadonlyMap<string, Tensor>;
  readonly #kept = new Map<string, RuntimeTensor>();

  private constructor(runtime: Runtime, session: InferenceSession, graph: Graph) {
    this.#runtime = runtime;
    this.#session = session;
    this.#inputs = new Map(graph.inputs.map((tensor) => [tensor.name, tensor]));
    this.#outputs = new Map(graph.outputs.map((tensor) => [tensor.name, tensor]));
  }

  /**
   * Writes the graph as ONNX and compiles it.
   *
   * @throws GeorError `engine` when the runtime is missing or refuses the graph
   */
  static async create(
    graph: Graph,
    { threads = availableParallelism() }: SessionOptions = {},
  ): Promise<Session> {
    const loaded = await loadRuntime();
    try {
      const session = await loaded.InferenceSession.create(encodeModel(graph), {
        executionProviders: ['cpu'],
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        executionMode: 'sequential',
        graphOptimizationLevel: 'all',
        logSeverityLevel: 3,
      });
      return new Session(loaded, session, graph);
    } catch (cause) {
      throw new GeorError('engine', `ONNX Runtime refused a graph: ${cause}`, { cause });
    }
  }

  #wrap({ data, shape }: Shaped): RuntimeTensor {
    return data instanceof Float32Array
      ? new this.#runtime.Tensor('float32', data, shape)
      : new this.#runtime.Tensor('int64', data, shape);
  }

  #shaped(known: Tensor, value: Values | Shaped): Shaped {
    if ('shape' in value) return value;
    return { data: value, shape: known.shape as number[] };
  }

  /** Whether the graph has an input or output of this name. */
  has(name: string): boolean {
    return this.#inputs.has(name) || this.#outputs.has(name);
  }

  /**
   * Binds an array to an input or output for every later run: parameters to read, gradients to
   * write. The array may change between runs.
   */
  bind(name: string, value: Values | Shaped): void {
    const known = this.#inputs.get(name) ?? this.#outputs.get(name);
    invariant(known, `the graph has no value ${name}`);
    this.#kept.set(name, this.#wrap(this.#shaped(known, value)));
  }

  /**
   * Runs the graph once.
   *
   * @param feeds - the inputs that are not bound; plain arrays have the graph's static shape
   * @returns every output that is not bound, with its shape
   */
  async run(feeds: Readonly<Record<string, Values | Shaped>>): Promise<Record<string, Shaped>> {
    const inputs: Record<string, RuntimeTensor> = {};
    for (const [name, known] of this.#inputs) {
      const value = feeds[name];
      const kept = this.#kept.get(name);
      invariant(value ?? kept, `input ${name} was not fed`);
      inputs[name] = value ? this.#wrap(this.#shaped(known, value)) : kept!;
    }
    const fetches: Record<string, RuntimeTensor | null> = {};
    for (const name of this.#outputs.keys()) fetches[name] = this.#kept.get(name) ?? null;
    const results = await this.#session.run(inputs, fetches);
    const out: Record<string, Shaped> = {};
    for (const name of this.#outputs.keys()) {
      if (this.#kept.has(name)) continue;
      const tensor = results[name]!;
      out[name] = { data: tensor.data as Values, shape: tensor.dims };
    }
    return out;
  }

  /** Frees the runtime's memory. */
  async release(): Promise<void> {
    this.#kept.clear();
    await this.#session.release();
  }
}
