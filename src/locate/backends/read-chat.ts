/**
 * Reads an answer of a chat server: whole, or piece by piece where it streams.
 * @module
 */
import { eventData, jsonBody, type ReadBody } from '../../core/index.ts';
import { chatAnswerSchema, chatPieceSchema, choicesOf, type RawChoice } from './chat-answer.ts';

/** Reads one JSON document. */
export const readWhole: ReadBody<RawChoice[]> = async (response, context) => {
  const outcome = await jsonBody(chatAnswerSchema)(response, context);
  return outcome.failure === undefined ? { value: choicesOf(outcome.value) } : outcome;
};

/**
 * Reads a stream of events; a server that answers whole all the same is read whole.
 *
 * @param onText - told of a choice whenever it has grown
 */
export function readStream(
  onText: (choice: number, textSoFar: string) => void,
): ReadBody<RawChoice[]> {
  return async (response, context) => {
    const isStream = response.headers.get('content-type')?.includes('text/event-stream');
    if (!isStream || !response.body) {
      const whole = await readWhole(response, context);
      for (const [i, { content }] of (whole.value ?? []).entries()) onText(i, content);
      return whole;
    }
    const choices: RawChoice[] = [];
    for await (const data of eventData(response.body)) {
      if (data.trim() === '[DONE]') break;
      const piece = pieceOf(data);
      if (piece === undefined) {
        const said = context.hidden(data).slice(0, 160);
        return { failure: `${context.base} streamed something else: ${said}`, fault: 'unreadable' };
      }
      for (const { index, delta, finish_reason, logprobs } of piece.choices) {
        if (!Number.isInteger(index) || index < 0 || index > choices.length + 64) continue;
        choices[index] ??= { content: '', reasoning: '', finish: 'unknown', logProbabilities: [] };
        const choice = choices[index];
        const grown = delta.content ?? delta.refusal ?? '';
        choice.content += grown;
        choice.reasoning += delta.reasoning ?? delta.reasoning_content ?? '';
        choice.finish = finish_reason ?? choice.finish;
        choice.logProbabilities.push(...(logprobs?.content ?? []).map(({ logprob }) => logprob));
        if (grown !== '') onText(index, choice.content);
      }
    }
    const whole = choices.filter((choice) => choice !== undefined);
    if (whole.length > 0) return { value: whole };
    return { failure: `${context.base} streamed no answer`, fault: 'unreadable' };
  };
}

function pieceOf(data: string) {
  try {
    return chatPieceSchema.safeParse(JSON.parse(data)).data;
  } catch {
    return undefined;
  }
}
