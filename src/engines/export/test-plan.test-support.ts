/** Plans for tests. @module */
import { MODEL_PRESETS, type ModelPresetName } from './model-presets.ts';
import type { Plan } from './plan.ts';
import { type RecipeName, recipeNumbers } from './recipe.ts';

/** What tests change of a plan. */
export interface PlanChanges extends Partial<Omit<Plan, 'numbers' | 'model'>> {
  readonly stage?: 'sft' | 'grpo';
  readonly variant?: 'paper' | 'released';
  readonly recipe?: RecipeName;
  readonly preset?: ModelPresetName;
  readonly adaptation?: 'lora' | 'full';
  readonly numbers?: Readonly<Record<string, unknown>>;
}

/** A plan on one machine with eight GPUs, 100,000 rows. */
export function testPlan(changes: PlanChanges = {}): Plan {
  const { stage = 'grpo', variant = 'paper', recipe = 'geo-r', adaptation, numbers } = changes;
  const { preset = 'qwen2.5-vl-7b', engine = 'trl', ...rest } = changes;
  const { stage: _s, adaptation: _a, numbers: _n, ...others } = rest;
  const engineVersion = { trl: '1.13.0', verl: '0.9.0', swift: '4.5.2' }[engine];
  return {
    ...{ run: 'run-1', engine, engineVersion, recipe, variant },
    numbers: recipeNumbers(recipe, { stage, variant, adaptation, overrides: numbers ?? {} }),
    model: { path: MODEL_PRESETS[preset].hubId, preset },
    cluster: { nodes: 1, gpusPerNode: 8, processesPerNode: 8, root: '/shared/run-1' },
    ...{ seed: 1, saveSteps: 50, rows: { train: 100_000, validation: 500 }, engineSettings: {} },
    ...others,
  };
}
