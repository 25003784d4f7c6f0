/**
 * A graph ready to run on ONNX Runtime.
 *
 * Inputs are read in place and outputs written in place: a caller keeps its typed arrays and the
 * runtime copies nothing. Input and output memory must never overlap.
 * @module
 */
import type { InferenceSession } from 'onnxruntime-node';
import { GeorError, invariant } from '../core/index.ts';
import type { Graph, Tensor } from './graph.ts';
import { encodeModel } from './onnx/encode-model.ts';
import {
  defaultRuntime,
  type Runtime,
  type RuntimeSession,
  type RuntimeTensor,
} from './runtime.ts';

/** What goes into and comes out of a run. */
export type Values = Float32Array | BigInt64Array;

/** A value with the shape it has in this run. */
export interface Shaped<T extends Values = Values> {
  readonly data: T;
  readonly shape: readonly number[];
}

/** How a session runs. */
export interface SessionOptions {
  /** Threads inside one operation. Default: the runtime's, in Node.js all cores. */
  readonly threads?: number;
  /** What executes the graph. Default: that of `useRuntime`, else `onnxruntime-node`. */
  readonly runtime?: Runtime;
  /**
   * Where the files of stored weights are: their folder (Node.js), or their bytes by name (anywhere).
   * Needed exactly when the graph has stored weights.
   */
  readonly weights?: string | ReadonlyMap<string, Uint8Array>;
  /**
   * Trades of speed against memory, each true by default. Off for a model that fills the machine.
   */
  readonly memory?: MemoryOptions;
}

/** What ONNX Runtime may spend memory on. */
export interface MemoryOptions {
  /** Keeps freed memory for the next run, at its highest use. */
  readonly arena?: boolean;
  /** Plans one block for all intermediate results of a shape seen before. */
  readonly pattern?: boolean;
  /** Keeps frozen weights a second time, in the order the matrix product reads them. */
  readonly prepack?: boolean;
  /** Computes what depends on constants alone once: 16-bit weights then take 32 bits in memory. */
  readonly foldConstants?: boolean;
}

function runtimeOptions(
  { threads, weights, memory = {} }: SessionOptions,
  runtime: Runtime,
): InferenceSession.SessionOptions {
  const { arena = true, pattern = true, prepack = true, foldConstants = true } = memory;
  const intraOpNumThreads = threads ?? runtime.threads;
  return {
    executionProviders: runtime.providers ?? ['cpu'],
    ...(intraOpNumThreads !== undefined && { intraOpNumThreads }),
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 4, // what goes wrong is thrown
    enableCpuMemArena: arena,
    enableMemPattern: pattern,
    ...(typeof weights === 'object' && {
      externalData: Array.from(weights, ([path, data]) => ({ path, data })),
    }),
    extra: {
      session: {
        // threads that wait in a spin after a run would slow the next session's run
        force_spinning_stop: '1',
        ...(typeof weights === 'string' && {
          model_external_initializers_file_folder_path: weights,
        }),
        ...(!prepack && { disable_prepacking: '1' }),
      },
      ...(!foldConstants && {
        optimization: { disable_specified_optimizers: 'ConstantFolding' },
      }),
    },
  };
}

/** A compiled graph. */
export class Session {
  readonly #runtime: Runtime;
  readonly #session: RuntimeSession;
  readonly #inputs: ReadonlyMap<string, Tensor>;
  readonly #outputs: ReadonlyMap<string, Tensor>;
  readonly #kept = new Map<string, { readonly tensor: RuntimeTensor; readonly data: Values }>();
  /** The names of what is bound, by the buffer it lies in. */
  readonly #memory = new WeakMap<ArrayBufferLike, Set<string>>();

  private constructor(runtime: Runtime, session: RuntimeSession, graph: Graph) {
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
  static async create(graph: Graph, options: SessionOptions = {}): Promise<Session> {
    const runtime = options.runtime ?? (await defaultRuntime());
    try {
      const session = await runtime.InferenceSession.create(
        encodeModel(graph),
        runtimeOptions(options, runtime),
      );
      return new Session(runtime, session, graph);
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
   *
   * @throws GeorError `internal` when memory that is written to would overlap other bound memory
   */
  bind(name: string, value: Values | Shaped): void {
    const known = this.#inputs.get(name) ?? this.#outputs.get(name);
    invariant(known, `the graph has no value ${name}`);
    const shaped = this.#shaped(known, value);
    this.#requireApart(name, shaped.data);
    const before = this.#kept.get(name);
    if (before) this.#memory.get(before.data.buffer)?.delete(name);
    const { buffer } = shaped.data;
    this.#memory.set(buffer, (this.#memory.get(buffer) ?? new Set()).add(name));
    this.#kept.set(name, { tensor: this.#wrap(shaped), data: shaped.data });
  }

  /** The runtime writes results while it still reads inputs: shared memory would corrupt both. */
  #requireApart(name: string, values: Values): void {
    const { byteOffset: begin, byteLength, buffer } = values;
    for (const other of this.#memory.get(buffer) ?? []) {
      if (other === name || !(this.#outputs.has(name) || this.#outputs.has(other))) continue;
      const { byteOffset, byteLength: length } = this.#kept.get(other)!.data;
      const isApart =
        Math.max(begin, byteOffset) >= Math.min(begin + byteLength, byteOffset + length);
      invariant(isApart, `${name} and ${other} overlap in memory, and one of them is written to`);
    }
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
      inputs[name] = value ? this.#wrap(this.#shaped(known, value)) : kept!.tensor;
    }
    for (const [name, value] of Object.entries(feeds))
      this.#requireApart(name, 'shape' in value ? value.data : value);
    const fetches: Record<string, RuntimeTensor | null> = {};
    const { fillsOutputs = false } = this.#runtime;
    for (const name of this.#outputs.keys())
      fetches[name] = (fillsOutputs && this.#kept.get(name)?.tensor) || null;
    const results = await this.#session.run(inputs, fetches);
    const out: Record<string, Shaped> = {};
    for (const name of this.#outputs.keys()) {
      const kept = this.#kept.get(name);
      const { data, dims } = results[name]!;
      if (!kept) out[name] = { data: data as Values, shape: dims };
      else if (!fillsOutputs) copyInto(kept.data, data as Values);
    }
    return out;
  }

  /** Frees the runtime's memory. */
  async release(): Promise<void> {
    this.#kept.clear();
    await this.#session.release();
  }
}

/** Both are of the type the graph declares for this output. */
function copyInto(place: Values, values: Values): void {
  if (values instanceof Float32Array) (place as Float32Array).set(values);
  else (place as BigInt64Array).set(values);
}
