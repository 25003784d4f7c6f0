/**
 * How the terms of answer tokens are averaged into GRPO's loss.
 *
 * Sources, with TRL's names: `grpo`, DeepSeekMath (arXiv 2402.03300), eq. 3: the mean over
 * completions of the mean over their tokens. `dapo`, DAPO (arXiv 2503.14476), eq. 8: the mean over all
 * tokens of the step. `dr_grpo`, Dr. GRPO (arXiv 2503.20783): the sum over tokens divided by the
 * number of completions and by the longest completion allowed. `bnpo`, TRL: the mean over the tokens
 * of a pass, averaged over the passes of the step. The terms themselves differ for three more
 * (`loss.ts`): `cispo` is averaged as `dapo`, `sapo` as `grpo`, and `luspo` is the sum over a
 * completion's tokens, averaged over completions.
 * @module
 */

/** The losses by name. */
export type GrpoLossType = 'grpo' | 'bnpo' | 'dr_grpo' | 'dapo' | 'cispo' | 'sapo' | 'luspo';

/** What the averages depend on besides the completions' lengths. */
export interface LossWeightOptions {
  /** Tokens a completion may have. */
  readonly maxCompletionLength: number;
  /** Completions in a forward and backward pass. Default: all. */
  readonly perPass?: number;
}

/**
 * The weight of each completion's tokens: the loss of a step is the sum over its tokens of weight
 * times term, however it is cut into passes.
 *
 * @param lengths - tokens of every completion of the step, at least one each
 */
export function lossWeights(
  type: GrpoLossType,
  lengths: readonly number[],
  { maxCompletionLength, perPass = lengths.length }: LossWeightOptions,
): number[] {
  const count = lengths.length;
  const total = (part: readonly number[]): number => part.reduce((sum, length) => sum + length, 0);
  switch (type) {
    case 'grpo':
    case 'sapo':
      return lengths.map((length) => 1 / (count * length));
    case 'dr_grpo':
      return lengths.map(() => 1 / (count * maxCompletionLength));
    case 'luspo':
      return lengths.map(() => 1 / count);
    case 'dapo':
    case 'cispo':
      return lengths.map(() => 1 / total(lengths));
    case 'bnpo': {
      const passes = Math.ceil(count / perPass);
      return lengths.map((_, i) => {
        const first = i - (i % perPass);
        return 1 / (passes * total(lengths.slice(first, first + perPass)));
      });
    }
  }
}
