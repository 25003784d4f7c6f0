/** The answer contracts: prompts, building text from a place, parsing text into an answer. Pure. @module */
export type { Answer, PromptCondition, Reading } from './answer.ts';
