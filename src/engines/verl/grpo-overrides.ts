/**
 * GRPO in the words of verl 0.9.0 (`verl.trainer.main_ppo`).
 *
 * Traps that the overrides answer:
 * - `reward.*` is where 0.9.0 looks; `custom_reward_function` and `reward_model.reward_manager` are
 *   still in its configuration and read by nothing;
 * - adapters need `load_format=safetensors`, because the rollout would start from random weights, and
 *   `exclude_modules`, because `all-linear` takes the vision tower in;
 * - a reward that fails fails its whole group; `sync_refill_failed_groups` draws another prompt
 *   instead of training on padding;
 * - `filter_overlong_prompts` would decode every picture at the start: the export keeps them short.
 * @module
 */
import { GeorError } from '../../core/index.ts';
import { PATHS } from '../export/engine-files.ts';
import { grpoOf, layoutOf, type Plan, trainingProcesses } from '../export/plan.ts';
import type { Overrides } from './overrides.ts';
import { runOverrides } from './run-overrides.ts';

/** verl's reward workers take 1000 calls at once (Ray's limit for asynchronous actors); half of it. */
const CALLS_PER_WORKER = 500;
const FEWEST_WORKERS = 8;

/** The overrides of a plan. */
export function grpoOverrides(plan: Plan): Overrides {
  const numbers = grpoOf(plan);
  const { cluster, model, seed, saveSteps, rows } = plan;
  const { root } = cluster;
  const layout = layoutOf(plan);
  const length = numbers.maxPromptLength + numbers.maxCompletionLength;
  const actor = 'actor_rollout_ref.actor';
  const rollout = 'actor_rollout_ref.rollout';
  const tokensPerGpu = layout.sequencesPerGpu * length;
  const calls = numbers.promptsPerStep * numbers.groupSize;
  return {
    'algorithm.adv_estimator': 'grpo',
    'algorithm.norm_adv_by_std_in_grpo': true,
    'algorithm.use_kl_in_reward': false,
    'data.train_files': `${root}/${PATHS.trainRows('parquet')}`,
    // verl opens a validation file even when it never validates
    'data.val_files': `${root}/${rows.validation > 0 ? PATHS.validationRows('parquet') : PATHS.trainRows('parquet')}`,
    ...(rows.validation === 0 && { 'data.val_max_samples': 1 }),
    'data.image_key': 'images',
    'data.train_batch_size': numbers.promptsPerStep,
    'data.gen_batch_size': 1,
    'data.max_prompt_length': numbers.maxPromptLength,
    'data.max_response_length': numbers.maxCompletionLength,
    'data.filter_overlong_prompts': false,
    'data.truncation': 'error',
    'data.seed': seed,
    'actor_rollout_ref.model.path': model.path,
    'actor_rollout_ref.model.use_remove_padding': true,
    'actor_rollout_ref.model.enable_gradient_checkpointing': true,
    ...adapterOverrides(plan),
    [`${actor}.strategy`]: 'fsdp2',
    [`${actor}.fsdp_config.param_offload`]: layout.offload,
    [`${actor}.fsdp_config.optimizer_offload`]: layout.offload,
    [`${actor}.optim.lr`]: numbers.learningRate,
    [`${actor}.optim.lr_scheduler_type`]: scheduleOf(plan),
    [`${actor}.optim.lr_warmup_steps_ratio`]: numbers.warmupRatio,
    [`${actor}.optim.weight_decay`]: numbers.weightDecay,
    [`${actor}.ppo_mini_batch_size`]: numbers.promptsPerStep / numbers.updatesPerStep,
    [`${actor}.use_dynamic_bsz`]: true,
    [`${actor}.ppo_max_token_len_per_gpu`]: tokensPerGpu,
    [`${actor}.clip_ratio`]: numbers.epsilon,
    [`${actor}.clip_ratio_low`]: numbers.epsilon,
    [`${actor}.clip_ratio_high`]: numbers.epsilon,
    [`${actor}.loss_agg_mode`]: 'seq-mean-token-mean',
    [`${actor}.use_kl_loss`]: numbers.beta > 0,
    [`${actor}.kl_loss_coef`]: numbers.beta,
    [`${actor}.kl_loss_type`]: 'low_var_kl',
    [`${actor}.data_loader_seed`]: seed,
    ...(numbers.beta > 0 && {
      'actor_rollout_ref.ref.fsdp_config.param_offload': layout.offload,
    }),
    [`${rollout}.name`]: 'vllm',
    [`${rollout}.n`]: numbers.groupSize,
    [`${rollout}.temperature`]: numbers.temperature,
    [`${rollout}.top_p`]: numbers.topP,
    [`${rollout}.tensor_model_parallel_size`]: layout.generationGpus,
    [`${rollout}.gpu_memory_utilization`]: layout.generationMemoryShare,
    [`${rollout}.max_model_len`]: length,
    [`${rollout}.log_prob_use_dynamic_bsz`]: true,
    [`${rollout}.log_prob_max_token_len_per_gpu`]: 2 * tokensPerGpu,
    [`${rollout}.seed`]: seed,
    'reward.num_workers': Math.max(FEWEST_WORKERS, Math.ceil(calls / CALLS_PER_WORKER)),
    'reward.reward_manager.source': 'importlib',
    'reward.reward_manager.name': 'GeorRewardManager',
    'reward.reward_manager.module.path': `${root}/${PATHS.engine}/geor_verl.py`,
    ...runOverrides(plan),
    'trainer.rollout_data_dir': `${root}/rollouts`,
    'trainer.total_epochs': wholeEpochs(plan),
    'trainer.save_freq': saveSteps,
    'trainer.test_freq': rows.validation > 0 ? saveSteps : -1,
    'trainer.val_before_train': rows.validation > 0,
    'trainer.max_actor_ckpt_to_keep': 3,
    'trainer.resume_mode': 'auto',
    'trainer.v1.sampler.sync_refill_failed_groups': true,
  };
}

