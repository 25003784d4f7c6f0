/**
 * The losses, as graph builders. Every one sums `weights` x a term per answer token; the weights
 * carry the mask and the normalisation, so that micro-batches add up to the whole batch.
 * @module
 */
import { ops, type Shaped, type Tensor } from '../tensor/index.ts';
import type { BuildLoss } from './answer-step.ts';
import type { GrpoLossType } from './loss-weights.ts';

/** Next-token loss: - sum w log p(token). Input `weights`. */
export const nextTokenLoss: BuildLoss = ({ graph, logProbabilities }) => {
  const weights = graph.input('weights', ['answers']);
  return {
    loss: ops.neg(ops.sum(ops.mul(weights, logProbabilities))),
    outputs: { logProbabilities },
  };
};

/** The trust region and the leash of GRPO. */
export interface GrpoLossOptions {
  /** Clip range of the ratio, lower side. DeepSeekMath, eq. 3: epsilon. */
  readonly epsilon: number;
  /**
   * Clip range, upper side; larger than `epsilon` in DAPO. Default: `epsilon`. For `cispo` the largest
   * ratio itself, as in TRL.
   */
  readonly epsilonHigh?: number;
  /** Weight of the KL divergence to the reference policy. */
  readonly beta: number;
  /**
   * Whether the ratio is each token's own or its completion's geometric mean (GSPO, arXiv
   * 2507.18071, eq. 7). Default `token`.
   */
  readonly ratioLevel?: 'token' | 'sequence';
  /** The terms, and how they are averaged (`lossWeights`). Default `dapo`. */
  readonly lossType?: GrpoLossType;
}

/** SAPO's temperatures for good and for bad completions, TRL's defaults. */
const SAPO_TEMPERATURE = { good: 1, bad: 1.05 };

/**
 * GRPO's surrogate with a KL penalty, token by token.
 *
 * Source: DeepSeekMath (arXiv 2402.03300), equations 3 and 4: ratio = p / p_old,
 * - min(ratio A, clip(ratio, 1 - eps, 1 + eps) A) + beta (p_ref / p - log(p_ref / p) - 1).
 * CISPO (MiniMax-M1, arXiv 2506.13585, eq. 4) clips the ratio, keeps it out of the gradient and
 * weighs log p with it: no token is lost. SAPO (arXiv 2511.20347) bends instead of clipping:
 * 4 / t sigmoid(t (ratio - 1)) A, with t by the sign of A.
 *
 * Inputs `weights`, `advantages`, `oldLogProbabilities` and, when beta > 0,
 * `referenceLogProbabilities`; for the ratio of whole completions also those of
 * {@link completionMembership}. Outputs `logProbabilities`, `ratio` and, when beta > 0, `kl`.
 */
export const grpoLoss =
  (options: GrpoLossOptions): BuildLoss =>
  ({ graph, logProbabilities }) => {
    const { beta, ratioLevel = 'token' } = options;
    const input = (name: string): Tensor => graph.input(name, ['answers']);
    const weights = input('weights');
    const advantages = input('advantages');
    const logRatio = ops.sub(logProbabilities, input('oldLogProbabilities'));
    const ratio = ops.exp(ratioLevel === 'token' ? logRatio : completionMeans(logRatio));
    const gain = surrogate(options, { ratio, advantages, logProbabilities });
    if (beta === 0) {
      const loss = ops.neg(ops.sum(ops.mul(weights, gain)));
      return { loss, outputs: { logProbabilities, ratio } };
    }
    const difference = ops.sub(input('referenceLogProbabilities'), logProbabilities);
    const kl = ops.sub(ops.sub(ops.exp(difference), difference), 1);
    const perToken = ops.sub(ops.mul(kl, beta), gain);
    return { loss: ops.sum(ops.mul(weights, perToken)), outputs: { logProbabilities, ratio, kl } };
  };

/** What a step of the policy gains, per token: to be made larger. */
function surrogate(
  { epsilon, epsilonHigh = epsilon, lossType }: GrpoLossOptions,
  {
    ratio,
    advantages,
    logProbabilities,
  }: Readonly<Record<'ratio' | 'advantages' | 'logProbabilities', Tensor>>,
): Tensor {
  if (lossType === 'cispo') {
    const fixed = ops.stopGradient(ops.minimum(ratio, epsilonHigh));
    return ops.mul(ops.mul(fixed, advantages), logProbabilities);
  }
  if (lossType === 'sapo') {
    const isBad = ops.lessOrEqual(advantages, 0);
    const temperature = ops.where(isBad, SAPO_TEMPERATURE.bad, SAPO_TEMPERATURE.good);
    const bent = ops.sigmoid(ops.mul(temperature, ops.sub(ratio, 1)));
    return ops.mul(ops.div(ops.mul(bent, 4), temperature), advantages);
  }
  const clipped = ops.minimum(ops.maximum(ratio, 1 - epsilon), 1 + epsilonHigh);
  return ops.minimum(ops.mul(ratio, advantages), ops.mul(clipped, advantages));
}

/** Every token's value replaced by the mean over its completion. */
function completionMeans(values: Tensor): Tensor {
  const { graph } = values;
  const averaging = graph.input('averaging', ['completions', 'answers']);
  const completions = graph.input('completionOf', ['answers'], 'int64');
  const means = ops.matmul(averaging, ops.reshape(values, ['answers', 1]));
  return ops.reshape(ops.gatherRows(means, completions), ['answers']);
}

/**
 * The inputs that tell a loss which tokens make up a completion.
 *
 * @param completionOf - the completion of every answer token, as numbers from 0
 */
export function completionMembership(completionOf: Int32Array): {
  readonly averaging: Shaped;
  readonly completionOf: Shaped;
} {
  const count = completionOf.reduce((largest, index) => Math.max(largest, index + 1), 0);
  const lengths = new Int32Array(count);
  for (const index of completionOf) lengths[index] = lengths[index]! + 1;
  const tokens = completionOf.length;
  const data = new Float32Array(count * tokens);
  completionOf.forEach((index, token) => {
    data[index * tokens + token] = 1 / lengths[index]!;
  });
  return {
    averaging: { data, shape: [count, tokens] },
    completionOf: { data: BigInt64Array.from(completionOf, BigInt), shape: [tokens] },
  };
}
