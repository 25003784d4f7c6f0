/**
 * Single tiles: the picture, the true chain beside what was answered, level by level.
 * @module
 */
import { type LevelMark, markLevel } from '../facts.ts';
import { type Content, html } from '../markup.ts';
import type { ReportInput, ReportSample, SampleAnswer } from '../report-input.ts';
import { formatCoordinate, formatKm, formatNumber, isNumber, NO_NUMBER } from '../svg/format.ts';

const LEVELS = ['country', 'region', 'city'] as const;

const MARKS: Readonly<Record<LevelMark, Content>> = {
  right: html`<span class="mark good">✓ right</span>`,
  wrong: html`<span class="mark bad">✗ wrong</span>`,
  'not named': html`<span class="mark quiet">not named</span>`,
  'no truth': undefined,
};

// Only pictures inside the file: a report must not fetch anything.
const isDataImage = (url: string): boolean =>
  /^data:image\/(png|jpeg|webp|gif|bmp);base64,[A-Za-z0-9+/=]+$/.test(url);

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A true chain and the answers to it. */
export type ComparedChains = Pick<ReportSample, 'truth' | 'answers'>;

const levelRow = (sample: ComparedChains, level: (typeof LEVELS)[number]): Content => {
  const { truth, answers } = sample;
  if (!truth[level] && answers.every(({ chain }) => !chain[level])) return undefined;
  return html`<tr><th scope="row">${capitalised(level)}</th><td><bdi>${truth[level] ?? NO_NUMBER}</bdi></td>${answers.map(
    ({ chain }) =>
      html`<td>${chain[level] && html`<bdi>${chain[level]}</bdi>`} ${MARKS[markLevel(truth, chain, level)]}</td>`,
  )}</tr>`;
};

const offText = ({ distanceKm }: SampleAnswer): string =>
  isNumber(distanceKm) ? `${formatKm(distanceKm)} off` : 'no answer';

/** The true chain beside the answers, level by level; what was written is folded below. */
export function chainTable(name: string, sample: Pick<ReportSample, 'truth' | 'answers'>): Content {
  const { truth, answers } = sample;
  const texts = answers.filter(({ text }) => text !== undefined && text !== '');
  return html`<div class="scroll" role="region" aria-label="${name}" tabindex="0"><table>
<thead><tr><th scope="col"><span class="unseen">Level</span></th><th scope="col">Truth</th>${answers.map(({ system }) => html`<th scope="col">${system}</th>`)}</tr></thead>
<tbody>${LEVELS.map((level) => levelRow(sample, level))}
<tr><th scope="row">Point</th><td>${formatCoordinate(truth.coordinate)}</td>${answers.map(({ chain }) => html`<td>${formatCoordinate(chain.coordinate)}</td>`)}</tr>
<tr><th scope="row">Error</th><td></td>${answers.map((answer) => html`<td><strong>${offText(answer)}</strong></td>`)}</tr>
${
  answers.some(({ reward }) => isNumber(reward)) &&
  html`<tr><th scope="row">Reward</th><td></td>${answers.map(({ reward }) => html`<td>${formatNumber(reward, 3)}</td>`)}</tr>`
}</tbody></table></div>
${
  texts.length > 0 &&
  html`<details><summary>As written by the model</summary>${texts.map(({ system, text }) => html`<p class="quiet">${system}</p><pre>${text}</pre>`)}</details>`
}`;
}

const tile = (sample: ReportSample, at: number): Content => {
  const { truth } = sample;
  const name = `Held-out tile ${at + 1}`;
  const place = [truth.city, truth.region, truth.country].filter(Boolean).join(', ');
  return html`<li class="tile">${
    isDataImage(sample.tile)
      ? html`<img src="${sample.tile}" alt="${name}: satellite picture of ${place || 'the place'}"/>`
      : html`<span class="quiet">no picture</span>`
  }<div>
${chainTable(name, sample)}</div></li>
`;
};

/** The section of sample tiles; absent without any. */
export function samples(input: ReportInput): Content {
  const all = input.samples ?? [];
  if (all.length === 0) return undefined;
  return html`<section id="samples"><h2>Sample tiles</h2>
<p class="quiet">Held-out tiles with their true Chain-of-Region and the answers. A level is right when it is named as the gazetteer names it.</p>
<ul class="tiles">${all.map(tile)}</ul></section>`;
}
