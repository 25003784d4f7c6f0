/**
 * `POST /remote_rm`: the body that slime sends for one sample (`slime/rollout/rm_hub`, version 0.3.1).
 * The answer is the reward itself, a number.
 * @module
 */
import { Hono } from 'hono';
import { z } from 'zod';
import type { AppPart } from '../app-part.ts';
import { jsonOperation, schemasOf } from '../openapi.ts';
import { readJson } from '../read-json.ts';
import { readLabel, rewardOf } from './label.ts';
import { contentKeyOf, type RewardService, scoreRequest } from './reward-service.ts';
import { rowsOf } from './score.ts';

const requestSchema = z
  .object({
    prompt: z.unknown(),
    response: z.string(),
    label: z.unknown().meta({ description: 'The target as JSON: {"lat": .., "lon": ..}.' }),
  })
  .meta({ id: 'SlimeRequest' });
const responseSchema = z.number().meta({ id: 'SlimeResponse' });

/** The route. */
export function slimePart(service: RewardService): AppPart {
  const routes = new Hono();
  routes.post('/remote_rm', async (context) => {
    const { value, text } = await readJson(context, requestSchema);
    const sample = { id: 0, completion: value.response, ...readLabel(value.label) };
    const request = { v: 1, run: 'slime', samples: [sample] } as const;
    const scored = await scoreRequest(
      service,
      { ...request, samples: [sample] },
      contentKeyOf(text),
    );
    return context.json(rewardOf(rowsOf(scored)[0]!));
  });
  return {
    routes,
    paths: {
      '/remote_rm': {
        post: jsonOperation({
          id: 'slimeReward',
          summary: "One reward in slime's shape; the label holds the target as JSON",
          request: 'SlimeRequest',
          response: 'SlimeResponse',
          problems: [400, 413, 415, 422, 503, 504],
        }),
      },
    },
    schemas: schemasOf([requestSchema, responseSchema]),
  };
}
