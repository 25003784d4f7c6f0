/**
 * The losses, as graph builders. Every one sums `weights` x a term per answer token; the weights
 * carry the mask and the normalisation, so that micro-batches add up to the whole batch.
 * @module
 */
import { ops, type Tensor } from '../tensor/index.ts';
import type { BuildLoss } from './answer-step.ts';

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
  /** Clip range, upper side; larger than `epsilon` in DAPO. Default: `epsilon`. */
  readonly epsilonHigh?: number;
  /** Weight of the KL divergence to the reference policy. */
  readonly beta: number;
}

/**
 * GRPO's clipped surrogate with a KL penalty, token by token.
 *
 * Source: DeepSeekMath (arXiv 2402.03300), equations 3 and 4: ratio = p / p_old,
 * - min(ratio A, clip(ratio, 1 - eps, 1 + eps) A) + beta (p_ref / p - log(p_ref / p) - 1).
 *
 * Inputs `weights`, `advantages`, `oldLogProbabilities` and, when beta > 0,
 * `referenceLogProbabilities`. Outputs `logProbabilities` and, when beta > 0, `kl`.
 */
export const grpoLoss =
  ({ epsilon, epsilonHigh = epsilon, beta }: GrpoLossOptions): BuildLoss =>
  ({ graph, logProbabilities }) => {
    const input = (name: string): Tensor => graph.input(name, ['answers']);
    const weights = input('weights');
    const advantages = input('advantages');
    const ratio = ops.exp(ops.sub(logProbabilities, input('oldLogProbabilities')));
    const clipped = ops.minimum(ops.maximum(ratio, 1 - epsilon), 1 + epsilonHigh);
    const surrogate = ops.minimum(ops.mul(ratio, advantages), ops.mul(clipped, advantages));
    if (beta === 0) {
      return { loss: ops.neg(ops.sum(ops.mul(weights, surrogate))), outputs: { logProbabilities } };
    }
    const difference = ops.sub(input('referenceLogProbabilities'), logProbabilities);
    const kl = ops.sub(ops.sub(ops.exp(difference), difference), 1);
    const perToken = ops.sub(ops.mul(kl, beta), surrogate);
    return { loss: ops.sum(ops.mul(weights, perToken)), outputs: { logProbabilities, kl } };
  };
