/** HTTP: rewards for training engines, locating, the page. @module */
export { ApiError } from './api-error.ts';
export { type AppOptions, createApp } from './app.ts';
export type { AppPart, OpenApiPaths, OpenApiValue } from './app-part.ts';
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
export { type JsonOperation, jsonOperation, type Problem, schemasOf } from './openapi.ts';
export { BODY_LIMIT_BYTES, type Body, readJson } from './read-json.ts';
export {
  type RewardRow,
  type RewardSample,
  type RewardsRequest,
  type RewardsResponse,
  rewardsRequestSchema,
  rewardsResponseSchema,
} from './rewards/protocol.ts';
export type { RewardService } from './rewards/rewards-routes.ts';
