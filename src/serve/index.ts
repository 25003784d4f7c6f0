/** HTTP: rewards for training engines, locating, the page. @module */
export { ApiError } from './api-error.ts';
export { type AppOptions, createApp } from './app.ts';
export type { AppPart, OpenApiPaths, OpenApiValue } from './app-part.ts';
export { Gate } from './gate.ts';
export type {
  LocateError,
  LocateEvent,
  ModelCard,
  ModelCards,
} from './locate/events.ts';
export {
  cardOf,
  type LocateOptions,
  type LocateService,
  locatePart,
} from './locate/locate-part.ts';
export { MOST_SAMPLES, PICTURE_LIMIT_BYTES } from './locate/locate-request.ts';
export { type Counts, Metrics, seriesOf } from './metrics.ts';
export { bodiesGate } from './middleware.ts';
export { type JsonOperation, jsonOperation, type Problem, schemasOf } from './openapi.ts';
export { BODY_LIMIT_BYTES, type Body, readJson } from './read-json.ts';
export type { BatchSummary } from './rewards/batch-summary.ts';
export {
  type RewardRow,
  type RewardSample,
  type RewardsRequest,
  type RewardsResponse,
  rewardsRequestSchema,
  rewardsResponseSchema,
} from './rewards/protocol.ts';
export { RewardLog } from './rewards/reward-log.ts';
export type { RewardService } from './rewards/reward-service.ts';
