/**
 * `POST /get_reward`: the bodies that OpenRLHF sends to a remote reward model
 * (`openrlhf/utils/agent.py`, version 0.11): the whole decoded text, the prompt, and the label of each
 * sample, mostly of one; with several servers it sends empty lists to some of them.
 * @module
 */
import { Hono } from 'hono';
import { z } from 'zod';
import { ApiError } from '../api-error.ts';
import type { AppPart } from '../app-part.ts';
import { jsonOperation, schemasOf } from '../openapi.ts';
import { readJson } from '../read-json.ts';
import { readLabel, rewardOf } from './label.ts';
import { SAMPLES_LIMIT } from './protocol.ts';
import { contentKeyOf, type RewardService, scoreRequest } from './reward-service.ts';
import { rowsOf } from './score.ts';

const texts = z.array(z.string()).max(SAMPLES_LIMIT);
const requestSchema = z
  .object({ query: texts, prompts: texts, labels: z.array(z.unknown()).max(SAMPLES_LIMIT) })
  .meta({ id: 'OpenRlhfRequest' });
const numbers = z.array(z.number());
const responseSchema = z
  .strictObject({
    rewards: numbers,
    scores: numbers,
    extra_logs: z.record(z.string(), numbers),
  })
  .meta({ id: 'OpenRlhfResponse' });

/** The route. */
export function openRlhfPart(service: RewardService): AppPart {
  const routes = new Hono();
  routes.post('/get_reward', async (context) => {
    const { value, text } = await readJson(context, requestSchema);
    const { query, prompts, labels } = value;
    if (prompts.length !== query.length || labels.length !== query.length)
      throw new ApiError(
        422,
        'uneven',
        `${query.length} queries have ${prompts.length} prompts and ${labels.length} labels`,
        'give one prompt and one label per query',
      );
    if (query.length === 0) return context.json({ rewards: [], scores: [], extra_logs: {} });
    const samples = query.map((whole, i) => ({
      id: i,
      completion: completionOf(whole, prompts[i]!),
      ...readLabel(labels[i]),
    }));
    const request = { v: 1, run: 'openrlhf', samples } as const;
    const rows = rowsOf(await scoreRequest(service, request, contentKeyOf(text)));
    const rewards = rows.map(rewardOf);
    const extra_logs: Record<string, number[]> = {};
    for (const part of Object.keys(rows[0]!.parts)) {
      const values = rows.flatMap(({ parts }) => parts[part] ?? []);
      if (values.length === rows.length) extra_logs[part] = values;
    }
    return context.json({ rewards, scores: rewards, extra_logs });
  });
  return {
    routes,
    paths: {
      '/get_reward': {
        post: jsonOperation({
          id: 'openRlhfReward',
          summary: "Rewards in OpenRLHF's shape; labels hold targets as JSON",
          request: 'OpenRlhfRequest',
          response: 'OpenRlhfResponse',
          problems: [400, 413, 415, 422, 503, 504],
        }),
      },
    },
    schemas: schemasOf([requestSchema, responseSchema]),
  };
}

/** Special tokens of chat templates that can stand behind an answer. */
const ENDINGS = /(?:<\|(?:im_end|endoftext|eot_id)\|>|<\/s>|\s)+$/;
/** Where an answer begins in a chat template, should the prompt not stand there to the letter. */
const ANSWER_STARTS =
  /^[\s\S]*(?:<\|im_start\|>assistant\n|<\|start_header_id\|>assistant<\|end_header_id\|>\n\n)/;

/** The answer alone: a prompt may show an example that must not be read as one. */
export function completionOf(query: string, prompt: string): string {
  const answer = query.startsWith(prompt)
    ? query.slice(prompt.length)
    : query.replace(ANSWER_STARTS, '');
  return answer.replace(ENDINGS, '');
}
