import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  ablateRecipeForMinutes,
  ablateRecipePath,
  RECIPE_MINUTES,
  readAblateRecipe,
  sftTiles,
} from './recipe.ts';

const folder = mkdtempSync(join(tmpdir(), 'geor-ablate-recipe-'));
afterAll(() => rmSync(folder, { recursive: true }));

const changed = (from: RegExp, to: string): string => {
  const path = join(folder, 'changed.yaml');
  writeFileSync(path, readFileSync(ablateRecipePath, 'utf8').replace(from, to));
  return path;
};

describe('the recipe of an ablation', () => {
  const recipe = readAblateRecipe();

  it('is what it says for its own minutes', () => {
    expect(ablateRecipeForMinutes(recipe, RECIPE_MINUTES)).toEqual(recipe);
  });

  it('keeps the tiles for reinforcement when steps are fewer or more', () => {
    const left = recipe.data.trainCount - sftTiles(recipe);
    for (const minutes of [0.1, 6, 40]) {
      const scaled = ablateRecipeForMinutes(recipe, minutes);
      expect(scaled.data.trainCount - sftTiles(scaled)).toBe(left);
      expect(scaled.sft.warmupSteps).toBeLessThan(scaled.sft.steps);
    }
    const half = ablateRecipeForMinutes(recipe, RECIPE_MINUTES / 2);
    expect(half.sft.steps).toBe(recipe.sft.steps / 2);
  });

  it('names what is wrong', () => {
    expect(() => readAblateRecipe(join(folder, 'absent.yaml'))).toThrow('cannot read the recipe');
    expect(() => readAblateRecipe(changed(/radiusKm/, 'radius'))).toThrow('radiusKm');
    expect(() => readAblateRecipe(changed(/trainCount: \d+/, 'trainCount: 100'))).toThrow(
      'are left for reinforcement',
    );
  });
});
