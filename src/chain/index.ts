/** The answer contracts: prompts, building text from a place, parsing text into an answer. Pure. @module */
export type {
  Answer,
  AnswerContract,
  PromptCondition,
  Reading,
  ReasoningStage,
  Repair,
} from './answer.ts';
export { buildChain, type ChainOptions } from './build.ts';
export { type Consistency, consistency } from './consistency.ts';
export { DEFAULT_DECIMALS, findPairs, formatCoordinate, isOnGlobe } from './coordinates.ts';
export { foldName, isSameName } from './names.ts';
export { parseAnswer } from './parse.ts';
export { answerPrompt, type PromptStyle } from './prompts.ts';
