/**
 * The program of the sessions' thread: obeys {@link Order}s, one after the other.
 *
 * ONNX Runtime's Node.js binding takes no shared memory, so shared values are copied to memory of this
 * thread before a run and from it afterwards; the application's thread copies nothing.
 * @module
 */
import { parentPort } from 'node:worker_threads';
import { invariant } from '../../core/index.ts';
import { defaultRuntime, type RuntimeSession, type RuntimeTensor } from '../runtime.ts';
import {
  type Answer,
  isShared,
  type Numbered,
  type Order,
  type Parcel,
} from './session-protocol.ts';

interface Hosted {
  readonly session: RuntimeSession;
  /** This thread's copies of shared values, by name. */
  readonly copies: Map<string, Parcel['data']>;
}

const sessions = new Map<number, Hosted>();

/** The memory in which the runtime sees a value: its own, or this thread's copy. */
function visible({ copies }: Hosted, name: string, parcel: Parcel): Parcel {
  if (!isShared(parcel)) return parcel;
  let data = copies.get(name);
  if (data?.length !== parcel.data.length) {
    const { length } = parcel.data;
    data = parcel.type === 'float32' ? new Float32Array(length) : new BigInt64Array(length);
    copies.set(name, data);
  }
  return { ...parcel, data };
}

/** Copies between arrays of one type. */
function copy(from: Parcel['data'], to: Parcel['data']): void {
  if (to instanceof Float32Array) to.set(from as Float32Array);
  else to.set(from as BigInt64Array);
}

async function run({ session, feeds, fetches }: Order & { do: 'run' }): Promise<Answer['results']> {
  const hosted = sessions.get(session);
  invariant(hosted, `no session ${session}`);
  const { Tensor } = await defaultRuntime();
  const tensor = ({ type, data, dims }: Parcel): RuntimeTensor =>
    type === 'float32'
      ? new Tensor('float32', data as Float32Array, dims)
      : new Tensor('int64', data as BigInt64Array, dims);
  const inputs: Record<string, RuntimeTensor> = {};
  for (const [name, parcel] of Object.entries(feeds)) {
    const seen = visible(hosted, name, parcel);
    if (seen !== parcel) copy(parcel.data, seen.data);
    inputs[name] = tensor(seen);
  }
  const outputs: Record<string, RuntimeTensor | null> = {};
  for (const [name, parcel] of Object.entries(fetches))
    outputs[name] = parcel && tensor(visible(hosted, name, parcel));
  const computed = await hosted.session.run(inputs, outputs);
  const results: Record<string, Parcel> = {};
  for (const [name, parcel] of Object.entries(fetches)) {
    const { data, dims } = computed[name]!;
    const values = data as Parcel['data'];
    if (parcel) copy(values, parcel.data);
    // a copy: the runtime's own memory must not change threads
    else results[name] = { type: typeOf(values), data: values.slice(), dims };
  }
  return results;
}

const typeOf = (values: Parcel['data']): Parcel['type'] =>
  values instanceof Float32Array ? 'float32' : 'int64';

let count = 0;

async function obey(order: Order): Promise<Omit<Answer, 'number'>> {
  if (order.do === 'create') {
    const { InferenceSession } = await defaultRuntime();
    const session = await InferenceSession.create(order.model, order.options);
    sessions.set(++count, { session, copies: new Map() });
    return { session: count };
  }
  if (order.do === 'run') return { results: (await run(order)) ?? {} };
  await sessions.get(order.session)?.session.release();
  sessions.delete(order.session);
  return {};
}

parentPort?.on('message', async ({ number, order }: Numbered) => {
  try {
    const answer = await obey(order);
    const results = Object.values(answer.results ?? {});
    const memory = results.map(({ data }) => data.buffer as ArrayBuffer);
    parentPort?.postMessage({ number, ...answer }, memory);
  } catch (error) {
    parentPort?.postMessage({ number, error: error instanceof Error ? error.message : `${error}` });
  }
});
