/**
 * The reasoning of a GeoAgent answer for a judge who must not see where it ends.
 *
 * Source: GeoAgent, consistency reward: an independent agent is given the reasoning process without
 * conclusions and has to derive them again.
 *
 * Reading that the paper leaves open: `Uncertainty` goes too, because it usually repeats the
 * conclusion it is about. A place that the reasoning itself names stays: naming it there is what the
 * reward is meant to teach.
 * @module
 */
import type { Answer, ReasoningStage } from '../answer.ts';

const titles = { country: 'Country', region: 'Region', place: 'Place' } as const;

function section({ level, clues, reasoning }: ReasoningStage): string {
  const lines: string[] = [titles[level]];
  if (clues.length > 0) lines.push(`Clues: ${clues.join('; ')}`);
  if (reasoning !== '') lines.push(`Reasoning: ${reasoning}`);
  return lines.join('\n');
}

/**
 * Clues and reasoning, stage by stage, without conclusions, uncertainties and the final answer.
 *
 * @returns `undefined` for an answer without stages
 */
export function withoutConclusions(answer: Answer): string | undefined {
  return answer.stages?.map(section).join('\n\n');
}
