/**
 * The run record: everything needed to run it again.
 * @module
 */
import { type Content, html } from '../markup.ts';
import type { ReportInput } from '../report-input.ts';
import { formatDuration, NO_NUMBER } from '../svg/format.ts';

const valueText = (value: string | number | boolean | null): string => {
  if (value === null) return NO_NUMBER;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  // Settings are shown as they were given: rounding one would make the record wrong.
  return String(value);
};

/** The last section, folded; absent when there is nothing to record. */
export function record(input: Pick<ReportInput, 'record' | 'stages'>): Content {
  const groups = input.record ?? [];
  if (groups.length === 0 && input.stages.length === 0) return undefined;
  const stages = input.stages.length > 0 && {
    title: 'Time',
    entries: input.stages.map(({ name, seconds, note }): [string, string] => [
      name,
      `${formatDuration(seconds)}${note ? `, ${note}` : ''}`,
    ]),
  };
  const all = [
    ...(stages ? [stages] : []),
    ...groups.map(({ title, entries }) => ({
      title,
      entries: Object.entries(entries).map(([key, value]): [string, string] => [
        key,
        valueText(value),
      ]),
    })),
  ];
  return html`<section id="record"><h2>Run record</h2>
<details><summary>Settings, versions, seed and machine</summary>
<div class="record">${all.map(
    ({ title, entries }) =>
      html`<div><h3>${title}</h3><dl>${entries.map(([key, value]) => html`<dt>${key}</dt><dd>${value}</dd>`)}</dl></div>`,
  )}</div></details></section>`;
}
