/**
 * Supervised training in the words of verl 0.9.0 (`verl.trainer.sft_trainer` with FSDP).
 * @module
 */
import { PATHS } from '../export/engine-files.ts';
import { layoutOf, type Plan } from '../export/plan.ts';
import type { SftNumbers } from '../export/recipe.ts';
import { scheduleOf, wholeEpochs } from './grpo-overrides.ts';
import type { Overrides } from './overrides.ts';
import { runOverrides } from './run-overrides.ts';

/** The overrides of a plan with these numbers. */
export function sftOverrides(plan: Plan, numbers: SftNumbers): Overrides {
  const { cluster, model, seed, saveSteps, rows } = plan;
  const { root } = cluster;
  const { sequencesPerGpu, offload } = layoutOf(plan);
  return {
    'data.train_files': `${root}/${PATHS.trainRows('parquet')}`,
    'data.val_files': rows.validation > 0 ? `${root}/${PATHS.validationRows('parquet')}` : null,
    'data.messages_key': 'messages',
    'data.train_batch_size': numbers.batchSize,
    'data.use_dynamic_bsz': true,
    'data.max_token_len_per_gpu': sequencesPerGpu * numbers.maxLength,
    'data.max_length': numbers.maxLength,
    'data.pad_mode': 'no_padding',
    'data.truncation': 'error',
    'model.path': model.path,
    'model.use_remove_padding': true,
    'model.enable_gradient_checkpointing': true,
    ...(numbers.adaptation === 'lora' && {
      'model.lora_rank': numbers.lora.rank,
      'model.lora_alpha': numbers.lora.alpha,
      'model.target_modules': 'all-linear',
      'model.exclude_modules': '.*visual.*',
    }),
    'engine.strategy': 'fsdp2',
    'engine.param_offload': offload,
    'engine.optimizer_offload': offload,
    'engine.seed': seed,
    'optim.lr': numbers.learningRate,
    'optim.lr_scheduler_type': scheduleOf(plan),
    'optim.lr_warmup_steps_ratio': numbers.warmupRatio,
    'optim.weight_decay': numbers.weightDecay,
    ...runOverrides(plan),
    'trainer.seed': seed,
    'trainer.total_epochs': wholeEpochs(plan),
    'trainer.save_freq': saveSteps,
    'trainer.test_freq': rows.validation > 0 ? saveSteps : -1,
    'trainer.max_ckpt_to_keep': 3,
    'trainer.resume_mode': 'auto',
  };
}
