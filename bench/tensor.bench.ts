/**
 * Matrix products, a training-like chain with gradients, and the optimiser, in our graphs and in
 * PyTorch: milliseconds and ratios.
 *
 *     GEOR_PYTHON=venv/bin/python npx vitest bench bench/tensor.bench.ts --run
 *
 * The peer is `bench/peers/torch_tensor.py` (interop/requirements.txt). Both use `THREADS` threads and
 * take turns, so that a busy machine slows both.
 * @module
 */
import { bench, describe } from 'vitest';
import {
  AdamW,
  GradientSum,
  Graph,
  gradientOutput,
  ops,
  Session,
  sizeOf,
  type Tensor,
} from '../src/tensor/index.ts';
import { productChain } from '../src/tensor/measure-products.ts';
import { median } from './median.ts';
import { noComparison, startPython } from './python-peer.ts';

const THREADS = 2;
const ROUNDS = 5;
const RUNS = 4;

/** Something to time, and the same thing asked of the peer. */
interface Work {
  readonly name: string;
  readonly request: { readonly do: string; readonly arguments: readonly number[] };
  /** Floating-point operations of a run, in 1e9. */
  readonly gflop?: number;
  readonly run: () => Promise<void>;
}

const wave = (length: number, scale: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(i) * scale);

async function product(size: number, products: number): Promise<Work> {
  const session = await Session.create(productChain(size, products), { threads: THREADS });
  session.bind('x', wave(size * size, size ** -0.5));
  session.bind('w', wave(size * size, size ** -0.5));
  session.bind('y', new Float32Array(size * size));
  return {
    name: `${products} x a product of ${size} x ${size}`,
    request: { do: 'product', arguments: [size, products] },
    gflop: (2 * size ** 3 * products) / 1e9,
    run: async () => void (await session.run({})),
  };
}

const ROWS = 3584;
const WIDTH = 128;
const HIDDEN = 512;
const LAYERS = 4;

/** Gated blocks as in a transformer's MLP: forward, backward, gradients of all weights. */
async function chain(): Promise<Work> {
  const graph = new Graph();
  const parameters = new Map<string, Tensor>();
  const parameter = (name: string, shape: number[]): Tensor => {
    const tensor = graph.input(name, shape);
    parameters.set(name, tensor);
    return tensor;
  };
  let hidden = graph.input('x', ['rows', WIDTH]);
  for (let i = 0; i < LAYERS; i++) {
    const normal = ops.rmsNorm(hidden, parameter(`norm.${i}`, [WIDTH]), 1e-6);
    const up = ops.silu(ops.linear(normal, parameter(`up.${i}`, [HIDDEN, WIDTH])));
    hidden = ops.add(hidden, ops.linear(up, parameter(`down.${i}`, [WIDTH, HIDDEN])));
  }
  const loss = ops.mul(ops.sum(ops.mul(hidden, hidden)), 1 / (ROWS * WIDTH));
  const gradients = graph.gradients(loss, [...parameters.values()]);
  graph.output(loss, 'loss');
  const sizes = new Map<string, number>();
  [...parameters].forEach(([name, { shape }], i) => {
    sizes.set(name, sizeOf(shape));
    graph.output(gradients[i]!, gradientOutput(name));
  });
  const session = await Session.create(graph, { threads: THREADS });
  for (const [name, size] of sizes)
    session.bind(name, name.startsWith('norm') ? new Float32Array(size).fill(1) : wave(size, 0.06));
  const sum = new GradientSum(session, sizes);
  const x = { data: wave(ROWS * WIDTH, 1), shape: [ROWS, WIDTH] };
  return {
    name: `${LAYERS} blocks of ${WIDTH} x ${HIDDEN}, ${ROWS} rows, with gradients`,
    request: { do: 'chain', arguments: [ROWS, WIDTH, HIDDEN, LAYERS] },
    gflop: (LAYERS * 3 * 2 * 2 * ROWS * WIDTH * HIDDEN) / 1e9,
    run: async () => {
      sum.clear();
      await sum.add({ x });
    },
  };
}

function adamw(parameters: number): Work {
  const optimizer = new AdamW(new Map([['p', wave(parameters, 1)]]));
  const gradients = new Map([['p', wave(parameters, 0.01)]]);
  return {
    name: `AdamW over ${(parameters / 1e6).toFixed(1)} M parameters`,
    request: { do: 'adamw', arguments: [parameters] },
    run: async () => optimizer.step(gradients, 1e-3),
  };
}

async function timed(work: () => Promise<void>): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times;
}

const works = [
  await product(256, 64),
  await product(512, 16),
  await product(1024, 4),
  await product(2048, 1),
  await chain(),
  adamw(1_500_000),
];

const peer = startPython('torch_tensor.py', [JSON.stringify({ threads: THREADS })]);
try {
  const { torch } = await peer.answer<{ torch: string }>();
  console.log(
    `PyTorch ${torch}, ${THREADS} threads each, medians of ${ROUNDS * RUNS} runs in turns`,
  );
  for (const { name, request, gflop, run } of works) {
    const ours: number[] = [];
    const theirs: number[] = [];
    await timed(run);
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(...(await timed(run)));
      const question = JSON.stringify({ ...request, count: RUNS });
      theirs.push(...(await peer.ask<{ milliseconds: number[] }>(question)).milliseconds);
    }
    const [a, b] = [median(ours), median(theirs)];
    const speed = (ms: number): string =>
      gflop ? ` (${((gflop / ms) * 1000).toFixed(0)} GFLOP/s)` : '';
    const best = Math.min(...ours) / Math.min(...theirs);
    console.log(
      `${name}: geor ${a.toFixed(1)} ms${speed(a)}, PyTorch ${b.toFixed(1)} ms${speed(b)}; ` +
        `geor takes ${(a / b).toFixed(2)} of its time (best against best ${best.toFixed(2)})`,
    );
  }
} catch (error) {
  noComparison('PyTorch', 'interop/requirements.txt', error);
}
peer.stop();

describe('tensor', () => {
  for (const { name, run } of works)
    bench(name, run, { time: 0, iterations: RUNS, warmupTime: 0, warmupIterations: 1 });
});
