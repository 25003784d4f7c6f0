/**
 * A judge behind `POST /chat/completions`, greedy (temperature 0).
 * @module
 */

import { z } from 'zod';
import type { Outcome } from '../../core/index.ts';
import { type EndpointOptions, openEndpoint } from '../../core/index.ts';
import type { Judge, Question, Reply } from './model.ts';

const tokenLogprob = z.object({ token: z.string(), logprob: z.number() });
const schema = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({ content: z.string().nullish() }),
        logprobs: z
          .object({
            content: z.array(z.object({ top_logprobs: z.array(tokenLogprob) })).nullish(),
          })
          .nullish(),
      }),
    )
    .min(1),
});

/**
 * Makes the judge.
 *
 * @throws GeorError `usage` for an address that cannot be one.
 */
export function endpointJudge(options: EndpointOptions): Judge {
  const endpoint = openEndpoint(options);
  return {
    name: endpoint.name,
    async ask(question) {
      const { value, failure } = await endpoint.post(
        'chat/completions',
        requestOf(endpoint.model, question),
        schema,
      );
      return failure === undefined ? replyOf(value, question) : { failure };
    },
  };
}

const requestOf = (model: string, { prompt, image, maxTokens, topLogprobs }: Question) => ({
  model,
  messages: [
    {
      role: 'user',
      content:
        image === undefined
          ? prompt
          : [
              { type: 'image_url', image_url: { url: image } },
              { type: 'text', text: prompt },
            ],
    },
  ],
  temperature: 0,
  max_tokens: maxTokens,
  ...(topLogprobs > 0 && { logprobs: true, top_logprobs: topLogprobs }),
});

function replyOf({ choices }: z.infer<typeof schema>, { topLogprobs }: Question): Outcome<Reply> {
  const [choice] = choices;
  const text = choice?.message.content;
  if (typeof text !== 'string') return { failure: 'the judge replied without text' };
  if (topLogprobs === 0) return { value: { text, firstToken: [] } };
  const firstToken = choice?.logprobs?.content?.[0]?.top_logprobs;
  if (!firstToken?.length)
    return {
      failure: 'the judge replied without log-probabilities, which its server must support',
    };
  return { value: { text, firstToken } };
}
