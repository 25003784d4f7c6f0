/**
 * The report pages under axe-core, in Chromium, light and dark.
 *
 * The pages forbid scripts, so a copy without its policy runs axe and writes what it finds into the
 * document, which the browser prints. Of text inside drawings axe does not tell the contrast; the
 * colours themselves are tested beside the theme.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { fullAblation } from '../../src/report/ablation/full-ablation.test-support.ts';
import { fullEvaluation } from '../../src/report/evaluation/full-evaluation.test-support.ts';
import { fullInput } from '../../src/report/full-input.test-support.ts';
import { renderAblation, renderEvaluation, renderReport } from '../../src/report/index.ts';
import { chromium, NO_CHROMIUM } from '../support/chromium.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Opens what is folded, so that it is looked at too, then runs every rule. */
const CHECK = `
for (const folded of document.querySelectorAll('details')) folded.open = true;
axe.run(document, { resultTypes: ['violations'] }).then(
  ({ violations, passes }) => {
    const paper = getComputedStyle(document.body).backgroundColor;
    const short = ({ id, nodes }) => id + ': ' + nodes.map(({ target }) => target).join(' | ');
    return { violations: violations.map(short), passed: passes.map(({ id }) => id), paper };
  },
  (error) => ({ error: String(error) }),
).then((found) => {
  document.documentElement.textContent = 'found<' + JSON.stringify(found) + '>found';
});`;

interface Found {
  readonly violations: readonly string[];
  readonly paper: string;
  readonly passed: readonly string[];
}

async function check(page: string, isDark: boolean): Promise<Found> {
  const folder = mkdtempSync(join(tmpdir(), 'geor-axe-'));
  try {
    const copy = page
      .replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '')
      .replace('</body>', () => `<script>${axe}</script><script>${CHECK}</script></body>`);
    const file = join(folder, 'page.html');
    writeFileSync(file, copy);
    const { stdout } = await promisify(execFile)(
      chromium!,
      [
        ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
        `--user-data-dir=${join(folder, 'profile')}`,
        `--blink-settings=preferredColorScheme=${isDark ? 0 : 1}`,
        ...['--window-size=1200,900', '--virtual-time-budget=60000'],
        ...['--dump-dom', `file://${file}`],
      ],
      { maxBuffer: 64 * 1024 * 1024, timeout: 100_000 },
    );
    const [, found = ''] = /found&lt;(.*)&gt;found/s.exec(stdout) ?? [];
    const text = found.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
    return JSON.parse(text);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

describe.skipIf(!chromium)(`under axe-core${NO_CHROMIUM}`, () => {
  const pages = {
    ablation: renderAblation(fullAblation('Santiago de Compostela')),
    evaluation: renderEvaluation(fullEvaluation('Santiago de Compostela')),
    training: renderReport(fullInput('Santiago de Compostela')),
  };

  it.each([
    ['ablation', 'light'],
    ['ablation', 'dark'],
    ['evaluation', 'light'],
    ['evaluation', 'dark'],
    ['training', 'light'],
    ['training', 'dark'],
  ] as const)('the report of %s has no violation, %s', async (name, theme) => {
    const { violations, passed, paper } = await check(pages[name], theme === 'dark');
    expect(violations).toEqual([]);
    expect(paper).toBe(theme === 'dark' ? 'rgb(18, 23, 27)' : 'rgb(253, 253, 251)');
    expect(passed).toEqual(expect.arrayContaining(['color-contrast', 'heading-order', 'list']));
  });

  it('finds what is wrong', async () => {
    const faulty = pages.evaluation
      .replace('<html lang="en">', '<html>')
      .replace('<main>', '<main><p style="color:#aaa;background:#fff">faint</p>');
    const { violations } = await check(faulty, false);
    expect(violations.map((text) => text.split(':')[0])).toEqual([
      ...['color-contrast', 'html-has-lang'],
    ]);
  });
});
