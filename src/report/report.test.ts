import { describe, expect, it } from 'vitest';
import { fullInput, TILE } from './full-input.test-support.ts';
import { renderReport } from './html.ts';
import { escapeMarkdown, renderMarkdown } from './markdown.ts';
import { markupFault } from './markup-check.test-support.ts';
import type { ReportInput } from './report-input.ts';

const HOSTILE = `"><img src=x onerror=alert(1)><script>alert('1')</script>&\u0007`;
const bare: ReportInput = { title: 't', trained: '', measured: '', stages: [], systems: [] };

describe('renderReport', () => {
  it('is well-formed with everything and with nothing', () => {
    for (const input of [fullInput('plain'), fullInput(HOSTILE), bare]) {
      const page = renderReport(input);
      expect(markupFault(page)).toBeUndefined();
      expect(page).not.toMatch(/NaN|Infinity|undefined|\[object/);
    }
  });

  it('lets no text become markup', () => {
    const page = renderReport(fullInput(HOSTILE));
    expect(page).not.toContain('<script');
    expect(page.match(/<img/g)).toHaveLength(1);
    expect(page).not.toContain('\u0007');
  });

  it('fetches nothing: no address but those of namespaces, no script, a policy that forbids both', () => {
    const page = renderReport(fullInput('plain'));
    const addresses = [...page.matchAll(/https?:[^"'\s)]+/g)].map(([address]) => address);
    expect(new Set(addresses)).toEqual(new Set(['http://www.w3.org/2000/svg']));
    expect(page).not.toMatch(/@import|url\(/);
    expect(page).toContain(`content="default-src &#39;none&#39;; img-src data:;`);
  });

  it('shows only pictures that lie in the file', () => {
    const [sample] = fullInput('plain').samples ?? [];
    for (const tile of [
      'https://example.org/a.png',
      'data:text/html;base64,AAAA',
      'data:image/svg+xml;base64,AA==',
    ]) {
      const page = renderReport({ ...bare, samples: [{ ...sample!, tile }] });
      expect(page).not.toContain('<img');
      expect(page).toContain('no picture');
    }
    expect(renderReport({ ...bare, samples: [sample!] })).toContain(`src="${TILE}"`);
  });

  it('says right, wrong and silent with a word and a sign', () => {
    const page = renderReport(fullInput('Atacama'));
    expect(page).toContain('<bdi>Peru</bdi> <span class="mark bad">✗ wrong</span>');
    expect(page).toContain('<bdi>Atacama</bdi> <span class="mark good">✓ right</span>');
    expect(page).toContain('not named');
    expect(page).toContain('1\u202f235\u202fkm off');
    expect(page).toContain('no answer');
  });

  it('words comparisons by their interval and bolds only what leads', () => {
    const page = renderReport(fullInput('plain'));
    expect(page).toContain('▲ better');
    expect(page).toContain('≈ inside the noise');
    expect(page).toContain('<strong>44.4</strong>');
    expect(page).not.toContain('<strong>70.0</strong>');
  });

  it('leaves out of its rows who is compared where it is the same two throughout', () => {
    const input = fullInput('plain');
    const first = input.comparisons![0]!;
    const named = { ...first, metric: 'Another' };
    const page = (comparison: typeof first): string =>
      renderReport({ ...input, comparisons: [first, comparison] });
    expect(page(named)).toMatch(/<th[^>]*>Another<\/th>/);
    expect(page({ ...named, from: 'a third' })).toContain(`Another: ${first.to} against a third`);
  });

  it('keeps settings exact and rounds measurements', () => {
    const page = renderReport(fullInput('plain'));
    expect(page).toContain('<dt>rate</dt><dd>0.00031</dd>');
    expect(page).toContain('888\u202fkm');
    expect(page).not.toContain('888.1');
  });
});

describe('a second table', () => {
  it('stands below the first, with its own figures and what they measure', () => {
    const input = fullInput('plain');
    const measured = 'Other pictures.';
    const transfer = { ...input.transfer!, title: 'Elsewhere', measured };
    const page = renderReport({ ...input, transfer });
    expect(page.indexOf('Elsewhere')).toBeGreaterThan(page.indexOf('Accuracy by system'));
    expect(page).toContain(measured);
    expect(page).toMatch(/<td>12\.3<small>9\.3–15\.3<\/small>/);
    const { transfer: _, ...without } = { ...input, transfer };
    expect(renderReport(without).includes('Elsewhere')).toBe(false);
  });
});

describe('renderMarkdown', () => {
  it('prints the table with intervals, verdicts and time', () => {
    expect(
      renderMarkdown({ ...fullInput('plain'), systems: fullInput('plain').systems.slice(0, 2) }),
    ).toMatchInlineSnapshot(`
      "# plain

      plain

      - Median error, after: 888 km (before: 888 km)
      - plain, after against before: +0.029 (0.015–0.043), better
      - Country right, after against before: +1.0 points (−1.0 to 3.0), inside the noise
      - Time: 3 min 05 s (plain 3 min 05 s)

      | System | ≤ 750 km, % | ≤ 2 500 km, % | Median | Geo-R reward |
      | :-- | --: | --: | --: | --: |
      | after | **44.4** (41.4–47.4) | 70.0 (67.0–73.0) | 888 km | 0.431 (0.410–0.450) |
      | before | 30.0 (27.0–33.0) | 70.0 (67.0–73.0) | 888 km | 0.431 (0.410–0.450) |

      n = 1 024 held-out tiles; ranges are 95 % confidence intervals. Seed 17. An absent or unreadable answer counts as wrong. Bold marks a value whose interval lies wholly above those of all other rows; differences inside the noise are not called better.

      plain

      plain

      ## plain

      plain

      | System | ≤ 750 km, % | ≤ 2 500 km, % | Median | Geo-R reward |
      | :-- | --: | --: | --: | --: |
      | plain | 12.3 (9.3–15.3) | 70.0 (67.0–73.0) | 888 km | 0.431 (0.410–0.450) |
      "
    `);
  });

  it('keeps hostile text in its cell', () => {
    expect(escapeMarkdown('a|b\n# <b> *c* & `d`')).toBe(
      'a\\|b \\# &lt;b&gt; \\*c\\* &amp; \\`d\\`',
    );
    expect(renderMarkdown(fullInput(HOSTILE))).not.toContain('<img');
  });

  it('survives an empty input', () => {
    expect(renderMarkdown(bare)).toBe('# t\n');
  });
});
