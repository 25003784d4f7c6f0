/**
 * Sessions in a thread of their own, so that a server or a display in this one stays responsive: a run
 * of ONNX Runtime's Node.js binding blocks the thread that asks for it.
 *
 * Same results to the last bit: it is the same library with the same number of threads. What is bound
 * to a session is best made by {@link sharedFloats}: other memory is copied on every run.
 * @module
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { GeorError } from '../../core/index.ts';
import type { Runtime, RuntimeSession, RuntimeTensor } from '../runtime.ts';
import {
  type Answer,
  isShared,
  type Numbered,
  type Order,
  type Parcel,
} from './session-protocol.ts';

/** A runtime with a thread behind it. */
export interface WorkerRuntime extends Runtime {
  /** Stops the thread; runs under way fail. Without it the thread still lets the process end. */
  close(): Promise<void>;
}

/** Floats that the sessions' thread reads and writes where they are. */
export const sharedFloats = (length: number): Float32Array<SharedArrayBuffer> =>
  new Float32Array(new SharedArrayBuffer(4 * length));

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** The thread's program, built; it cannot run from sources. */
const PROGRAM = new URL('./session-worker.js', import.meta.url);

/** Starts a thread for sessions. Runs wait for each other, as they do in one thread. */
export function workerRuntime({ program = PROGRAM }: { program?: URL } = {}): WorkerRuntime {
  const worker = new Worker(program);
  const waiting = new Map<number, Waiting>();
  let failure: GeorError | undefined;
  let count = 0;
  const settle = (number: number): Waiting | undefined => {
    const found = waiting.get(number);
    waiting.delete(number);
    if (waiting.size === 0) worker.unref();
    return found;
  };
  const fail = (why: string, cause?: unknown): void => {
    failure ??= new GeorError('engine', `the thread of the sessions stopped: ${why}`, { cause });
    for (const number of [...waiting.keys()]) settle(number)?.reject(failure);
  };
  worker.on('message', (answer: Answer) => {
    const found = settle(answer.number);
    if (answer.error === undefined) found?.resolve(answer);
    else found?.reject(new Error(answer.error));
  });
  worker.on('error', (error) => fail(error.message, error));
  worker.on('exit', (code) => fail(`exit code ${code}`));
  worker.unref();

  const ask = (order: Order): Promise<Answer> =>
    new Promise((resolve, reject) => {
      if (failure) {
        reject(failure);
        return;
      }
      const numbered: Numbered = { number: count++, order };
      waiting.set(numbered.number, { resolve, reject });
      worker.ref();
      worker.postMessage(numbered);
    });

  return {
    InferenceSession: {
      create: async (model, options) => {
        const { session } = await ask({ do: 'create', model, options });
        return remoteSession(session!, ask);
      },
    },
    Tensor: PlainTensor,
    fillsOutputs: true,
    threads: availableParallelism(),
    close: async () => {
      await worker.terminate();
    },
  };
}

/** A value in this thread, which has no runtime to wrap it in. */
class PlainTensor implements Parcel {
  readonly type: Parcel['type'];
  readonly data: Parcel['data'];
  readonly dims: readonly number[];

  constructor(type: Parcel['type'], data: Parcel['data'], dims: readonly number[]) {
    this.type = type;
    this.data = data;
    this.dims = dims;
  }
}

function remoteSession(session: number, ask: (order: Order) => Promise<Answer>): RuntimeSession {
  return {
    async run(feeds, fetches) {
      const parcels: Record<string, Parcel> = {};
      for (const [name, tensor] of Object.entries(feeds)) parcels[name] = plain(tensor);
      const places: Record<string, Parcel | null> = {};
      for (const [name, tensor] of Object.entries(fetches))
        places[name] = tensor && isShared(plain(tensor)) ? plain(tensor) : null;
      const { results = {} } = await ask({ do: 'run', session, feeds: parcels, fetches: places });
      const out: Record<string, RuntimeTensor> = { ...results };
      for (const [name, tensor] of Object.entries(fetches)) {
        if (!tensor) continue;
        const found = results[name];
        if (found) fill(plain(tensor), found);
        out[name] = tensor;
      }
      return out;
    },
    async release() {
      await ask({ do: 'release', session });
    },
  };
}

/** What can be sent: a class would lose its methods, and needs none. */
const plain = (tensor: RuntimeTensor): Parcel => {
  const { type, data, dims } = tensor as PlainTensor;
  return { type, data, dims };
};

function fill(place: Parcel, { data }: Parcel): void {
  if (place.data instanceof Float32Array) place.data.set(data as Float32Array);
  else place.data.set(data as BigInt64Array);
}
