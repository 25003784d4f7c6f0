/**
 * What executes graphs: ONNX Runtime, in whichever of its packages fits the place.
 *
 * In Node.js `onnxruntime-node` is loaded when the first session is made. A page hands in
 * `onnxruntime-web`, which has the same interface:
 *
 *     import * as ort from 'onnxruntime-web/wasm';
 *     useRuntime({ InferenceSession: ort.InferenceSession, Tensor: ort.Tensor });
 * @module
 */
import type { InferenceSession } from 'onnxruntime-node';
import { GeorError } from '../core/index.ts';

/** A value as the runtime takes and gives it. */
export interface RuntimeTensor {
  readonly data: unknown;
  readonly dims: readonly number[];
}

/** A compiled model. */
export interface RuntimeSession {
  run(
    feeds: Readonly<Record<string, RuntimeTensor>>,
    fetches: Readonly<Record<string, RuntimeTensor | null>>,
  ): Promise<Readonly<Record<string, RuntimeTensor>>>;
  release(): Promise<void>;
}

/** The part of ONNX Runtime's interface that sessions use. */
export interface Runtime {
  readonly InferenceSession: {
    create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<RuntimeSession>;
  };
  readonly Tensor: {
    new (type: 'float32', data: Float32Array, dims: readonly number[]): RuntimeTensor;
    new (type: 'int64', data: BigInt64Array, dims: readonly number[]): RuntimeTensor;
  };
  /** Execution providers by preference; what none of them can do falls to the CPU. Default: cpu. */
  readonly providers?: readonly string[];
  /** Whether a run writes its results into tensors handed to it. Default: no, they are copied. */
  readonly fillsOutputs?: boolean;
  /** Threads inside one operation unless a session says otherwise. Default: the runtime's choice. */
  readonly threads?: number;
}

let current: Promise<Runtime> | undefined;

/** Makes `runtime` the one of all sessions created from now on without a runtime of their own. */
export function useRuntime(runtime: Runtime): void {
  current = Promise.resolve(runtime);
}

/**
 * The runtime of sessions that name none.
 *
 * @throws GeorError `engine` when none was handed in and `onnxruntime-node` does not load
 */
export async function defaultRuntime(): Promise<Runtime> {
  current ??= loadNodeRuntime();
  try {
    return await current;
  } catch (cause) {
    throw new GeorError('engine', 'ONNX Runtime did not load', {
      hint:
        'install with "npm ci"; onnxruntime-node needs x64 or arm64 and glibc 2.27 or newer. ' +
        'In a browser, hand in onnxruntime-web with useRuntime',
      cause,
    });
  }
}

async function loadNodeRuntime(): Promise<Runtime> {
  const name = 'onnxruntime-node'; // a variable: bundlers of pages must not follow it
  const { InferenceSession, Tensor }: Runtime = await import(/* @vite-ignore */ name);
  const threads = process.getBuiltinModule('node:os').availableParallelism();
  return { InferenceSession, Tensor, fillsOutputs: true, threads };
}
