import { describe, expect, it } from 'vitest';
import { wilsonShare } from '../../evaluate/index.ts';
import { markupFault } from '../markup-check.test-support.ts';
import { worldAtlas } from '../world-atlas.ts';
import { accuracyCurve, breakdownCharts, evaluationCharts } from './charts.ts';
import { cutText, shortName } from './cut-text.ts';
import { bareEvaluation, fullEvaluation } from './full-evaluation.test-support.ts';
import { renderEvaluation } from './render.ts';

const HOSTILE = `"><img src=x onerror=alert(1)><script>alert('1')</script>&\u0007`;

describe('the page of an evaluation', () => {
  it('is well-formed with everything and with next to nothing', () => {
    for (const report of [fullEvaluation('plain'), fullEvaluation(HOSTILE), bareEvaluation(3)]) {
      const page = renderEvaluation(report);
      expect(markupFault(page)).toBeUndefined();
      expect(page).not.toMatch(/NaN|Infinity|undefined|\[object/);
    }
  });

  it('lets no text become markup, on the page or in a chart', () => {
    const report = fullEvaluation(HOSTILE);
    const drawings = evaluationCharts(report, worldAtlas());
    expect(drawings).toHaveLength(7);
    for (const markup of [renderEvaluation(report), ...drawings.map(({ svg }) => svg)]) {
      expect(markup).not.toMatch(/<script|<img/);
      expect(markup).not.toContain('\u0007');
    }
    for (const { name, svg } of drawings) {
      expect(markupFault(svg)).toBeUndefined();
      expect(name).toMatch(/^[\p{L}\p{N}-]+$/u);
    }
  });

  it('fetches nothing', () => {
    const page = renderEvaluation(fullEvaluation('plain'));
    const addresses = [...page.matchAll(/https?:[^"'\s)]+/g)].map(([address]) => address);
    expect(new Set(addresses)).toEqual(new Set(['http://www.w3.org/2000/svg']));
    const links = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, link]) => link);
    expect(links).toEqual(['#results']);
    expect(page).not.toMatch(/@import|url\(/);
    expect(page).toContain(`content="default-src &#39;none&#39;;`);
  });

  it('leaves out what there is nothing of', () => {
    const ids = (page: string) => [...page.matchAll(/<section id="(\w+)"/g)].map(([, id]) => id);
    expect(ids(renderEvaluation(bareEvaluation(3)))).toEqual(['results', 'errors', 'readings']);
    expect(ids(renderEvaluation(fullEvaluation('plain')))).toEqual([
      ...['results', 'against', 'published', 'errors', 'groups'],
      ...['confidence', 'readings', 'answers', 'record'],
    ]);
  });

  it('says what the figures are', () => {
    const page = renderEvaluation(fullEvaluation('plain'));
    // 18 of 24 answer, each 1 degree of latitude off: 111 km, beyond 25 km and within 200 km.
    expect(page).toContain('the 6 without a readable answer count as wrong');
    expect(page).toContain('75.00\u202f%<small>18 of 24</small>');
    expect(page).toContain('0.00\u202f%<small>0 of 24</small>');
    expect(page).toContain('by scene class');
    expect(page).not.toContain('S3_Label');
    // The other run is 3 degrees off, outside 200 km: 75 points, and nobody but the first is right.
    expect(page).toContain('only the first 18, only the second 0');
    expect(page).toContain('+75.0 points');
    expect(page).toContain('<th scope="row">no answer</th><td>6</td><td>25.0\u202f%</td>');
    expect(page).toContain('<p class="quiet">no readable place in it: plain</p>');
  });

  it('marks a published figure by what ours is against it, and counts the doubtful ones', () => {
    const page = renderEvaluation(fullEvaluation('why'));
    expect(page).toContain(
      '1.00<sup>1</sup><span class="verdict bad" aria-hidden="true">▼</span><span class="unseen">, ours worse</span>',
    );
    expect(page).toContain('<li>why, 25\u202fkm: why</li>');
  });

  it('cuts what a model wrote without end', () => {
    const [first] = fullEvaluation('plain').worst;
    const text = 'x'.repeat(10_000_000);
    const page = renderEvaluation({ ...bareEvaluation(1), worst: [{ ...first!, id: text, text }] });
    expect(page.length).toBeLessThan(40_000);
    expect(page).toContain('… (9999920 more characters)');
    expect(page).toContain('… (9996000 more characters)');
  });
});

describe('the charts of an evaluation', () => {
  it('draw the accuracy of every row with the interval of as many rows', () => {
    // 30,000 answers: a third at 10 km, a third at 1000 km, a third absent.
    const n = 30_000;
    const distancesKm = Float64Array.from({ length: n }, (_, i) => [10, 1000, Infinity][i % 3]!);
    const { svg } = accuracyCurve({ ...bareEvaluation(1), distancesKm });
    const paths = [...svg.matchAll(/ d="([^"]*)"/g)].map(([, d]) => d!);
    // Plot from y 396 to 26 for 0 to 100 %; the band ends at the right with two thirds.
    const y = (percent: number) => String(Math.round((396 - 3.7 * percent) * 100) / 100);
    const { ciLow, ciHigh } = wilsonShare((2 * n) / 3, n);
    expect(ciHigh - ciLow).toBeCloseTo((200 * 1.96 * Math.sqrt(2 / 9)) / Math.sqrt(n), 2);
    expect(paths[0]).toContain(`L992,${y(ciHigh)}L992,${y(ciLow)}L`);
    expect(paths[1]).toMatch(new RegExp(`V${y(100 / 3)}H[\\d.]+V${y(200 / 3)}H992$`));
  });

  it('share one axis among the columns, name them and count their groups', () => {
    const report = fullEvaluation('plain');
    const all = breakdownCharts(report);
    expect(all.map(({ name }) => name)).toEqual(['by-continent', 'by-scene-class', 'by-plain']);
    expect(all[1]?.title).toBe('Within 25\u202fkm, by scene class');
    expect(all[1]?.svg).toContain('>indoor (8)</text>');
    const ticks = all.map(({ svg }) => [...svg.matchAll(/>(\d+)<\/text>/g)].map(([, of]) => of));
    expect(ticks[0]!.length).toBeGreaterThan(1);
    expect(ticks[1]).toEqual(ticks[0]);
  });

  it('write a file per column, also where names differ in signs or case alone', () => {
    const report = fullEvaluation('plain');
    const [one] = report.evaluation.breakdowns!;
    const named = (...columns: string[]) => {
      const breakdowns = columns.map((by) => ({ ...one!, by }));
      const evaluation = { ...report.evaluation, breakdowns };
      return breakdownCharts({ ...report, evaluation }).map(({ name }) => name);
    };
    expect(named('a b', 'a/b', 'A.B', 'a-b-2')).toEqual([
      ...['by-a-b', 'by-a-b-2', 'by-a-b-3', 'by-a-b-2-2'],
    ]);
    expect(named('../../x', '国', 'y'.repeat(500))).toEqual([
      ...['by--x', 'by-国', `by-${'y'.repeat(60)}`],
    ]);
  });

  it('draw the first groups of many, none of them tiny, and say how many are left', () => {
    const report = fullEvaluation('plain');
    const [one] = report.evaluation.breakdowns!;
    const groups = Array.from({ length: 20 }, (_, i) => ({
      ...one!.groups[0]!,
      n: i === 2 ? 9 : 10,
      group: `${'g'.repeat(30)}${i}`,
    }));
    const evaluation = { ...report.evaluation, breakdowns: [{ by: 'many', groups }] };
    const page = renderEvaluation({ ...report, evaluation });
    expect(page.match(new RegExp(`>${'g'.repeat(19)}… \\(10\\)</text>`, 'g'))).toHaveLength(14);
    expect(page).toContain('Groups that are in the table alone: 6.');
    expect(page).toContain(`${'g'.repeat(30)}19</th>`);
    expect(page).not.toContain('(9)</text>');
  });
});

describe('texts at length', () => {
  it('keep whole characters', () => {
    expect(cutText('abc', 3)).toBe('abc');
    expect(cutText('ab😀d', 3)).toBe('ab … (3 more characters)');
    expect(shortName('😀😀😀', 3)).toBe('😀😀😀');
    expect(shortName('😀😀😀😀', 3)).toBe('😀😀…');
  });
});
