/**
 * One set of names for the figures of a run, whatever engine wrote them: TRL's, which geor's own
 * training uses too.
 *
 * Names that have no counterpart stay as the engine wrote them, so nothing is lost.
 * @module
 */

/** Which engine wrote a line. */
export type MetricsFormat = 'verl' | 'trl' | 'swift';

/**
 * verl 0.9.0's names (`verl/trainer/ppo/metric_utils.py`, `core_algos.py`, `sft_trainer.py`) in
 * order of preference: of two that mean the same here, the first that is there counts.
 */
const VERL: readonly (readonly [theirs: string, ours: string])[] = [
  ['critic/score/mean', 'reward'],
  ['critic/score/max', 'reward_max'],
  ['critic/score/min', 'reward_min'],
  ['actor/loss', 'loss'],
  ['actor/pg_loss', 'loss'],
  ['actor/grad_norm', 'grad_norm'],
  ['actor/lr', 'learning_rate'],
  ['actor/kl_loss', 'kl'],
  ['actor/entropy', 'entropy'],
  ['actor/entropy_loss', 'entropy'],
  ['actor/pg_clipfrac', 'clip_ratio/region_mean'],
  ['response_length/mean', 'completions/mean_length'],
  ['response_length/max', 'completions/max_length'],
  ['response_length/min', 'completions/min_length'],
  ['response_length/clip_ratio', 'completions/clipped_ratio'],
  ['timing_s/step', 'step_time'],
  ['perf/throughput', 'tokens_per_second_per_gpu'],
  ['training/epoch', 'epoch'],
  ['train/loss', 'loss'],
  ['train/grad_norm', 'grad_norm'],
  ['train/lr', 'learning_rate'],
  ['val/loss', 'eval_loss'],
];

/** ms-swift 4.5 builds on the trainer that TRL builds on; these are its own (`patcher.py`). */
const SWIFT: typeof VERL = [
  ['train_speed(s/it)', 'step_time'],
  ['memory(GiB)', 'memory_gib'],
];

const NAMES: Readonly<Record<MetricsFormat, typeof VERL>> = { verl: VERL, trl: [], swift: SWIFT };

/** The figures under our names. The order is ours first, then what stays as it was. */
export function withOurNames(
  format: MetricsFormat,
  values: Readonly<Record<string, number>>,
): Record<string, number> {
  const renamed: Record<string, number> = {};
  const taken = new Set<string>();
  for (const [theirs, ours] of NAMES[format]) {
    const value = values[theirs];
    if (value === undefined) continue;
    taken.add(theirs);
    renamed[ours] ??= value;
  }
  for (const [name, value] of Object.entries(values)) if (!taken.has(name)) renamed[name] ??= value;
  return renamed;
}
