/**
 * The optimiser of a stage: AdamW for everything, or Muon for the matrices of hidden layers and AdamW
 * for the rest.
 * @module
 */
import { isHiddenMatrix, type Parameters, stackedMatrices } from '../model/index.ts';
import { AdamW, type AdamWOptions, Muon, type MuonParameter } from '../tensor/index.ts';

/** Which matrices Muon changes, and how fast. */
export interface MuonSettings {
  /** The highest rate; it rises and falls with the stage's own, which is then AdamW's. */
  readonly learningRate: number;
  readonly momentum: number;
}

/** What an optimiser is made of. */
export interface OptimizerOptions
  extends Pick<AdamWOptions, 'beta1' | 'beta2' | 'weightDecay' | 'decays'> {
  /** The highest rate of the stage. */
  readonly learningRate: number;
  readonly muon?: MuonSettings | undefined;
}

/** What a checkpoint holds of an optimiser. */
export interface OptimizerState {
  steps: number;
  /** Arrays by name, written and read in place. */
  readonly state: ReadonlyMap<string, Float32Array>;
}

/**
 * The larger of a matrix's sides may be any; the smaller decides what a step costs, as its square. A
 * 512 x 512 matrix would cost as much as all those of the `tiny` preset together.
 */
const LARGEST_SMALLER_SIDE = 256;

/** An optimiser whose state a checkpoint can hold. */
export class Optimizer implements OptimizerState {
  readonly state: ReadonlyMap<string, Float32Array>;
  readonly #adamW: AdamW;
  readonly #muon: { readonly optimizer: Muon; readonly rateShare: number } | undefined;

  private constructor(adamW: AdamW, muon?: { optimizer: Muon; rateShare: number }) {
    this.#adamW = adamW;
    this.#muon = muon;
    const momenta = Array.from(
      muon?.optimizer.momenta ?? [],
      ([name, data]) => [`momentum:${name}`, data] as const,
    );
    this.state = new Map([...adamW.state, ...momenta]);
  }

  /** Makes the optimiser of some parameters, which it changes in place. */
  static async create(
    parameters: Parameters,
    { muon, learningRate, beta1, beta2, weightDecay, decays }: OptimizerOptions,
    threads?: number,
  ): Promise<Optimizer> {
    const matrices = new Map<string, MuonParameter>();
    const others = new Map<string, Float32Array>();
    for (const [name, { shape, data }] of parameters) {
      const rows = shape[0]!;
      const stacked = stackedMatrices(name);
      const smaller = Math.min(rows / stacked, data.length / rows);
      if (muon && isHiddenMatrix(name) && smaller <= LARGEST_SMALLER_SIDE)
        matrices.set(name, { data, rows, stacked });
      else others.set(name, data);
    }
    // by name: the settings of a stage hold more, GRPO's own epsilon among it
    const adamW = new AdamW(others, {
      ...(beta1 !== undefined && { beta1 }),
      ...(beta2 !== undefined && { beta2 }),
      ...(weightDecay !== undefined && { weightDecay }),
      ...(decays !== undefined && { decays }),
    });
    if (!muon) return new Optimizer(adamW);
    const optimizer = await Muon.create(matrices, {
      momentum: muon.momentum,
      ...(weightDecay !== undefined && { weightDecay }),
      ...(threads !== undefined && { threads }),
    });
    return new Optimizer(adamW, { optimizer, rateShare: muon.learningRate / learningRate });
  }

  /** Steps made so far. */
  get steps(): number {
    return this.#adamW.steps;
  }

  set steps(steps: number) {
    this.#adamW.steps = steps;
  }

  /** Moves the parameters one step against the gradients, each multiplied by `scale`. */
  async step(
    gradients: ReadonlyMap<string, Float32Array>,
    learningRate: number,
    scale: number,
  ): Promise<void> {
    this.#adamW.step(gradients, learningRate, scale);
    await this.#muon?.optimizer.step(gradients, learningRate * this.#muon.rateShare, scale);
  }

  /** Frees what was compiled. */
  async release(): Promise<void> {
    await this.#muon?.optimizer.release();
  }
}
