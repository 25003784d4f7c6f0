/** What every room may use: errors, seeded randomness, caches. Pure: no Node modules. @module */
export type { ByteAutomaton } from './automaton.ts';
export { type ErrorCode, GeorError, invariant } from './errors.ts';
export {
  type CallOptions,
  type Endpoint,
  type EndpointOptions,
  openEndpoint,
} from './http/endpoint.ts';
export { eventData } from './http/event-stream.ts';
export { type Limiter, limiter } from './http/limiter.ts';
export {
  jsonBody,
  type ReadBody,
  type RequestFailure,
  type RequestFault,
  type RequestOutcome,
} from './http/try-once.ts';
export { type Fields, mergeFields } from './merge-fields.ts';
export type { Outcome } from './outcome.ts';
export { type Random, random, shuffled } from './random.ts';
export { contentKey, memoryCache, type TextCache } from './text-cache.ts';
