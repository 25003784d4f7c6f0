/**
 * TRL 1.13: SFTTrainer and GRPOTrainer, started by accelerate.
 *
 * What the configuration takes care of:
 * - the completions of a prompt stay on one process ({@link batchesOf}), so that a reward sees whole
 *   groups: TRL itself only checks that all processes together hold whole groups;
 * - defaults that differ from the recipes: `loss_type` is `dapo`, `beta` is 0, and `bf16` and
 *   gradient checkpointing are on even for processors;
 * - everything TRL has no option for (the pixel budget, forbidden vision tokens, metrics that can be
 *   followed, the reward) is in `geor_trl_train.py` and `geor_trl.py`.
 * @module
 */
import { stringify } from 'yaml';
import { type EngineFiles, type EngineWriter, PATHS } from '../export/engine-files.ts';
import { batchesOf, grpoOf, layoutOf, type Plan } from '../export/plan.ts';
import { trainerArguments } from '../export/trainer-arguments.ts';
import { acceleratorFile } from './accelerate.ts';

/** Linear layers of the language model alone; one name in a list is a pattern to PEFT. */
const LANGUAGE_LAYERS = '^(?!.*visual).*\\.(q|k|v|o|gate|up|down)_proj$';

/** Writes for TRL. */
export const trl: EngineWriter = {
  versions: ['1.13.0'],
  rows: { format: 'trl', end: 'jsonl' },
  write: (plan) => ({
    files: [
      { path: `${PATHS.engine}/config.yaml`, content: yaml(trlConfig(plan)) },
      ...(plan.cluster.gpusPerNode > 0
        ? [{ path: `${PATHS.engine}/accelerate.yaml`, content: yaml(acceleratorFile(plan)) }]
        : []),
    ],
    adapters: ['geor_trl_train.py', 'geor_trl.py', 'geor_rewards.py'],
    needs: plan.numbers.stage === 'grpo' ? { GEOR_REWARD_URL: 'the address of geor serve' } : {},
    launch: launchOf(plan),
    metrics: { file: PATHS.metrics, format: 'trl' },
    checkpoints: { folder: PATHS.checkpoints, latest: null },
  }),
};

/** PyYAML reads YAML 1.1, where a bare `no` is false. */
const yaml = (content: object): string => stringify(content, { version: '1.1' });

function launchOf({ run, cluster, numbers }: Plan): EngineFiles['launch'] {
  const isSpread = cluster.nodes > 1;
  const nodes = isSpread
    ? ['--machine_rank', '{nodeRank}', '--main_process_ip', '{headAddress}']
    : [];
  return {
    kind: 'process',
    // accelerate 1.15 starts several processes on processors only through MPI
    command: [
      ...(cluster.gpusPerNode > 0
        ? ['accelerate', 'launch', '--config_file', 'accelerate.yaml', ...nodes]
        : ['torchrun', '--standalone', '--nproc-per-node', `${cluster.processesPerNode}`]),
      ...['geor_trl_train.py', '--config', 'config.yaml'],
    ],
    environment: {
      GEOR_RUN: run,
      GEOR_ATTEMPT: '{attempt}',
      GEOR_METRICS_FILE: `{root}/${PATHS.metrics}`,
      TOKENIZERS_PARALLELISM: 'false',
      ...(numbers.stage === 'grpo' && cluster.gpusPerNode > 0 && { VLLM_LOGGING_LEVEL: 'WARNING' }),
    },
    workingDirectory: PATHS.engine,
    resumeArguments: ['--resume_from_checkpoint', '{checkpoint}'],
    perNode: true,
  };
}

/** The options, in TRL's words. */
export function trlConfig(plan: Plan): Readonly<Record<string, unknown>> {
  const { numbers, model, cluster, seed } = plan;
  const { root } = cluster;
  const isOnGpus = cluster.gpusPerNode > 0;
  const rows = (path: string): string => `${root}/${path}`;
  return {
    stage: numbers.stage,
    train_file: rows(PATHS.trainRows('jsonl')),
    ...(plan.rows.validation > 0 && { validation_file: rows(PATHS.validationRows('jsonl')) }),
    max_pixels: numbers.maxPixels,
    model_name_or_path: model.path,
    dtype: isOnGpus ? 'bfloat16' : 'float32',
    ...(isOnGpus && { attn_implementation: 'sdpa' }),
    ...(numbers.adaptation === 'lora' && {
      use_peft: true,
      lora_r: numbers.lora.rank,
      lora_alpha: numbers.lora.alpha,
      lora_dropout: numbers.lora.dropout,
      lora_target_modules: [LANGUAGE_LAYERS],
    }),
    freeze_vision: numbers.freezeVision,
    output_dir: rows(PATHS.checkpoints),
    ...trainerArguments(plan),
    optim: 'adamw_torch',
    bf16: isOnGpus,
    use_cpu: !isOnGpus,
    ...(!isOnGpus && { ddp_backend: 'gloo' }),
    gradient_checkpointing: isOnGpus,
    logging_steps: 1,
    save_steps: plan.saveSteps,
    save_total_limit: 3,
    eval_strategy: 'no',
    report_to: 'none',
    seed,
    ...(numbers.stage === 'sft' ? { max_length: numbers.maxLength } : grpoOptions(plan, isOnGpus)),
    ...plain(plan.engineSettings),
  };
}

function grpoOptions(plan: Plan, isOnGpus: boolean): Readonly<Record<string, unknown>> {
  const numbers = grpoOf(plan);
  const { passesPerGeneration } = batchesOf(plan);
  const layout = layoutOf(plan);
  return {
    num_generations: numbers.groupSize,
    steps_per_generation: passesPerGeneration,
    max_completion_length: numbers.maxCompletionLength,
    temperature: numbers.temperature,
    top_p: numbers.topP,
    beta: numbers.beta,
    epsilon: numbers.epsilon,
    loss_type: 'grpo',
    scale_rewards: 'group',
    log_completions: true,
    num_completions_to_print: 0,
    use_vllm: isOnGpus,
    ...(isOnGpus && {
      vllm_mode: 'colocate',
      vllm_enable_sleep_mode: true,
      vllm_gpu_memory_utilization: layout.generationMemoryShare,
      vllm_tensor_parallel_size: layout.generationGpus,
      vllm_max_model_length: numbers.maxPromptLength + numbers.maxCompletionLength,
    }),
  };
}

/** A name behind `+` is passed on under its own name. */
function plain(settings: Plan['engineSettings']): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name.replace(/^\+/, ''), value]),
  );
}
