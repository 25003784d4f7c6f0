/**
 * `POST /v1/rewards`: the reward of a recipe for training engines.
 * @module
 */
import { type Context, Hono } from 'hono';
import { ApiError } from '../api-error.ts';
import type { AppPart } from '../app-part.ts';
import { jsonOperation, schemasOf } from '../openapi.ts';
import { readJson } from '../read-json.ts';
import { rewardsRequestSchema, rewardsResponseSchema } from './protocol.ts';
import { contentKeyOf, type RewardService, scoreRequest } from './reward-service.ts';
import { responseJson } from './row-json.ts';

/** Characters of an `Idempotency-Key` at most. */
const KEY_LIMIT = 256;

/** The routes of the reward service. */
export function rewardsPart(service: RewardService): AppPart {
  const routes = new Hono();
  routes.post('/v1/rewards', async (context) => {
    const key = keyOf(context);
    const { value, text } = await readJson(context, rewardsRequestSchema);
    const { rows } = await scoreRequest(service, value, key ?? contentKeyOf(text));
    const { config } = service;
    const answer = responseJson({ v: 1, config, rewards: rows });
    return context.body(answer, 200, { 'content-type': 'application/json' });
  });
  return {
    routes,
    paths: {
      '/v1/rewards': {
        post: jsonOperation({
          id: 'scoreCompletions',
          summary: 'Rewards of completions',
          description:
            'A pure function of configuration, sample and group: asking again is safe. Try again only ' +
            'on 429, 502, 503, 504 and lost connections; any other answer is final.',
          headers: {
            'Idempotency-Key': {
              description: 'The same for a request and its repeats: the log counts them once.',
              schema: { type: 'string', minLength: 1, maxLength: KEY_LIMIT },
            },
          },
          request: 'RewardsRequest',
          response: 'RewardsResponse',
          problems: [400, 413, 415, 422, 503, 504],
        }),
      },
    },
    schemas: schemasOf([rewardsRequestSchema, rewardsResponseSchema]),
  };
}

function keyOf(context: Context): string | undefined {
  const key = context.req.header('idempotency-key');
  if (key === undefined || (key.length > 0 && key.length <= KEY_LIMIT)) return key;
  throw new ApiError(
    400,
    'bad-key',
    `the Idempotency-Key has ${key.length} characters`,
    `give 1 to ${KEY_LIMIT} characters, the same for a request and its repeats`,
  );
}
