/**
 * Which figures of a run are shown first, and what they are called.
 * @module
 */

/** A figure by its name in the record, with the words for it. */
export interface NamedFigure {
  readonly name: string;
  readonly label: string;
  /** Whether it is a share of 1. */
  readonly isShare?: true;
}

/** In the order in which they matter; those of a stage that a run does not have are left out. */
const FIGURES: readonly NamedFigure[] = [
  { name: 'reward', label: 'reward' },
  { name: 'loss', label: 'loss' },
  { name: 'eval_loss', label: 'held-out loss' },
  { name: 'reward_std', label: 'reward std' },
  { name: 'kl', label: 'KL' },
  { name: 'entropy', label: 'entropy' },
  { name: 'mean_token_accuracy', label: 'token accuracy' },
  { name: 'completions/mean_length', label: 'tokens' },
  { name: 'completions/clipped_ratio', label: 'cut off', isShare: true },
  { name: 'frac_reward_zero_std', label: 'groups without spread', isShare: true },
  { name: 'service/parse_failures', label: 'unreadable', isShare: true },
  { name: 'service/unscored', label: 'unscored', isShare: true },
  { name: 'grad_norm', label: 'gradient norm' },
  { name: 'learning_rate', label: 'learning rate' },
  { name: 'step_time', label: 's/step' },
];

const PART = 'parts/';

/** The figures of a step for a display: reward, then its parts, then the rest that there is. */
export function headlineFigures(values: Readonly<Record<string, number>>): Record<string, number> {
  const shown: Record<string, number> = {};
  for (const { name, label } of FIGURES) {
    const value = values[name];
    if (value !== undefined) shown[label] = value;
    if (name !== 'reward') continue;
    for (const [part, mean] of Object.entries(values))
      if (part.startsWith(PART)) shown[part.slice(PART.length)] = mean;
  }
  return shown;
}

/** Figures to draw, in their order: the parts of the reward follow it. */
export function chartedFigures(names: Iterable<string>): NamedFigure[] {
  const present = new Set(names);
  const parts = [...present]
    .filter((name) => name.startsWith(PART))
    .sort()
    .map((name) => ({ name, label: `reward part: ${name.slice(PART.length)}` }));
  const known = FIGURES.filter(({ name }) => present.has(name));
  const after = known.findIndex(({ name }) => name === 'reward') + 1;
  return known.toSpliced(after, 0, ...parts);
}
