/**
 * Ours among published rows, and against another run.
 * @module
 */
import type { ComparedRow, PublishedComparison } from '../../evaluate/index.ts';
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
  return html` <span class="${kind}" aria-hidden="true">${mark}</span><span class="unseen">, ours ${verdict}</span>`;
};

/** The published rows with ours among them; doubtful figures lead to a note. */
export function publishedTable({ title, n, rows }: PublishedComparison): Content {
  const notes: string[] = [];
  const cell = (row: ComparedRow, km: number): Content => {
    const own = row.cells.find(({ thresholdKm }) => thresholdKm === km);
    if (!own) return NO_NUMBER;
    const { percent, ciLow, ciHigh, verdict, doubtful } = own;
    if (doubtful !== undefined) notes.push(`${row.method}, ${formatKm(km)}: ${doubtful}`);
    return html`${formatNumber(percent, 2)}${doubtful !== undefined && html`<sup>${notes.length}</sup>`}${verdict && verdictMark(verdict)}${row.isOurs && html`<small>${interval(ciLow, ciHigh, 1)}</small>`}`;
  };
  const body = rows.map((row) => ({
    kind: row.isOurs ? 'main' : 'row',
    cells: [
      html`${row.method}<small>${[row.year, row.retrieval ? 'retrieval' : undefined, ...row.sources].filter(Boolean).join(' · ') || 'measured here'}</small>`,
      ...PUBLISHED_THRESHOLDS_KM.map((km) => cell(row, km)),
    ],
  }));
  return html`<section id="published"><h2>Among published results</h2>
<p class="quiet">${title}, percent within a distance. Published figures have no intervals: ▲ ours is better and ▼ worse only where our own interval (n = ${formatNumber(n, 0)}) excludes the figure; ≈ no difference shown.</p>
${table({ caption: 'This run among published figures', head: ['System', ...PUBLISHED_THRESHOLDS_KM.map((km) => formatKm(km))], rows: body })}
${notes.length > 0 && html`<ol class="quiet">${notes.map((note) => html`<li>${note}</li>`)}</ol>`}</section>`;
}

/** Paired differences to another run. */
export function againstTable({ comparison, first, second }: ComparedRun): Content {
  const verdict = (word: keyof typeof verdicts): Content =>
    html`<span class="${verdicts[word].kind}">${verdicts[word].mark} ${word}</span>`;
  const rows = [
    ...comparison.accuracy.map((at) => ({
      cells: [
        html`Within ${formatKm(at.thresholdKm)}<small>only the first ${formatNumber(at.onlyFirst, 0)}, only the second ${formatNumber(at.onlySecond, 0)}</small>`,
        `${formatSigned(at.difference, 1)} points`,
        interval(at.ciLow, at.ciHigh, 1),
        verdict(at.verdict),
      ],
    })),
    {
      cells: [
        'Median error',
        `${formatSigned(comparison.medianKm.difference, 1)} km`,
        interval(comparison.medianKm.ciLow, comparison.medianKm.ciHigh, 1),
        verdict(comparison.medianKm.verdict),
      ],
    },
    ...comparison.geoScore.map((score) => ({
      cells: [
        html`GeoScore<small>scale ${score.scaleKm} km</small>`,
        formatSigned(score.difference, 1),
        interval(score.ciLow, score.ciHigh, 1),
        verdict(score.verdict),
      ],
    })),
  ];
  return table({
    caption: `${first} minus ${second}, the same ${formatNumber(comparison.n, 0)} pictures`,
    head: ['', 'Difference', '95 % interval', 'The first is'],
    rows,
  });
}
