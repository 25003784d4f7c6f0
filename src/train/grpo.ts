/**
 * Group-relative policy optimisation: sample a group of answers per image, score them by geography,
 * and make the better half of each group more likely.
 *
 * Source: DeepSeekMath (arXiv 2402.03300), section 4.1; Geo-R, section 3.2 (reward) and section 4
 * (GRPO after SFT). What differs from the papers:
 * 1. By default the loss is averaged over all answer tokens of the step (`dapo`), not first within
 *    each answer; `loss-weights.ts` has the others.
 * 2. Advantages are divided by the group's sample standard deviation + 1e-4, as TRL and the released
 *    code of GeoAgent do.
 * 3. The policy that sampled is the policy before the step's first update, so one update a rollout
 *    never clips.
 *
 * An answer that could not be scored leaves its group: the others are compared without it, and it is
 * not learned from. A step without a single score is skipped and counted; too many in a row end the
 * stage.
 * @module
 */
import { GeorError } from '../core/index.ts';
import {
  decays,
  type ImageGrid,
  type Model,
  type Parameter,
  type Parameters,
} from '../model/index.ts';
import { groupAdvantages, type Reward } from '../rewards/index.ts';
import type { Evidence } from './faulty-step.ts';
import { lossMetrics, rolloutMetrics } from './grpo-metrics.ts';
import { checkGrpoSettings, type GrpoSettings, MAX_UNSCORED_STEPS } from './grpo-settings.ts';
import { type JudgedRollout, PolicyGradient } from './policy-gradient.ts';
import { type Rollout, RolloutSampler } from './rollout.ts';
import { runStage, type StageContext, type StageResult } from './stage.ts';
import type { Task } from './task.ts';

/** What GRPO trains and against what. */
export interface GrpoSubject {
  readonly model: Model;
  /** Of every image; left out where the task has grids of its own. */
  readonly grid?: ImageGrid;
  readonly reward: Reward;
  /**
   * The frozen policy that the KL divergence is taken to: usually the model before this stage, with an
   * adapter the model's own parameters.
   */
  readonly reference: Parameters;
}

/** A frozen copy of parameters, to be a reference policy. */
export const frozenCopy = (parameters: Parameters): Map<string, Parameter> =>
  new Map([...parameters].map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]));

/**
 * Trains the model's parameters in place; where it has an adapter, that alone.
 *
 * @throws GeorError `config` for settings that make no sense; `engine` when a number is none;
 *   `backend` when too many steps in a row had no reward
 */
export async function trainGrpo(
  subject: GrpoSubject,
  task: Task,
  settings: GrpoSettings,
  context: StageContext,
): Promise<StageResult> {
  checkGrpoSettings(settings);
  const { updates, beta, maxUnscoredSteps = MAX_UNSCORED_STEPS } = settings;
  const { model } = subject;
  const policy = await PolicyGradient.create(subject, settings, context.threads);
  const sampler = await RolloutSampler.create({ ...subject, task }, settings, context);
  let unscoredSteps = 0;
  try {
    return await runStage(
      model.adapter?.parameters ?? model.parameters,
      { decays, ...settings },
      context,
      async (step, tools) => {
        const rollout = await sampler.rollOut(step);
        keepOneGroup(rollout, step, context);
        const { judged, advantages } = judge(rollout, settings);
        const metrics = rolloutMetrics(rollout, advantages, settings.dynamicSampling !== undefined);
        if (advantages.groupCount === 0) {
          if (++unscoredSteps >= maxUnscoredSteps) throw withoutRewards(rollout, unscoredSteps);
          return { gradients: null, metrics: { ...metrics, skipped: 1 } };
        }
        unscoredSteps = 0;
        const losses: number[] = [];
        tools.exhibit(() => evidenceOf(rollout, judged, losses));
        for (let update = 1; ; update++) {
          const computed = await policy.compute(judged);
          losses.push(...computed.losses);
          if (update === updates)
            return {
              gradients: policy.gradients,
              metrics: { ...lossMetrics(computed, beta), ...metrics },
            };
          await tools.update(policy.gradients, computed.loss);
        }
      },
    );
  } finally {
    await Promise.all([policy.release(), sampler.release()]);
  }
}

/** Advantages, and the rollout as the loss wants it. */
function judge({ groups }: Rollout, { advantages: estimator = 'std' }: GrpoSettings) {
  const advantages = groupAdvantages(
    groups.flatMap(({ total }) => total),
    groups.flatMap(({ total }, group) => total.map(() => group)),
    { estimator },
  );
  let at = 0;
  const judged: JudgedRollout = {
    groups: groups.map(({ prompt, image, generated }) => ({
      prompt,
      image,
      completions: generated.map(({ tokens, logProbabilities }) => ({
        tokens,
        logProbabilities,
        advantage: advantages.advantages[at++]!,
      })),
    })),
  };
  return { judged, advantages };
}

/** One group a step is kept to read. */
function keepOneGroup({ groups }: Rollout, step: number, context: StageContext): void {
  const { image, texts, total } = groups[0]!;
  texts.forEach((completion, i) => {
    context.completions?.append({
      stage: context.stage,
      step: step + 1,
      sample: image.sample,
      completion,
      reward: total[i] ?? 'unscored',
    });
  });
}

function evidenceOf(
  { groups }: Rollout,
  judged: JudgedRollout,
  losses: readonly number[],
): Evidence {
  return {
    images: groups.map(({ image }) => image),
    tokens: groups.map(({ prompt, generated }) =>
      generated.map(({ tokens }) => ({ prompt, answer: tokens })),
    ),
    numbers: {
      losses,
      rewards: groups.flatMap(({ total }) => total),
      advantages: judged.groups.flatMap(({ completions }) =>
        completions.map(({ advantage }) => advantage),
      ),
    },
  };
}

function withoutRewards({ groups }: Rollout, steps: number): GeorError {
  const reason = groups.flatMap(({ unscored }) => unscored).find((text) => text !== null);
  return new GeorError(
    'backend',
    `${steps} steps in a row without a reward: ${reason ?? 'no reason was given'}`,
    { hint: 'mend what computes the reward and resume; nothing was learned from these steps' },
  );
}
