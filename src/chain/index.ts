/** The answer contracts: prompts, building text from a place, parsing text into an answer. Pure. @module */
export type {
  Answer,
  AnswerContract,
  JsonRepair,
  PromptCondition,
  Reading,
  ReasoningStage,
  Repair,
} from './answer.ts';
export { answerQuery } from './answer-query.ts';
export { type Consistency, consistency } from './consistency.ts';
export type { ChainOptions, PromptStyle } from './contract.ts';
export {
  ANSWER_CONTRACTS,
  answerPrompt,
  buildChain,
  hasOfficialFormat,
  parseAnswer,
} from './contracts.ts';
export { type CoordinateReading, readGeoRCoordinate } from './geo-r/parse.ts';
export { type RegionChainOptions, regionChains } from './geo-r/region-chains.ts';
export { withoutConclusions } from './geoagent/without-conclusions.ts';
export {
  DEFAULT_DECIMALS,
  findPairs,
  formatCoordinate,
  formatDegrees,
  isOnGlobe,
} from './text/coordinates.ts';
export { cleanName, foldName, isSameName } from './text/names.ts';
