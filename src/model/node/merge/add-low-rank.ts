/**
 * W + s B A for some rows of W, on ONNX Runtime.
 * @module
 */
import { Graph, Session } from '../../../tensor/index.ts';

/** Adds a low-rank product to rows of a weight. */
export class LowRankAdder {
  readonly #session: Session;

  private constructor(session: Session) {
    this.#session = session;
  }

  /** Compiles the one operation it needs. */
  static async create(): Promise<LowRankAdder> {
    const graph = new Graph();
    const inputs = [
      graph.input('b', ['rows', 'rank']),
      graph.input('a', ['rank', 'columns']),
      graph.input('w', ['rows', 'columns']),
    ];
    graph.output(graph.apply('Gemm', inputs, { shape: ['rows', 'columns'] }), 'sum');
    return new LowRankAdder(await Session.create(graph));
  }

  /**
   * W + (s B) A in 32-bit floats.
   *
   * @param w - (rows, columns)
   * @param scaledB - (rows, rank), s already in it
   * @param a - (rank, columns)
   */
  async add(
    w: Float32Array,
    scaledB: Float32Array,
    a: Float32Array,
    rank: number,
  ): Promise<Float32Array> {
    const rows = scaledB.length / rank;
    const { sum } = await this.#session.run({
      w: { data: w, shape: [rows, w.length / rows] },
      b: { data: scaledB, shape: [rows, rank] },
      a: { data: a, shape: [rank, a.length / rank] },
    });
    return sum!.data as Float32Array;
  }

  /** Frees the runtime's memory. */
  async release(): Promise<void> {
    await this.#session.release();
  }
}
