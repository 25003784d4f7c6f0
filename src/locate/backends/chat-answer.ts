/**
 * What OpenAI-compatible servers answer, whole or in pieces.
 *
 * Source: OpenAI's chat completions; `reasoning` and `reasoning_content` are what vLLM, SGLang and
 * llama-server add for models that think in tags.
 * @module
 */
import { z } from 'zod';
import type { AnswerContract } from '../../chain/index.ts';
import type { Completion } from '../backend.ts';

const logprobs = z
  .object({ content: z.array(z.object({ logprob: z.number() })).nullish() })
  .nullish();

/** What a model says, whole or a piece of it. */
const said = z.object({
  content: z.string().nullish(),
  reasoning: z.string().nullish(),
  reasoning_content: z.string().nullish(),
  refusal: z.string().nullish(),
});

/** A whole answer. */
export const chatAnswerSchema = z.object({
  choices: z
    .array(
      z.object({
        index: z.number().optional(),
        message: said,
        finish_reason: z.string().nullish(),
        logprobs,
      }),
    )
    .min(1),
  usage: z.object({ completion_tokens: z.number() }).nullish(),
});

/** A piece of a streamed answer. */
export const chatPieceSchema = z.object({
  choices: z.array(
    z.object({
      index: z.number().default(0),
      delta: said,
      finish_reason: z.string().nullish(),
      logprobs,
    }),
  ),
});

/** The models of a server. */
export const modelsSchema = z.object({
  data: z.array(z.object({ id: z.string(), owned_by: z.string().nullish() })),
});

/** One answer as it comes in. */
export interface RawChoice {
  content: string;
  reasoning: string;
  finish: string;
  /** Of each token; empty where the server gives none. */
  logProbabilities: number[];
}

/** The answers of a whole response, in the order of their indices. */
export function choicesOf({ choices }: z.infer<typeof chatAnswerSchema>): RawChoice[] {
  return choices
    .toSorted((a, b) => (a.index ?? 0) - (b.index ?? 0))
    .map(({ message, finish_reason, logprobs: given }) => ({
      content: message.content ?? message.refusal ?? '',
      reasoning: message.reasoning ?? message.reasoning_content ?? '',
      finish: finish_reason ?? 'unknown',
      logProbabilities: (given?.content ?? []).map(({ logprob }) => logprob),
    }));
}

/**
 * An answer as the contracts know it. Servers that take the thinking out of an answer put it aside;
 * contracts whose answers have it between tags get it back.
 */
export function completionOf(
  { content, reasoning, finish, logProbabilities }: RawChoice,
  contract: AnswerContract,
): Completion {
  const wantsThinking = contract === 'globe' || contract === 'geoagent';
  const isThinkingGone = reasoning !== '' && !content.includes('<think>');
  return {
    text: wantsThinking && isThinkingGone ? `<think>${reasoning}</think>${content}` : content,
    finish,
    ...(logProbabilities.length > 0 && {
      tokens: logProbabilities.length,
      logProbability: logProbabilities.reduce((sum, value) => sum + value, 0),
    }),
  };
}
