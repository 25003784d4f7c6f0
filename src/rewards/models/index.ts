/** What rewards ask of models, and the ways to reach one. @module */

export type { EndpointOptions } from '../../core/index.ts';
export { cachedEmbedder, cachedJudge } from './cached.ts';
export { endpointEmbedder } from './endpoint-embedder.ts';
export { endpointJudge } from './endpoint-judge.ts';
export type { Embedder, Judge, Question, Reply, TokenLogprob } from './model.ts';
export {
  DEFAULT_ENCODER,
  isModelFolder,
  type TransformersEmbedderOptions,
  transformersEmbedder,
} from './transformers-embedder.ts';
