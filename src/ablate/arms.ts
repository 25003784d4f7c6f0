/**
 * What is compared: a trained model, asked in one way.
 * @module
 */
import type { PromptCondition } from '../chain/index.ts';
import type { ModelName } from './models.ts';

/** A system of the tables. */
export interface Arm {
  readonly model: ModelName;
  readonly asked: PromptCondition;
}

const arm = (model: ModelName, asked: PromptCondition = 'cor'): Arm => ({ model, asked });

/** Every arm by name. */
export const ARMS = {
  cor: arm('sft-cor'),
  direct: arm('sft-direct', 'direct'),
  cot: arm('sft-cot', 'cot'),
  'cor-half': arm('sft-cor-half'),
  'direct-half': arm('sft-direct-half', 'direct'),
  'cor-quarter': arm('sft-cor-quarter'),
  'direct-quarter': arm('sft-direct-quarter', 'direct'),
  both: arm('sft-both'),
  'both-direct': arm('sft-both', 'direct'),
  'cor-quarter-hard': arm('sft-cor-quarter-hard'),
  'rl-geo-r': arm('rl-geo-r'),
  'rl-geo-r-hard': arm('rl-geo-r-hard'),
  'rl-globe': arm('rl-globe'),
  'rl-geoagent': arm('rl-geoagent'),
  'rl-geo-r-free': arm('rl-geo-r-free'),
} as const satisfies Readonly<Record<string, Arm>>;

/** The name of an arm, also of its file of answers. */
export type ArmName = keyof typeof ARMS;

/** All names. */
export const ARM_NAMES = Object.keys(ARMS) as readonly ArmName[];
