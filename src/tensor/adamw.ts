/**
 * AdamW in plain loops over the parameters' own memory.
 *
 * Source: Loshchilov and Hutter, "Decoupled Weight Decay Regularization", algorithm 2, as PyTorch
 * implements it (bias-corrected moments, decay by lr x weightDecay). Elementwise work on a few
 * million numbers is faster here than as graph nodes, and the state is saved as it is.
 * @module
 */

/** Named arrays: parameters, gradients or moments. */
export type Arrays = ReadonlyMap<string, Float32Array>;

/** Arrays of the same names and lengths, of zeros. */
export const zerosLike = (arrays: Arrays): Arrays =>
  new Map(Array.from(arrays, ([name, { length }]) => [name, new Float32Array(length)]));

/** Hyperparameters. Defaults are PyTorch's, except where a recipe says otherwise. */
export interface AdamWOptions {
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  readonly weightDecay?: number;
  /** Which parameters decay. Default: all. Usual: matrices, not norms and biases. */
  readonly decays?: (name: string) => boolean;
}

/** The square root of the sum of squares of all elements. */
export function globalNorm(arrays: Arrays): number {
  let total = 0;
  for (const array of arrays.values()) {
    // four sums side by side: an addition need not wait for the one before
    let [a, b, c, d] = [0, 0, 0, 0];
    const whole = array.length - (array.length % 4);
    for (let i = 0; i < whole; i += 4) {
      a += array[i]! * array[i]!;
      b += array[i + 1]! * array[i + 1]!;
      c += array[i + 2]! * array[i + 2]!;
      d += array[i + 3]! * array[i + 3]!;
    }
    for (let i = whole; i < array.length; i++) a += array[i]! * array[i]!;
    total += a + b + c + d;
  }
  return Math.sqrt(total);
}

/**
 * What to multiply gradients with so that their global norm is at most `maxNorm`.
 *
 * Source: PyTorch's `clip_grad_norm_`, with its 1e-6 against division by zero.
 */
export const clippingScale = (norm: number, maxNorm: number): number =>
  Math.min(1, maxNorm / (norm + 1e-6));

/** The optimiser: two moments per parameter and a step count. */
export class AdamW {
  readonly firstMoments: Arrays;
  readonly secondMoments: Arrays;
  readonly #parameters: Arrays;
  readonly #options: Required<AdamWOptions>;
  steps = 0;

  constructor(parameters: Arrays, options: AdamWOptions = {}) {
    this.#parameters = parameters;
    this.#options = {
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      weightDecay: 0.01,
      decays: () => true,
      ...options,
    };
    this.firstMoments = zerosLike(parameters);
    this.secondMoments = zerosLike(parameters);
  }

  /** The moments by name, `first:` and `second:` before a parameter's, for a checkpoint. */
  get state(): Arrays {
    return new Map([
      ...Array.from(this.firstMoments, ([name, data]) => [`first:${name}`, data] as const),
      ...Array.from(this.secondMoments, ([name, data]) => [`second:${name}`, data] as const),
    ]);
  }

  /**
   * Moves the parameters one step against the gradients.
   *
   * @param scale - multiplies every gradient first: 1, or the clipping factor maxNorm / norm
   */
  step(gradients: Arrays, learningRate: number, scale = 1): void {
    const { beta1, beta2, epsilon, weightDecay, decays } = this.#options;
    this.steps++;
    const stepSize = learningRate / (1 - beta1 ** this.steps);
    const inverseCorrection = 1 / Math.sqrt(1 - beta2 ** this.steps);
    for (const [name, values] of this.#parameters) {
      const gradient = gradients.get(name)!;
      const first = this.firstMoments.get(name)!;
      const second = this.secondMoments.get(name)!;
      const keep = 1 - (decays(name) ? learningRate * weightDecay : 0);
      for (let i = 0; i < values.length; i++) {
        const g = gradient[i]! * scale;
        const m = beta1 * first[i]! + (1 - beta1) * g;
        const v = beta2 * second[i]! + (1 - beta2) * g * g;
        first[i] = m;
        second[i] = v;
        values[i] =
          values[i]! * keep - (stepSize * m) / (Math.sqrt(v) * inverseCorrection + epsilon);
      }
    }
  }
}
