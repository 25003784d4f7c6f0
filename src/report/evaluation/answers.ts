/**
 * Single answers: the worst, the best, and those that could not be read.
 * @module
 */
import { type Content, html } from '../markup.ts';
import { chainTable } from '../page/samples.ts';
import { cutText } from './cut-text.ts';
import { READING_WORDS } from './readings.ts';
import type { EvaluationReport, ShownAnswer } from './report.ts';

const LONGEST_ID = 80;
const LONGEST_TEXT = 4000;

const one = (shown: ShownAnswer): Content => {
  const { id, truth, answer, distanceKm, reading, repairs = [], text } = shown;
  const name = cutText(id, LONGEST_ID);
  const mended = repairs.length > 0 ? `: ${repairs.join(', ')}` : '';
  const chains = {
    truth,
    answers: [
      {
        system: 'Answer',
        chain: answer,
        distanceKm,
        ...(text !== undefined && { text: cutText(text, LONGEST_TEXT) }),
      },
    ],
  };
  return html`<li><h4><bdi>${name}</bdi></h4><p class="quiet">${READING_WORDS[reading]}${mended}</p>
${chainTable(name, chains)}</li>
`;
};

const list = (title: string, note: string, answers: readonly ShownAnswer[]): Content =>
  answers.length > 0 &&
  html`<h3>${title}</h3><p class="quiet">${note}</p><ul class="answers">${answers.map(one)}</ul>`;

/** The section of single answers; absent when there are none to show. */
export function answersSection({ worst, best, unread, evaluation }: EvaluationReport): Content {
  if (worst.length + best.length + unread.length === 0) return undefined;
  const why = evaluation.reading === 'strict' ? ' to the letter' : '';
  return html`<section id="answers"><h2>Single answers</h2>
${list('Farthest from the truth', 'The largest errors, the worst first.', worst)}
${list('Nearest to the truth', 'The smallest errors, the best first.', best)}
${list('Not read', `The first answers in which no place could be read${why}; they count as wrong.`, unread)}</section>`;
}
