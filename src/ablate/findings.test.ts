import { describe, expect, it } from 'vitest';
import { random } from '../core/index.ts';
import { PUBLISHED_ROWS } from '../evaluate/index.ts';
import { ARM_NAMES, type ArmName } from './arms.ts';
import { CLAIMS } from './claims.ts';
import { findingsOf } from './findings.ts';
import type { JudgedRow } from './measures.ts';
import type { SeedAnswers } from './run.ts';
import { armsOf, modelsOf, TABLE_NAMES, TABLES } from './tables.ts';
import { formatFindings, markdownFindings } from './text.ts';

const TILES = 60;

/** Answers of a seed: an arm in `good` is nearer by some. */
function answersOf(seed: number, good: readonly ArmName[], arms = ARM_NAMES): SeedAnswers {
  const rows = (arm: ArmName): JudgedRow[] =>
    Array.from({ length: TILES }, (_, i) => {
      const source = random('made up', seed, arm, i);
      const distanceKm = (good.includes(arm) ? 150 : 400) + 300 * source.uniform();
      return {
        ...{ id: `${seed} ${i}`, completion: '', distanceKm, namedKm: distanceKm },
        reward: 1 - distanceKm / 1000,
        countryRight: i % 2 === 0,
        chainAgrees: i % 4 === 0,
      };
    });
  return { seed, answers: new Map(arms.map((arm) => [arm, rows(arm)])) };
}

const seeds = [1, 2, 3];
const verdicts = (runs: readonly SeedAnswers[]): Record<string, string> =>
  Object.fromEntries(
    findingsOf(runs, TABLE_NAMES).claims.map(({ name, verdict }) => [name, verdict]),
  );

describe('the tables', () => {
  it('have the arms of their claims, and every arm stands in one', () => {
    for (const { table, plus, minus } of CLAIMS)
      for (const arm of [...plus, ...minus]) expect(armsOf([table]), table).toContain(arm);
    expect([...armsOf(TABLE_NAMES)].sort()).toEqual([...ARM_NAMES].sort());
    expect(new Set(CLAIMS.map(({ name }) => name)).size).toBe(CLAIMS.length);
  });

  it('train the supervised model first that others start from', () => {
    for (const name of TABLE_NAMES) {
      const models = modelsOf([name]);
      if (name === 'rl' || name === 'rewards' || name === 'selection')
        expect(models[0]).toBe('sft-cor');
    }
    expect(modelsOf(['selection'])).toEqual(['sft-cor', 'sft-cor-quarter', 'sft-cor-quarter-hard']);
  });

  it('stand beside the rows of the papers', () => {
    const [direct, cot, cor] = TABLES.prompt.rows.map(({ published }) => published[0]?.percent);
    expect(direct).toEqual([3.4, 15.9, 33.4, 48.4, 61.4]);
    expect(cot?.[0]).toBe(3.7);
    expect(cor).toEqual([4.5, 24.1, 44.8, 56.7, 69.6]);
    expect(TABLES.rl.rows[2].published[0]?.percent).toEqual([8.6, 28.7, 45.7, 69.0, 85.4]);
    for (const name of TABLE_NAMES)
      for (const { published } of TABLES[name].rows)
        for (const row of published) expect(PUBLISHED_ROWS).toContain(row);
  });
});

describe('findingsOf', () => {
  it('sees what is so in every seed, and the contrary as not seen', () => {
    const runs = seeds.map((seed) => answersOf(seed, ['cor', 'rl-geo-r-hard', 'direct-half']));
    expect(verdicts(runs)).toMatchObject({
      'cor-over-direct': 'seen here',
      'samples-help': 'seen here',
      'cor-over-direct-half': 'not seen',
      'hard-over-random': 'seen here',
      'rl-over-sft': 'not seen',
      'globe-over-sft': 'not seen',
      'cor-helps-few': 'not seen',
    });
  });

  it('leaves undecided what seeds disagree about, and what two seeds say', () => {
    const runs = [answersOf(1, ['cor']), answersOf(2, ['direct']), answersOf(3, [])];
    expect(verdicts(runs)['cor-over-direct']).toBe('undecided');
    const two = verdicts([1, 2].map((seed) => answersOf(seed, ['cor'])));
    expect(two['cor-over-direct']).toBe('undecided');
  });

  it('counts answers without a place as wrong, and has no names where none were asked for', () => {
    const run = answersOf(1, []);
    const lost: JudgedRow[] = run.answers
      .get('direct')!
      .map((row) => ({ ...row, distanceKm: null, namedKm: null, reward: 0 }));
    const answers = new Map([...run.answers, ['direct', lost] as const]);
    const { tables } = findingsOf([{ seed: 1, answers }], ['prompt']);
    const [direct, , cor] = tables[0]!.rows;
    expect(direct).toMatchObject({
      medianKm: null,
      measures: { within2500: 0, reward: 0, country: null, chain: null, named200: null },
    });
    expect(cor).toMatchObject({ measures: { within750: 100, country: 50, chain: 25 } });
  });

  it('takes for a claim the seeds that have all of its arms', () => {
    const runs = [answersOf(1, []), answersOf(2, [], ['cor'])];
    const { claims, tables } = findingsOf(runs, ['prompt']);
    expect(claims.map((claim) => claim.seeds)).toEqual([[1], [1]]);
    expect(tables[0]!.rows.map((row) => row.seeds)).toEqual([[1], [1], [1, 2]]);
    expect(findingsOf([answersOf(2, [], ['cor'])], ['prompt']).claims).toEqual([]);
  });

  it('refuses arms that answered different tiles', () => {
    const run = answersOf(1, []);
    const rows = run.answers.get('cor')!.toReversed();
    const answers = new Map([...run.answers, ['cor', rows] as const]);
    expect(() => findingsOf([{ seed: 1, answers }], TABLE_NAMES)).toThrow('different tiles');
  });
});

describe('the findings in print', () => {
  const findings = findingsOf(
    seeds.map((seed) => answersOf(seed, ['cor'])),
    TABLE_NAMES,
  );

  it('fit 80 columns and hold rows, papers, verdicts and limits', () => {
    const text = formatFindings(findings);
    for (const line of text.split('\n')) expect([...line].length, line).toBeLessThanOrEqual(80);
    expect(text).toMatch(
      /^CoR +0\.0 +0\.0 +\d+\.\d +100\.0 100\.0 +\d+ km +0\.\d{3} +50\.0 +25\.0$/m,
    );
    expect(text).toMatch(/^ {2}Geo-R, 3B +4\.5 +24\.1 +44\.8 +56\.7 +69\.6$/m);
    expect(text).toMatch(/^seen here {2}A Chain of Region places better than coordinates alone/m);
    expect(text).toMatch(/Geo-R reward \+0\.\d{4} \[\+0\.\d{4}, \+0\.\d{4}\]; seeds \+/);
    expect(text).toContain('47.5?');
    expect(text).toContain('not photographs');
  });

  it('are tables in Markdown', () => {
    const text = markdownFindings(findings);
    expect(text).toMatch(/^\| CoR \| 0\.0 \|/m);
    expect(text).toMatch(/^\| – Geo-R, 3B \| 4\.5 \| 24\.1 \| 44\.8 \| 56\.7 \| 69\.6 \| +\|/m);
    expect(text.match(/\| (seen here|not seen|undecided)/g)).toHaveLength(CLAIMS.length);
  });
});
