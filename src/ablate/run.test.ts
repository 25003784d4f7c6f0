import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findingsOf } from './findings.ts';
import { hardIndices, range, subsetTask } from './pools.ts';
import { readAblateRecipe } from './recipe.ts';
import { runSeed, storedAnswers } from './run.ts';
import { modelsOf, type TableName } from './tables.ts';

const folder = mkdtempSync(join(tmpdir(), 'geor-ablate-'));
afterAll(() => rmSync(folder, { recursive: true }));

const recipe = readAblateRecipe('test/fixtures/ablate-tiny.yaml');
const tables: readonly TableName[] = ['rl'];

/** Runs a seed; `stopAt` interrupts after that many steps of all models. */
async function run(name: string, stopAt = Number.POSITIVE_INFINITY): Promise<boolean> {
  const stop = new AbortController();
  let steps = 0;
  return runSeed({
    ...{ folder: join(folder, name), seed: 4, recipe, tables, signal: stop.signal, threads: 1 },
    observer: {
      progress: () => {
        if (++steps >= stopAt) stop.abort();
      },
    },
  });
}

const content = (name: string): Record<string, string> =>
  Object.fromEntries(
    [
      ...['cor', 'rl-geo-r', 'rl-geo-r-hard'].map((arm) => `answers/${arm}.jsonl`),
      ...modelsOf(tables).map((model) => `metrics/${model}.jsonl`),
      ...modelsOf(tables).map((model) => `models/${model}/model.safetensors`),
      'popular.json',
    ].map((file) => [file, readFileSync(join(folder, name, 'seed-4', file), 'latin1')]),
  );

describe('a seed', () => {
  beforeAll(async () => {
    expect(await run('unbroken')).toBe(true);
  });

  it('leaves answers of every arm on the same tiles, and a table of them', () => {
    const stored = storedAnswers(join(folder, 'unbroken'), 4, tables);
    const ids = [...stored.answers.values()].map((rows) => rows.map(({ id }) => id).join());
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
    expect(stored.answers.get('cor')).toHaveLength(recipe.data.testCount);
    expect(findingsOf([stored], tables).tables[0]!.rows).toHaveLength(3);
  });

  it('does nothing again that is done', async () => {
    let worked = false;
    const done = await runSeed({
      ...{ folder: join(folder, 'unbroken'), seed: 4, recipe, tables },
      ...{ signal: new AbortController().signal, threads: 1 },
      observer: {
        progress: () => {
          worked = true;
        },
      },
    });
    expect([done, worked]).toEqual([true, false]);
  });

  it.each([3, 10, 13])('stopped at step %i and resumed equals an unbroken one', async (stopAt) => {
    const name = `stopped-${stopAt}`;
    expect(await run(name, stopAt)).toBe(false);
    expect(await run(name)).toBe(true);
    expect(content(name)).toEqual(content('unbroken'));
  });

  it('makes again only the arm whose answers are gone', async () => {
    cpSync(join(folder, 'unbroken'), join(folder, 'gone'), { recursive: true });
    rmSync(join(folder, 'gone/seed-4/answers/rl-geo-r.jsonl'));
    rmSync(join(folder, 'gone/seed-4/models/rl-geo-r'), { recursive: true });
    expect(await run('gone')).toBe(true);
    expect(content('gone')).toEqual(content('unbroken'));
    expect(existsSync(join(folder, 'gone/seed-4/checkpoints/rl-geo-r.safetensors'))).toBe(false);
  });
});

describe('pools', () => {
  const sample = (lat: number, lon: number) => ({
    ...{ id: `${lat} ${lon}`, lat, lon },
    place: { lat, lon, continent: '', country: 'X', countryCode: 'XX' },
  });

  it('call hard what is further than the radius from every right answer', () => {
    // a degree of longitude at the equator is 111.19 km
    const samples = [sample(0, 0), sample(0, 1.79), sample(0, 1.8), sample(0, 40), sample(0, -40)];
    const hard = { candidates: 1, rightKm: 25, radiusKm: 200 };
    const popular = [samples[0]!, sample(0, -41)];
    expect(hardIndices(samples, range(0, 5), popular, hard)).toEqual([2, 3]);
    expect(hardIndices(samples, [4, 3], [], hard)).toEqual([4, 3]);
  });

  it('are tasks of their own', () => {
    const written: number[] = [];
    const task = subsetTask(
      {
        ...{ size: 5, imageSize: 1 },
        writeImage: (index) => {
          written.push(index);
        },
        turns: (index) => [{ prompt: [index], answer: [] }],
        prompt: (index) => [index],
        target: (index) => ({ lat: index, lon: 0 }),
      },
      [3, 1],
    );
    task.writeImage(1, new Float32Array(1), 0);
    expect([task.size, written, task.turns(0)[0]!.prompt, task.prompt(1)]).toEqual([
      ...[2, [1], [3], [1]],
    ]);
    expect(task.target(0)).toEqual({ lat: 3, lon: 0 });
  });
});
