/**
 * The question put to a model, per prompt condition.
 *
 * Source: Geo-R compares three conditions (Tables 2, 3 and 5): coordinates only, chain of thought,
 * Chain of Region. The wording is ours; only the answer contract is the paper's (section 3.1).
 * @module
 */
import type { AnswerContract, PromptCondition } from './answer.ts';

/** `full` instructs a general vision-language model, `short` only tells a trained one which answer. */
export type PromptStyle = 'full' | 'short';

const closing =
  'Write the coordinates in decimal degrees, latitude first, once, in parentheses: (lat, lon). ' +
  'Commit to one place even if you are unsure.';

const prompts: Readonly<Record<PromptStyle, Readonly<Record<PromptCondition, string>>>> = {
  full: {
    direct: `Where on Earth was this picture taken? Answer with the coordinates and nothing else. ${closing}`,
    cot:
      'Where on Earth was this picture taken? First weigh what the picture shows, such as landform, ' +
      'vegetation, climate, buildings, signs and traffic, and say what it points to. ' +
      `Then end with the coordinates. ${closing}`,
    cor:
      'Where on Earth was this picture taken? Narrow it down from the country to the region to the ' +
      'city or place, and conclude with the coordinates. Answer in these lines, leaving out a line ' +
      'that does not apply:\nCountry: <name>\nState: <state or administrative region>\n' +
      `City: <city or place>\nCoordinates: (<lat>, <lon>)\n${closing}`,
  },
  short: { direct: 'Coordinates?', cot: 'Clues?', cor: 'Region chain?' },
};

/**
 * The text that goes with the picture.
 *
 * @param style - `full` (default) for instruction-tuned models; `short` for a model trained on these
 * very questions, where every prompt token costs time
 */
export function answerPrompt(
  _contract: AnswerContract,
  condition: PromptCondition,
  style: PromptStyle = 'full',
): string {
  return prompts[style][condition];
}
