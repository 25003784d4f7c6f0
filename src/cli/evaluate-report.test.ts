import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { command as evaluate } from './evaluate.ts';

const folder = mkdtempSync(join(tmpdir(), 'geor-report-'));
const path = (name: string): string => join(folder, name);
const before = process.exitCode;
beforeEach(() => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = before;
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Answers on the equator, so many degrees east of a truth at longitude 0. */
async function report(degrees: readonly (number | string | null)[], ...flags: string[]) {
  const ids = degrees.map((_, i) => `p${String(i).padStart(2, '0')}`);
  const row = (id: string, i: number) => `${id},0,0,class ${i % 2},class ${i % 3}`;
  writeFileSync(path('t.csv'), ['id,lat,lon,my label,my/label', ...ids.map(row)].join('\n'));
  const lines = degrees.flatMap((east, i) => {
    if (east === null) return [];
    const completion = typeof east === 'string' ? east : `lat: 0.0, lon: ${east}.0`;
    return [JSON.stringify({ id: ids[i], completion })];
  });
  writeFileSync(path('p.jsonl'), lines.join('\n'));
  const files = ['--truth', path('t.csv'), '--predictions', path('p.jsonl')];
  const output = ['--report', path('out'), '--resamples', '100', '-o', path('text')];
  await evaluate()
    .exitOverride()
    .parseAsync([...files, ...output, ...flags], { from: 'user' });
  return readFileSync(path('out/report.html'), 'utf8');
}

/** The ids under a heading of the single answers. */
const idsUnder = (page: string, heading: string): (string | undefined)[] => {
  const [, after = ''] = page.split(`<h3>${heading}</h3>`);
  const [list = ''] = after.split('</ul>');
  return [...list.matchAll(/<h4><bdi>([^<]*)/g)].map(([, id]) => id);
};

describe('geor evaluate --report', () => {
  it('writes the page, Markdown and every chart, and prints as without it', async () => {
    const page = await report([0, 1, 2], '--by', 'my label,my/label');
    expect(page).toContain('<h1>p.jsonl</h1>');
    expect(page).toContain('3 answers to 3 pictures of t.csv.');
    expect(readdirSync(path('out')).sort()).toEqual(['charts', 'report.html', 'report.md']);
    expect(readdirSync(path('out/charts')).sort()).toEqual([
      ...['accuracy-curve.svg', 'by-continent.svg', 'by-my-label-2.svg', 'by-my-label.svg'],
      'map.svg',
    ]);
    for (const file of readdirSync(path('out/charts')))
      expect(readFileSync(path(`out/charts/${file}`), 'utf8')).toMatch(/^<svg .*<\/svg>\n$/s);
    expect(readFileSync(path('out/report.md'), 'utf8')).toContain('| 1 / 3 |');
    expect(readFileSync(path('text'), 'utf8')).toContain('1 / 3');
    expect(existsSync(path('out/text'))).toBe(false);
  });

  it('shows the nearest, the farthest without them, and what was not read', async () => {
    // Two ties: the earlier row comes first among the nearest, the later one among the farthest.
    const degrees = [9, 1, 1, 3, 4, 5, 6, 7, 8, 9, 2, 10, 11, 'nowhere', null, 'no idea'];
    const page = await report(degrees, '--no-levels');
    const [nearest, farthest] = ['Nearest to the truth', 'Farthest from the truth'];
    expect(idsUnder(page, nearest)).toEqual(['p01', 'p02', 'p10', 'p03', 'p04', 'p05']);
    expect(idsUnder(page, farthest)).toEqual(['p12', 'p11', 'p09', 'p00', 'p08', 'p07']);
    expect(idsUnder(page, 'Not read')).toEqual(['p13', 'p15']);
    expect(page).toContain('<pre>nowhere</pre>');
    expect(page).toContain('1\u202f223\u202fkm off');
  });

  it('shows no answer twice where there are few', async () => {
    const page = await report([5, 4, 3, 2, 1, 0, 6, 7], '--no-levels');
    expect(idsUnder(page, 'Nearest to the truth')).toEqual(
      ['p05', 'p04', 'p03', 'p02', 'p01', 'p00'], // six
    );
    expect(idsUnder(page, 'Farthest from the truth')).toEqual(['p07', 'p06']);
    const one = await report([3], '--no-levels');
    expect(idsUnder(one, 'Nearest to the truth')).toEqual(['p00']);
    expect(one).not.toContain('Farthest from the truth');
    const none = await report([null, 'nowhere'], '--no-levels');
    expect(none).not.toContain('Nearest to the truth');
    expect(idsUnder(none, 'Not read')).toEqual(['p01']);
  });

  it('does not read repaired answers when reading to the letter', async () => {
    const page = await report([0, 1], '--no-levels', '--reading', 'strict');
    expect(idsUnder(page, 'Not read')).toEqual(['p00', 'p01']);
    expect(page).toContain('no place could be read to the letter');
  });
});
