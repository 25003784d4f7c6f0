/**
 * `POST /v1/rewards`: the reward of a recipe for training engines.
 * @module
 */
import { Hono } from 'hono';
import { ApiError } from '../api-error.ts';
import type { AppPart } from '../app-part.ts';
import { jsonOperation, schemasOf } from '../openapi.ts';
import { BODY_LIMIT_BYTES, checkJsonHeaders, parseJson, readBytes } from '../read-json.ts';
import { isRewardsRequest } from './plain-request.ts';
import { rewardsRequestSchema, rewardsResponseSchema } from './protocol.ts';
import { contentKeyOf, type RewardService, scoreRequest } from './reward-service.ts';
import { responseJson } from './row-json.ts';

/** Characters of an `Idempotency-Key` at most. */
const KEY_LIMIT = 256;

/** Where rewards are asked for. */
export const REWARDS_PATH = '/v1/rewards';

/**
 * From the body of a request to that of its answer.
 *
 * @param key - the `Idempotency-Key`; default: the content
 * @throws ApiError as `parseJson` and `scoreRequest`
 */
export async function answerRewards(
  service: RewardService,
  bytes: Buffer,
  key: string | undefined,
): Promise<string> {
  const { value, text } = parseJson(bytes, rewardsRequestSchema, isRewardsRequest);
  const scored = await scoreRequest(service, value, key ?? contentKeyOf(text));
  return responseJson(service.config, scored);
}

/** The routes of the reward service. */
export function rewardsPart(service: RewardService): AppPart {
  const routes = new Hono();
  routes.post(REWARDS_PATH, async (context) => {
    const key = context.req.header('idempotency-key');
    checkKey(key);
    checkJsonHeaders(context);
    const bytes = await readBytes(context, BODY_LIMIT_BYTES);
    const answer = await answerRewards(service, bytes, key);
    return context.body(answer, 200, { 'content-type': 'application/json' });
  });
  return {
    routes,
    paths: {
      [REWARDS_PATH]: {
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

/**
 * Looks at an `Idempotency-Key`.
 *
 * @throws ApiError 400 for one that is empty or too long.
 */
export function checkKey(key: string | undefined): void {
  if (key === undefined || (key.length > 0 && key.length <= KEY_LIMIT)) return;
  throw new ApiError(
    400,
    'bad-key',
    `the Idempotency-Key has ${key.length} characters`,
    `give 1 to ${KEY_LIMIT} characters, the same for a request and its repeats`,
  );
}
