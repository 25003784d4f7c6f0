/**
 * The question and answer that a row of text already has, as `geor synthesize` writes them.
 *
 * `messages` (ms-swift, LLaMA-Factory; verl's SFT) or `prompt` with `completion` (TRL; verl's GRPO).
 * @module
 */
import { z } from 'zod';
import type { GivenTurn } from './training-row.ts';

const message = z.looseObject({ role: z.string(), content: z.string() });
const said = z.union([z.string(), z.array(message)]);
const conversation = z.looseObject({
  messages: z.array(message).min(1).optional(),
  prompt: said.optional(),
  completion: said.optional(),
  solution: z.string().optional(),
});
const truth = z.looseObject({ entities: z.array(z.string()).optional() });

/** A text without the mark that shows where the picture stands; it stands first. */
const bare = (text: string): string => text.replace('<image>', '').trim();

const lastOf = (messages: readonly z.infer<typeof message>[], role: string): string | undefined =>
  messages.findLast((one) => one.role === role)?.content;

/**
 * Reads what a record asks and answers.
 *
 * @param raw - the record as it stood in its input
 * @returns undefined when it is no conversation
 */
export function givenTurn(raw: string): GivenTurn | undefined {
  const found = recordOf(raw);
  if (!found) return undefined;
  const { messages, prompt, completion } = found;
  if (messages) return turnOf(lastOf(messages, 'user'), lastOf(messages, 'assistant'));
  if (prompt === undefined) return undefined;
  return turnOf(
    typeof prompt === 'string' ? prompt : lastOf(prompt, 'user'),
    typeof completion === 'string' || completion === undefined
      ? completion
      : lastOf(completion, 'assistant'),
  );
}

/** What is to be seen in the picture, where the truth for a reward says so. */
export function givenEntities(raw: string): readonly string[] | undefined {
  const solution = recordOf(raw)?.solution;
  if (solution === undefined) return undefined;
  return truth.safeParse(jsonOf(solution)).data?.entities;
}

function turnOf(question: string | undefined, answer: string | undefined): GivenTurn | undefined {
  if (question === undefined) return undefined;
  return { question: bare(question), ...(answer !== undefined && { answer }) };
}

function recordOf(raw: string): z.infer<typeof conversation> | undefined {
  return raw.startsWith('{') ? conversation.safeParse(jsonOf(raw)).data : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
