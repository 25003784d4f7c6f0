import { describe, expect, it } from 'vitest';
import { markupFault } from '../markup-check.test-support.ts';
import { type AblationReport, renderAblation } from './ablation-report.ts';
import { fullAblation } from './full-ablation.test-support.ts';

const HOSTILE = `"><img src=x onerror=alert(1)><script>alert('1')</script>&\u0007`;

const nothing: AblationReport = {
  ...{ title: 'x', trained: 'x', restsOn: 'x', rule: 'x', columns: 'x' },
  ...{ claims: [], tables: [], limits: ['x'] },
};

describe('the page of an ablation', () => {
  it('is well-formed with everything and with nothing', () => {
    for (const report of [fullAblation('plain'), fullAblation(HOSTILE), nothing]) {
      const page = renderAblation(report);
      expect(markupFault(page)).toBeUndefined();
      expect(page).not.toMatch(/NaN|Infinity|undefined|\[object/);
    }
  });

  it('lets no text become markup', () => {
    const page = renderAblation(fullAblation(HOSTILE));
    expect(page).not.toMatch(/<script|<img/);
    expect(page).not.toContain('\u0007');
  });

  it('fetches nothing', () => {
    const page = renderAblation(fullAblation('plain'));
    const addresses = [...page.matchAll(/https?:[^"'\s)]+/g)].map(([address]) => address);
    expect(new Set(addresses)).toEqual(new Set(['http://www.w3.org/2000/svg']));
  });

  it('says verdicts in words, and draws the claims of each measure', () => {
    const page = renderAblation(fullAblation('plain'));
    for (const words of ['▲ seen here', '▼ not seen', '≈ undecided']) expect(page).toContain(words);
    expect(page).toContain('plain +0.2<small>[+0.1, +0.3]</small><small>seeds +0.1 +0.2 +0.3');
    expect(page.match(/<svg/g)).toHaveLength(2);
    expect(page.match(/<tr class="context">/g)).toHaveLength(1);
    expect(page).not.toContain('without rows');
  });
});
