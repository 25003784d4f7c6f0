/**
 * The top of the report: what was trained, how long it took, what came out, what that means.
 * @module
 */
import { accuracyAt, comparisonText, headlineSystems, sampleSize, verdictOf } from '../facts.ts';
import { html, type Markup } from '../markup.ts';
import type { ReportInput } from '../report-input.ts';
import { formatDuration, formatInterval, formatKm, formatPercent } from '../svg/format.ts';
import { type Fact, pageHeader } from './header.ts';

// The threshold of the field's "country" level: fine enough to be hard, coarse enough not to be 0.
const FOCUS_KM = 750;

const facts = (input: ReportInput): Fact[] => {
  const { before, after } = headlineSystems(input);
  const out: Fact[] = [];
  if (after) {
    const hasBefore = before !== undefined && before !== after;
    const value = formatKm(after.evaluation.medianKm);
    out.push({
      name: 'Median error',
      value,
      notes: [after.name, hasBefore && `${before.name}: ${formatKm(before.evaluation.medianKm)}`],
    });
    const near = accuracyAt(after, FOCUS_KM);
    const nearBefore = hasBefore ? accuracyAt(before, FOCUS_KM) : undefined;
    if (near) {
      out.push({
        name: `Within ${formatKm(FOCUS_KM)}`,
        value: formatPercent(near.percent),
        notes: [
          after.name,
          `95 % interval ${formatInterval(near.ciLow, near.ciHigh, 1)}`,
          nearBefore && `${before?.name}: ${formatPercent(nearBefore.percent)}`,
        ],
      });
    }
  }
  const comparison = input.comparisons?.find(({ unit }) => unit === 'reward');
  if (comparison) {
    const { difference, interval } = comparisonText(comparison);
    const verdict = verdictOf(comparison);
    out.push({
      name: `${comparison.metric}, change`,
      value: difference,
      notes: [
        `${comparison.to} against ${comparison.from}`,
        `95 % interval ${interval}: ${verdict}`,
      ],
    });
  }
  if (input.stages.length > 0) {
    out.push({
      name: 'Time',
      value: formatDuration(input.stages.reduce((sum, { seconds }) => sum + seconds, 0)),
      notes: input.stages.map(({ name, seconds }) => `${name} ${formatDuration(seconds)}`),
    });
  }
  return out;
};

/** The header of the page. */
export function headline(input: ReportInput): Markup {
  return pageHeader({
    overline: html`geor report${input.systems.length > 0 && html` · ${sampleSize(input)} held-out tiles`}`,
    title: input.title,
    lede: input.trained,
    measured: input.measured,
    facts: facts(input),
  });
}
