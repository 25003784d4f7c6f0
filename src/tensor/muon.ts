/**
 * Muon: momentum whose matrices are made orthogonal before they are applied, so that every direction
 * of a matrix is learned at the same pace. For the matrices of hidden layers; embeddings, heads,
 * norms and biases stay with AdamW.
 *
 * Source: Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks"
 * (kellerjordan.github.io/posts/muon); the scale 0.2 sqrt(max(rows, columns)), which makes AdamW's
 * rates and weight decay fit, is equation 4 of Liu et al. 2025 (arXiv 2502.16982). The same as
 * `torch.optim.Muon(adjust_lr_fn='match_rms_adamw')`, but that torch computes in bfloat16, this in
 * float32. The products run as a graph, matrices of one shape as one batch.
 * @module
 */
import type { Arrays } from './adamw.ts';
import { zerosLike } from './adamw.ts';
import { Graph, type Tensor } from './graph.ts';
import * as ops from './ops/index.ts';
import { Session } from './session.ts';

/** Jordan's quintic: odd, steep at 0, and within [0.68, 1.13] for values between 0.002 and 1. */
const [A, B, C] = [3.4445, -4.775, 2.0315];
const NEWTON_SCHULZ_STEPS = 5;
const SMALLEST_NORM = 1e-7;

/** A parameter as Muon sees it. */
export interface MuonParameter {
  /** Changed in place. */
  readonly data: Float32Array;
  /** Rows of the matrix; columns are what is left, whatever the parameter's shape. */
  readonly rows: number;
  /** Matrices that lie below one another in it, each orthogonal on its own. Default 1. */
  readonly stacked?: number;
}

/** Hyperparameters. Defaults are PyTorch's. */
export interface MuonOptions {
  readonly momentum?: number;
  readonly weightDecay?: number;
  readonly threads?: number;
}

/** One matrix: where it lies in its parameter and in the batch of its shape. */
interface Slot {
  readonly name: string;
  readonly from: number;
}

/** Matrices of one shape, made orthogonal together. */
interface Batch {
  readonly rows: number;
  readonly columns: number;
  readonly slots: Slot[];
}

interface BoundBatch extends Batch {
  readonly directions: Float32Array;
  readonly orthogonal: Float32Array;
}

/** The optimiser: one momentum per parameter. */
export class Muon {
  /** By parameter name. */
  readonly momenta: Arrays;
  readonly #parameters: ReadonlyMap<string, MuonParameter>;
  readonly #batches: readonly BoundBatch[];
  readonly #session: Session;
  readonly #momentum: number;
  readonly #weightDecay: number;

  private constructor(
    parameters: ReadonlyMap<string, MuonParameter>,
    batches: readonly BoundBatch[],
    session: Session,
    { momentum = 0.95, weightDecay = 0.1 }: MuonOptions,
  ) {
    this.#parameters = parameters;
    this.#batches = batches;
    this.#session = session;
    this.#momentum = momentum;
    this.#weightDecay = weightDecay;
    this.momenta = zerosLike(
      new Map(Array.from(parameters, ([name, { data }]) => [name, data] as const)),
    );
  }

  /** Compiles the products for these parameters. */
  static async create(
    parameters: ReadonlyMap<string, MuonParameter>,
    options: MuonOptions = {},
  ): Promise<Muon> {
    const graph = new Graph();
    const batches = batchesOf(parameters);
    for (const [i, { rows, columns, slots }] of batches.entries()) {
      const directions = graph.input(`directions:${i}`, [slots.length, rows, columns]);
      graph.output(orthogonalized(directions, rows > columns), `orthogonal:${i}`);
    }
    const { threads } = options;
    const session = await Session.create(graph, threads === undefined ? {} : { threads });
    const bound = batches.map((batch, i) => {
      const size = batch.slots.length * batch.rows * batch.columns;
      const directions = new Float32Array(size);
      const orthogonal = new Float32Array(size);
      session.bind(`directions:${i}`, directions);
      session.bind(`orthogonal:${i}`, orthogonal);
      return { ...batch, directions, orthogonal };
    });
    return new Muon(parameters, bound, session, options);
  }

  /**
   * Moves the parameters one step against the gradients.
   *
   * @param scale - multiplies every gradient first: 1, or the clipping factor maxNorm / norm
   */
  async step(gradients: Arrays, learningRate: number, scale = 1): Promise<void> {
    for (const batch of this.#batches)
      batch.slots.forEach((slot, i) => {
        this.#writeDirection(batch, slot, i, gradients.get(slot.name)!, scale);
      });
    await this.#session.run({});
    const keep = 1 - learningRate * this.#weightDecay;
    for (const { rows, columns, slots, orthogonal } of this.#batches) {
      const size = rows * columns;
      const stepSize = learningRate * 0.2 * Math.sqrt(Math.max(rows, columns));
      slots.forEach(({ name, from }, i) => {
        const { data } = this.#parameters.get(name)!;
        for (let j = 0, at = i * size; j < size; j++, at++)
          data[from + j] = data[from + j]! * keep - stepSize * orthogonal[at]!;
      });
    }
  }

  /** Momentum with Nesterov's look ahead, of norm 1 so that no singular value exceeds 1. */
  #writeDirection(
    { rows, columns, directions }: BoundBatch,
    { name, from }: Slot,
    index: number,
    gradient: Float32Array,
    scale: number,
  ): void {
    const momentum = this.#momentum;
    const momenta = this.momenta.get(name)!;
    const size = rows * columns;
    const start = index * size;
    let squares = 0;
    for (let j = 0; j < size; j++) {
      const fresh = (1 - momentum) * gradient[from + j]! * scale;
      const carried = momentum * momenta[from + j]! + fresh;
      momenta[from + j] = carried;
      const direction = fresh + momentum * carried;
      directions[start + j] = direction;
      squares += direction * direction;
    }
    const factor = 1 / Math.max(Math.sqrt(squares), SMALLEST_NORM);
    for (let j = start; j < start + size; j++) directions[j] = directions[j]! * factor;
  }

  /** Frees the compiled products. */
  release(): Promise<void> {
    return this.#session.release();
  }
}

function batchesOf(parameters: ReadonlyMap<string, MuonParameter>): Batch[] {
  const batches = new Map<string, Batch>();
  for (const [name, { data, rows: allRows, stacked = 1 }] of parameters) {
    const rows = allRows / stacked;
    const columns = data.length / allRows;
    const key = `${rows} ${columns}`;
    const batch = batches.get(key) ?? { rows, columns, slots: [] };
    batches.set(key, batch);
    for (let i = 0; i < stacked; i++) batch.slots.push({ name, from: i * rows * columns });
  }
  return [...batches.values()];
}

/**
 * Matrices of norm 1 with their singular values brought near 1: X <- a X + (b X X' + c (X X')^2) X.
 *
 * @param isTall - taller than wide: worked on lying down, which keeps X X' small
 */
function orthogonalized(matrices: Tensor, isTall: boolean): Tensor {
  const lieDown = (x: Tensor): Tensor => (isTall ? ops.transpose(x, [0, 2, 1]) : x);
  let x = lieDown(matrices);
  for (let i = 0; i < NEWTON_SCHULZ_STEPS; i++) {
    const gram = ops.matmul(x, x, { transposeB: true });
    const mixing = ops.add(ops.mul(gram, B), ops.mul(ops.matmul(gram, gram), C));
    x = ops.add(ops.mul(x, A), ops.matmul(mixing, x));
  }
  return lieDown(x);
}
