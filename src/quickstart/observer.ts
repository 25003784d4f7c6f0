/**
 * The stages of a quick start and who watches them.
 * @module
 */
import type { JudgedAnswer } from './answer-tiles.ts';
import type { QuickstartRecipe } from './recipe.ts';

/** The stages in order, as people read them. */
export const STAGES = {
  data: 'Data',
  sft: 'SFT, Chain of Region',
  selection: 'Hard tiles for GRPO',
  grpo: 'GRPO, Geo-R reward',
  evaluation: 'Held-out tiles',
} as const;

/** The name of a stage in the run's folder. */
export type Stage = keyof typeof STAGES;

/** The stages that a recipe has. */
export const stagesOf = ({ selection }: QuickstartRecipe): Stage[] =>
  (Object.keys(STAGES) as Stage[]).filter((stage) => stage !== 'selection' || selection);

/** Who watches a run. Nothing here changes its result. */
export interface RunObserver {
  stage(stage: Stage): void;
  endStage(remark?: string): void;
  progress(done: number, total: number, fields: Readonly<Record<string, number>>): void;
  /** What the model in training answers to a held-out tile just now. */
  sample(answer: JudgedAnswer, tile: Uint8Array): void;
}
