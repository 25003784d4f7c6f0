/**
 * `POST /v1/rewards`: the reward of a recipe for training engines.
 * @module
 */
import { Hono } from 'hono';
import type { RecipeReward } from '../../rewards/index.ts';
import type { AppPart } from '../app-part.ts';
import { jsonOperation, schemasOf } from '../openapi.ts';
import { readJson } from '../read-json.ts';
import { type RewardsResponse, rewardsRequestSchema, rewardsResponseSchema } from './protocol.ts';
import { scoreSamples } from './score.ts';

/** What scores, and under which name. */
export interface RewardService {
  readonly reward: RecipeReward;
  /** Content address of the configuration, see `rewardConfigHash`. */
  readonly config: string;
}

/** The routes of the reward service. */
export function rewardsPart({ reward, config }: RewardService): AppPart {
  const routes = new Hono();
  routes.post('/v1/rewards', async (context) => {
    const { value } = await readJson(context, rewardsRequestSchema);
    const { rows } = await scoreSamples(reward, value.samples, value.group_size);
    return context.json({ v: 1, config, rewards: [...rows] } satisfies RewardsResponse);
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
          request: 'RewardsRequest',
          response: 'RewardsResponse',
          problems: [400, 413, 415, 422, 503],
        }),
      },
    },
    schemas: schemasOf([rewardsRequestSchema, rewardsResponseSchema]),
  };
}