function adapterOverrides({ numbers }: Plan): Overrides {
  const model = 'actor_rollout_ref.model';
  if (numbers.adaptation === 'full')
    return { 'actor_rollout_ref.actor.freeze_vision_tower': numbers.freezeVision };
  return {
    [`${model}.lora_rank`]: numbers.lora.rank,
    [`${model}.lora_alpha`]: numbers.lora.alpha,
    [`${model}.target_modules`]: 'all-linear',
    [`${model}.exclude_modules`]: '.*visual.*',
    'actor_rollout_ref.rollout.load_format': 'safetensors',
  };
}

/**
 * @throws GeorError `usage` for a schedule that verl 0.9.0 does not have
 */
export function scheduleOf({ numbers: { schedule } }: Plan): string {
  if (schedule !== 'linear') return schedule;
  throw new GeorError('usage', 'verl 0.9.0 has no linear schedule', {
    hint: 'use --set schedule=cosine or constant',
  });
}

/**
 * @throws GeorError `usage` for a part of an epoch
 */
export function wholeEpochs({ numbers: { epochs } }: Plan): number {
  if (Number.isInteger(epochs)) return epochs;
  throw new GeorError('usage', `verl trains whole epochs, not ${epochs}`, {
    hint: 'limit the steps: --set trainer.total_training_steps=N',
  });
}

/**
 * Checks that the GPUs can share each batch evenly; verl stops at the start otherwise.
 *
 * @throws GeorError `usage`
 */
export function checkBatches(plan: Plan): void {
  const { promptsPerStep, updatesPerStep, groupSize } = grpoOf(plan);
  const gpus = trainingProcesses(plan.cluster);
  const prompts = promptsPerStep / updatesPerStep;
  if (Number.isInteger(prompts) && (prompts * groupSize) % gpus === 0) return;
  throw new GeorError(
    'usage',
    `${promptsPerStep} prompts x ${groupSize} completions in ${updatesPerStep} updates cannot be shared by ${gpus} GPUs`,
    { hint: `e.g. --set promptsPerStep=${updatesPerStep * gpus}` },
  );
}
