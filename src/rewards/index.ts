/** One file per reward, the paper's equation on top. Pure. @module */
export type { Reward, RewardBatch, RewardResult, Scores } from './reward.ts';
