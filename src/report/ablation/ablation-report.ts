/**
 * The page of an ablation: a verdict for each claim, its interval as a picture, and the tables with
 * what papers print below each row.
 * @module
 */
import { type Content, html, table, trusted } from '../markup.ts';
import { renderPage } from '../page/frame.ts';
import { pageHeader } from '../page/header.ts';
import { record } from '../page/record.ts';
import type { RecordGroup } from '../report-input.ts';
import { formatNumber } from '../svg/format.ts';
import { intervalChart } from '../svg/interval-chart.ts';

/** What was found of a claim. */
export type ReportedVerdict = 'seen here' | 'not seen' | 'undecided';

/** A claim: a difference that is above 0 where it holds. */
export interface ReportedClaim {
  readonly text: string;
  readonly source: string;
  readonly verdict: ReportedVerdict;
  readonly caveat?: string;
  /** What is set against what, short. */
  readonly contrast: string;
  /** The difference with its interval, in words. */
  readonly difference: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** What the difference is of; claims of one measure share a chart. */
  readonly measure: string;
  readonly decimals: number;
}

/** A table of the papers in miniature. */
export interface ReportedTable {
  readonly title: string;
  readonly source: string;
  readonly head: readonly string[];
  readonly rows: readonly { readonly isHere: boolean; readonly cells: readonly string[] }[];
}

/** A whole page. */
export interface AblationReport {
  readonly title: string;
  /** What was trained, in a sentence. */
  readonly trained: string;
  /** What the figures rest on. */
  readonly restsOn: string;
  readonly rule: string;
  readonly columns: string;
  readonly claims: readonly ReportedClaim[];
  readonly tables: readonly ReportedTable[];
  /** What the miniature cannot say. */
  readonly limits: readonly string[];
  readonly record?: readonly RecordGroup[];
  /** ISO 8601. */
  readonly madeAt?: string;
}

const VERDICTS = {
  'seen here': { kind: 'good', mark: '▲' },
  'not seen': { kind: 'bad', mark: '▼' },
  undecided: { kind: 'quiet', mark: '≈' },
} as const;

/** Renders the page; a whole HTML document. */
export function renderAblation(report: AblationReport): string {
  const { title, trained, restsOn, claims, tables, limits, madeAt } = report;
  const count = (wanted: ReportedVerdict): string =>
    formatNumber(claims.filter(({ verdict }) => verdict === wanted).length, 0);
  return renderPage({
    title,
    madeAt,
    sections: [
      pageHeader({
        overline: 'Ablation',
        title,
        lede: trained,
        measured: limits[0],
        facts: (Object.keys(VERDICTS) as ReportedVerdict[]).map((verdict) => ({
          name: `Claims ${verdict}`,
          value: count(verdict),
          notes: verdict === 'seen here' ? [restsOn] : [],
        })),
      }),
      claimSection(report),
      html`<section id="tables"><h2>The tables</h2>
<p class="quiet">${report.columns}. Rows in grey are what papers print.</p>
${tables.map(tableOf)}</section>`,
      html`<section id="limits"><h2>What this cannot say</h2><ul>${limits.map((limit) => html`<li>${limit}</li>`)}</ul></section>`,
      record({ stages: [], ...(report.record && { record: report.record }) }),
    ],
  });
}

function claimSection({ claims, rule }: AblationReport): Content {
  if (claims.length === 0)
    return html`<section id="results"><h2>Claims</h2><p class="quiet">No claim has all of its arms yet.</p></section>`;
  const measures = [...new Set(claims.map(({ measure }) => measure))];
  return html`<section id="results"><h2>Claims</h2>
<p class="quiet">${rule}.</p>
${table({
  caption: 'Claims and what was found',
  isTitled: true,
  head: ['Claim', 'Difference', 'Verdict'],
  rows: claims.map((claim) => {
    const { kind, mark } = VERDICTS[claim.verdict];
    return {
      cells: [
        html`${claim.text}<small>${claim.contrast} · ${claim.source}</small>`,
        claimDifference(claim),
        html`<span class="${kind}">${mark} ${claim.verdict}</span>${claim.caveat !== undefined && html`<small>${claim.caveat}</small>`}`,
      ],
    };
  }),
})}
${measures.map((measure) => claimChart(claims, measure))}</section>`;
}

/** The number large, what it rests on small. */
function claimDifference({ difference }: ReportedClaim): Content {
  const [first = '', seeds] = difference.split('; ');
  const at = first.indexOf(' [');
  return at < 0
    ? difference
    : html`${first.slice(0, at)}<small>${first.slice(at + 1)}</small>${seeds !== undefined && html`<small>${seeds}</small>`}`;
}

function claimChart(claims: readonly ReportedClaim[], measure: string): Content {
  const own = claims.filter((claim) => claim.measure === measure);
  const chart = intervalChart({
    title: `Differences: ${measure}`,
    rows: own.map(({ contrast, value, low, high, verdict }) => ({
      ...{ name: contrast, value, low, high },
      emphasis: verdict === 'undecided' ? ('context' as const) : undefined,
    })),
    ...{ reference: 0, width: 980, xLabel: `${measure}, difference`, decimals: own[0]!.decimals },
  });
  return html`<figure class="wide"><div class="scroll" role="region" aria-label="Differences: ${measure}" tabindex="0">${trusted(chart)}</div>
<figcaption>${measure}: mean difference and 95 % interval; grey where it does not exclude 0.</figcaption></figure>`;
}

const tableOf = ({ title, source, head, rows }: ReportedTable): Content =>
  rows.length > 0 &&
  html`<div class="wide"><h3>${title}</h3><p class="quiet">${source}</p>
${table({
  caption: title,
  isTitled: true,
  head,
  rows: rows.map(({ isHere, cells }) => ({ kind: isHere ? 'main' : 'context', cells })),
})}</div>`;
