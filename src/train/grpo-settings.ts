/**
 * What a recipe says about a stage of GRPO.
 * @module
 */
import { GeorError } from '../core/index.ts';
import type { AdvantageEstimator } from '../rewards/index.ts';
import type { GrpoLossOptions } from './loss.ts';
import type { OptimizerSettings } from './stage.ts';

/** Settings of a reinforcement stage. */
export interface GrpoSettings extends OptimizerSettings, GrpoLossOptions {
  /** Images per step. */
  readonly prompts: number;
  /** Answers per image: G. */
  readonly groupSize: number;
  readonly temperature: number;
  /** Tokens per answer at most. */
  readonly maxCompletionLength: number;
  /** Updates per rollout. */
  readonly updates: number;
  /** Images per forward and backward pass; bounds the memory. */
  readonly promptsPerPass: number;
  /** Tokens per packed row. */
  readonly rowLength: number;
  /** What differences of rewards are divided by. Default `std`: the group's. */
  readonly advantages?: AdvantageEstimator;
  /**
   * Groups without variance are replaced by newly sampled ones, in at most `maxRounds` further rounds
   * a step (DAPO, arXiv 2503.14476, section 3.2). Default: they stay.
   */
  readonly dynamicSampling?: { readonly maxRounds: number };
  /**
   * Steps in a row that may pass without a single reward before the stage stops. Default
   * {@link MAX_UNSCORED_STEPS}.
   */
  readonly maxUnscoredSteps?: number;
}

/** Default of `maxUnscoredSteps`: ours; long enough for a service that restarts, if it retries. */
export const MAX_UNSCORED_STEPS = 5;

/** @throws GeorError `config` for settings that cannot be trained with */
export function checkGrpoSettings({ groupSize, lossType, epsilonHigh }: GrpoSettings): void {
  if (groupSize < 2) throw new GeorError('config', 'a group needs at least two answers');
  if (lossType === 'cispo' && epsilonHigh === undefined)
    throw new GeorError('config', 'cispo needs epsilonHigh: the largest ratio that counts', {
      hint: 'the paper of CISPO and TRL take 5',
    });
}
