/**
 * Ours among published rows, and against another run.
 * @module
 */
import type { ComparedRow, PairedFigure, PublishedComparison } from '../../evaluate/index.ts';
import { PUBLISHED_THRESHOLDS_KM } from '../../evaluate/index.ts';
import { type Content, html, table } from '../markup.ts';
import { formatKm, formatNumber, formatSigned, NO_NUMBER } from '../svg/format.ts';
import { interval } from './figures-table.ts';
import type { ComparedRun } from './report.ts';

const verdicts = {
  better: { kind: 'good', mark: '▲' },
  worse: { kind: 'bad', mark: '▼' },
  'no difference shown': { kind: 'quiet', mark: '≈' },
} as const;

/** What ours is against a published figure, as a mark that is also read aloud. */
const verdictMark = (verdict: keyof typeof verdicts): Content => {
  const { kind, mark } = verdicts[verdict];
  return html`<span class="verdict ${kind}" aria-hidden="true">${mark}</span><span class="unseen">, ours ${verdict}</span>`;
};

/** The published rows with ours among them; doubtful figures lead to a note. */
export function publishedTable({ title, n, rows }: PublishedComparison): Content {
  const notes: string[] = [];
  const cell = (row: ComparedRow, km: number): Content => {
    const own = row.cells.find(({ thresholdKm }) => thresholdKm === km);
    if (!own) return html`${NO_NUMBER}<span class="verdict"></span>`;
    const { percent, ciLow, ciHigh, verdict, doubtful } = own;
    if (doubtful !== undefined) notes.push(`${row.method}, ${formatKm(km)}: ${doubtful}`);
    return html`${formatNumber(percent, 2)}${doubtful !== undefined && html`<sup>${notes.length}</sup>`}${verdict ? verdictMark(verdict) : html`<span class="verdict"></span>`}${row.isOurs && html`<small>${interval(ciLow, ciHigh, 1)}</small>`}`;
  };
  const body = rows.map((row) => ({
    kind: row.isOurs ? 'main' : 'row',
    cells: [
      html`${row.method}<small>${[row.year, row.retrieval && 'retrieval', ...row.sources].filter(Boolean).join(' · ') || 'measured here'}</small>`,
      ...PUBLISHED_THRESHOLDS_KM.map((km) => cell(row, km)),
    ],
  }));
  return html`<section id="published" class="published"><h2>Among published results</h2>
<p class="quiet">${title}, percent within a distance. Published figures have no intervals: ▲ ours is better and ▼ worse only where our own interval (n = ${formatNumber(n, 0)}) excludes the figure; ≈ no difference shown.</p>
${table({ caption: 'This run among published figures', isTitled: true, head: ['System', ...PUBLISHED_THRESHOLDS_KM.map((km) => html`${formatKm(km)}<span class="verdict"></span>`)], rows: body })}
${notes.length > 0 && html`<ol class="quiet">${notes.map((note) => html`<li>${note}</li>`)}</ol>`}</section>`;
}

/** Paired differences to another run. */
export function againstTable({ comparison }: ComparedRun): Content {
  const row = (name: Content, unit: string, figure: PairedFigure) => {
    const { kind, mark } = verdicts[figure.verdict];
    return {
      cells: [
        name,
        html`${formatSigned(figure.difference, 1)}${unit}<small>${interval(figure.ciLow, figure.ciHigh, 1)}</small>`,
        html`<span class="${kind}">${mark} ${figure.verdict}</span>`,
      ],
    };
  };
  return table({
    caption: 'Paired differences',
    isTitled: true,
    head: ['First minus second', html`Difference<small>95 % interval</small>`, 'The first is'],
    rows: [
      ...comparison.accuracy.map((at) =>
        row(
          html`Within ${formatKm(at.thresholdKm)}<small>only the first ${formatNumber(at.onlyFirst, 0)}, only the second ${formatNumber(at.onlySecond, 0)}</small>`,
          ' points',
          at,
        ),
      ),
      row('Median error', ' km', comparison.medianKm),
      ...comparison.geoScore.map((score) =>
        row(html`GeoScore<small>scale ${score.scaleKm} km</small>`, '', score),
      ),
    ],
  });
}
