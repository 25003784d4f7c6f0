/** What every room may use: errors and seeded randomness. Pure: no Node modules. @module */
export type { ByteAutomaton } from './automaton.ts';
export { type ErrorCode, GeorError, invariant } from './errors.ts';
export { type Random, random, shuffled } from './random.ts';
