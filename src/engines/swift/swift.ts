/**
 * ms-swift 4.5: `swift sft` and `swift rlhf --rlhf_type grpo`, with geor's reward as a plugin.
 *
 * What the arguments take care of: the completions of a prompt stay on one process
 * ({@link batchesOf}), as with TRL; the pixel budget is an environment variable (`MAX_PIXELS`); no
 * version folder is put below `output_dir`, so that metrics and checkpoints are where the manifest
 * says.
 * @module
 */
import { type EngineFiles, type EngineWriter, PATHS } from '../export/engine-files.ts';
import { batchesOf, grpoOf, layoutOf, type Plan } from '../export/plan.ts';
import { trainerArguments } from '../export/trainer-arguments.ts';

type Value = string | number | boolean | readonly (string | number)[];

/** Writes for ms-swift. */
export const swift: EngineWriter = {
  versions: ['4.5.2'],
  rows: { format: 'messages', end: 'jsonl' },
  write(plan) {
    const isGrpo = plan.numbers.stage === 'grpo';
    return {
      files: [
        {
          path: `${PATHS.engine}/arguments.json`,
          content: `${JSON.stringify(swiftArguments(plan), null, 2)}\n`,
        },
      ],
      adapters: isGrpo ? ['geor_swift.py', 'geor_rewards.py'] : [],
      needs: isGrpo ? { GEOR_REWARD_URL: 'the address of geor serve' } : {},
      launch: launchOf(plan),
      // swift appends to one file over all starts
      metrics: { file: `${PATHS.checkpoints}/logging.jsonl`, format: 'swift' },
      checkpoints: { folder: PATHS.checkpoints, latest: null },
    };
  },
};

function launchOf(plan: Plan): EngineFiles['launch'] {
  const { cluster, numbers, run } = plan;
  const command = numbers.stage === 'sft' ? ['swift', 'sft'] : ['swift', 'rlhf'];
  const words = Object.entries(swiftArguments(plan)).flatMap(([name, value]) => [
    `--${name}`,
    ...(Array.isArray(value) ? value.map(String) : [String(value)]),
  ]);
  return {
    kind: 'process',
    command: [...command, ...words],
    environment: {
      GEOR_RUN: run,
      GEOR_ATTEMPT: '{attempt}',
      MAX_PIXELS: String(numbers.maxPixels),
      NPROC_PER_NODE: String(cluster.processesPerNode),
      ...(cluster.nodes > 1 && {
        NNODES: String(cluster.nodes),
        NODE_RANK: '{nodeRank}',
        MASTER_ADDR: '{headAddress}',
        MASTER_PORT: '29500',
      }),
    },
    workingDirectory: PATHS.engine,
    resumeArguments: ['--resume_from_checkpoint', '{checkpoint}'],
    perNode: true,
  };
}

/** The arguments by name, in ms-swift's words. */
export function swiftArguments(plan: Plan): Readonly<Record<string, Value>> {
  const { numbers, model, cluster, seed, rows, saveSteps } = plan;
  const { zeroStage, offload } = layoutOf(plan);
  const { root } = cluster;
  const isOnGpus = cluster.gpusPerNode > 0;
  return {
    ...(numbers.stage === 'grpo' && { rlhf_type: 'grpo' }),
    model: model.path,
    model_type: 'qwen2_5_vl',
    torch_dtype: isOnGpus ? 'bfloat16' : 'float32',
    tuner_type: numbers.adaptation,
    ...(numbers.adaptation === 'lora' && {
      lora_rank: numbers.lora.rank,
      lora_alpha: numbers.lora.alpha,
      lora_dropout: numbers.lora.dropout,
      target_modules: 'all-linear',
    }),
    freeze_vit: numbers.freezeVision,
    freeze_aligner: numbers.freezeVision,
    dataset: `${root}/${PATHS.trainRows('jsonl')}`,
    ...(rows.validation > 0 && { val_dataset: `${root}/${PATHS.validationRows('jsonl')}` }),
    split_dataset_ratio: 0,
    output_dir: `${root}/${PATHS.checkpoints}`,
    add_version: false,
    ...trainerArguments(plan),
    ...(isOnGpus
      ? { deepspeed: offload ? `zero${zeroStage}_offload` : `zero${zeroStage}` }
      : { use_cpu: true }),
    gradient_checkpointing: isOnGpus,
    logging_steps: 1,
    save_steps: saveSteps,
    save_total_limit: 3,
    eval_strategy: 'no',
    seed,
    data_seed: seed,
    ...(numbers.stage === 'sft' ? { max_length: numbers.maxLength } : grpoArguments(plan)),
    ...settings(plan),
  };
}

function grpoArguments(plan: Plan): Readonly<Record<string, Value>> {
  const numbers = grpoOf(plan);
  const { passesPerGeneration } = batchesOf(plan);
  const { generationMemoryShare, generationGpus } = layoutOf(plan);
  const isOnGpus = plan.cluster.gpusPerNode > 0;
  return {
    external_plugins: 'geor_swift.py',
    reward_funcs: 'geor',
    num_generations: numbers.groupSize,
    steps_per_generation: passesPerGeneration,
    max_length: numbers.maxPromptLength,
    max_completion_length: numbers.maxCompletionLength,
    temperature: numbers.temperature,
    top_p: numbers.topP,
    beta: numbers.beta,
    epsilon: numbers.epsilon,
    loss_type: 'grpo',
    scale_rewards: 'group',
    log_completions: true,
    use_vllm: isOnGpus,
    ...(isOnGpus && {
      vllm_mode: 'colocate',
      vllm_gpu_memory_utilization: generationMemoryShare,
      vllm_tensor_parallel_size: generationGpus,
      vllm_max_model_len: numbers.maxPromptLength + numbers.maxCompletionLength,
      sleep_level: 1,
    }),
  };
}

function settings({ engineSettings }: Plan): Readonly<Record<string, Value>> {
  const entries = Object.entries(engineSettings).map(([name, value]) => {
    const isPlain = ['string', 'number', 'boolean'].includes(typeof value) || Array.isArray(value);
    const word = isPlain ? (value as Value) : JSON.stringify(value);
    return [name.replace(/^\+/, ''), word] as const;
  });
  return Object.fromEntries(entries);
}
