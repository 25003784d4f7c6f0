/**
 * An ablation with every part, its texts chosen by the test.
 * @module
 */
import type { AblationReport } from './ablation-report.ts';

/** Two measures, all verdicts, both kinds of rows. */
export function fullAblation(text: string): AblationReport {
  const claim = { text, source: text, contrast: text, measure: `${text} reward`, decimals: 3 };
  return {
    ...{ title: text, trained: text, restsOn: text, rule: text, columns: text },
    claims: [
      {
        ...{ ...claim, verdict: 'seen here', caveat: text, value: 0.2, low: 0.1, high: 0.3 },
        difference: `${text} +0.2 [+0.1, +0.3]; seeds +0.1 +0.2 +0.3`,
      },
      {
        ...{ ...claim, verdict: 'not seen', value: -0.2, low: -0.3, high: -0.1 },
        difference: text,
      },
      {
        ...{ ...claim, verdict: 'undecided', value: 0, low: -0.1, high: 0.1 },
        ...{ measure: 'other', difference: 'other 0.0 [-0.1, +0.1]' },
      },
    ],
    tables: [
      {
        ...{ title: text, source: text, head: ['% within km', '1', '25'] },
        rows: [
          { isHere: true, cells: [text, '1.0', '2.0'] },
          { isHere: false, cells: [text, '3.4', '15.9'] },
        ],
      },
      { title: 'without rows', source: text, head: ['% within km', '1'], rows: [] },
    ],
    limits: [text, text],
    record: [{ title: text, entries: { [text]: text, seeds: 3 } }],
    madeAt: '2026-11-25T12:00:00.000Z',
  };
}
