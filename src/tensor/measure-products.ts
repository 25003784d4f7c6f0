/**
 * How fast matrix products are, as a graph computes them.
 *
 * A chain of products in one graph: a session of a single one would mostly measure how a result is
 * handed over.
 * @module
 */
import { Graph } from './graph.ts';
import { gemm } from './ops/index.ts';
import { Session, type SessionOptions } from './session.ts';

/** What to measure. */
export interface ProductOptions extends Pick<SessionOptions, 'threads' | 'runtime'> {
  /** Rows and columns of the square matrices. */
  readonly size: number;
  /** Runs are repeated for this long. Default 200 ms. */
  readonly budgetMs?: number;
  /** The clock. */
  readonly now?: () => number;
}

/** Work in one run: enough to outweigh the call. */
const OPERATIONS_PER_RUN = 2e9;

/** Floating-point operations per second of float32 matrix products, in 1e9; of the fastest run. */
export async function measureProducts({
  size,
  budgetMs = 200,
  now = () => performance.now(),
  ...options
}: ProductOptions): Promise<number> {
  const products = Math.max(1, Math.round(OPERATIONS_PER_RUN / (2 * size ** 3)));
  const session = await Session.create(productChain(size, products), options);
  const operations = products * 2 * size ** 3;
  // small and alternating: no overflow, no vanishing numbers, which would be slow
  const data = Float32Array.from({ length: size * size }, (_, i) => Math.sin(i) / Math.sqrt(size));
  session.bind('x', data);
  session.bind('w', data.slice());
  session.bind('y', new Float32Array(size * size));
  await session.run({}); // memory is allotted here
  let fastestMs = Number.POSITIVE_INFINITY;
  const start = now();
  do {
    const begin = now();
    await session.run({});
    fastestMs = Math.min(fastestMs, now() - begin);
  } while (now() - start < budgetMs);
  await session.release();
  return operations / fastestMs / 1e6;
}

/** y = x w w ... w, `products` times; squares. */
export function productChain(size: number, products: number): Graph {
  const graph = new Graph();
  const w = graph.input('w', [size, size]);
  let y = graph.input('x', [size, size]);
  for (let i = 0; i < products; i++) y = gemm(y, w);
  graph.output(y, 'y');
  return graph;
}
