/**
 * Gradients added up over the batches of a step (gradient accumulation).
 *
 * The first batch of a step is written where the sums are, so that steps of one batch copy and add
 * nothing and hold every gradient once; a second set of arrays exists from the first second batch on.
 * @module
 */
import { type Arrays, zerosLike } from './adamw.ts';
import type { Session, Shaped, Values } from './session.ts';

/** The name of the graph output that holds a parameter's gradient. */
export const gradientOutput = (parameter: string): string => `gradient:${parameter}`;

/** Owns the gradient outputs of a session. */
export class GradientSum {
  /** By parameter: the sum over the batches since `clear`. Read it before the next run. */
  readonly sums: Arrays;
  readonly #session: Session;
  #terms: Arrays | undefined;
  #bound: Arrays | undefined;
  #batches = 0;

  /**
   * @param session - of a graph with an output {@link gradientOutput} for every parameter
   * @param sizes - elements of each parameter
   */
  constructor(session: Session, sizes: ReadonlyMap<string, number>) {
    this.#session = session;
    this.sums = new Map(Array.from(sizes, ([name, size]) => [name, new Float32Array(size)]));
  }

  /** Begins a new sum. */
  clear(): void {
    this.#batches = 0;
  }

  /** Runs the session and adds its gradients; its other outputs are returned. */
  async add(feeds: Readonly<Record<string, Values | Shaped>>): Promise<Record<string, Shaped>> {
    if (this.#batches === 0) this.#bind(this.sums);
    else {
      this.#terms ??= zerosLike(this.sums);
      this.#bind(this.#terms);
    }
    const results = await this.#session.run(feeds);
    if (this.#batches++ > 0)
      for (const [name, sum] of this.sums) {
        const term = this.#terms!.get(name)!;
        for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + term[i]!;
      }
    return results;
  }

  #bind(arrays: Arrays): void {
    if (arrays === this.#bound) return;
    for (const [name, data] of arrays) this.#session.bind(gradientOutput(name), data);
    this.#bound = arrays;
  }
}
