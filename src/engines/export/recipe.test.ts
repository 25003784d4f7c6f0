import { describe, expect, it } from 'vitest';
import { numberNames, RECIPES, recipeNumbers } from './recipe.ts';

const paper = { variant: 'paper' } as const;

describe('recipeNumbers', () => {
  it('are those that the papers print', () => {
    expect(recipeNumbers('geo-r', { stage: 'sft', ...paper })).toMatchObject({
      ...{ learningRate: 1e-5, batchSize: 64, epochs: 1, condition: 'cor' },
    });
    expect(recipeNumbers('globe', { stage: 'grpo', ...paper })).toMatchObject({
      ...{ learningRate: 1e-6, groupSize: 16, temperature: 1, beta: 0.001, epsilon: 0.2 },
      ...{ maxCompletionLength: 1024, adaptation: 'full', condition: 'cot' },
    });
    expect(recipeNumbers('geoagent', { stage: 'grpo', ...paper })).toMatchObject({
      ...{ learningRate: 1e-5, groupSize: 8, temperature: 0.7, beta: 0.001, epsilon: 0.2 },
      ...{ maxCompletionLength: 1024, maxPixels: 200_000, warmupRatio: 0.01, epochs: 1 },
      ...{ adaptation: 'lora', lora: { rank: 64, alpha: 128 }, freezeVision: true },
    });
  });

  it('follow the released LoRA script of Geo-R where adapters are trained', () => {
    expect(recipeNumbers('geo-r', { stage: 'grpo', ...paper, adaptation: 'lora' })).toMatchObject({
      ...{ learningRate: 1e-5, groupSize: 8, freezeVision: true, adaptation: 'lora' },
      lora: { rank: 64, alpha: 128, dropout: 0.05 },
    });
  });

  it('change with the variant', () => {
    const of = (variant: 'paper' | 'released') =>
      recipeNumbers('geoagent', { stage: 'sft', variant }).lora;
    expect([of('paper').rank, of('released').rank, of('released').alpha]).toEqual([64, 128, 256]);
    expect(of('released').dropout).toBe(0.05);
  });

  it('take overrides last, inside too, and refuse what does not fit', () => {
    const overrides = { groupSize: 16, 'lora.rank': 8 };
    const numbers = recipeNumbers('geo-r', { stage: 'grpo', variant: 'released', overrides });
    expect(numbers).toMatchObject({ groupSize: 16, lora: { rank: 8, alpha: 128 } });
    const bad = { stage: 'grpo', ...paper, overrides: { groupSize: 1 } } as const;
    expect(() => recipeNumbers('geo-r', bad)).toThrow(/groupSize/);
  });

  it('are there for every recipe, stage and variant, under the names that can be set', () => {
    for (const recipe of RECIPES)
      for (const stage of ['sft', 'grpo'] as const)
        for (const variant of ['paper', 'released'] as const) {
          const { stage: _, adaptation, lora, ...rest } = recipeNumbers(recipe, { stage, variant });
          const inner = Object.keys(lora).map((name) => `lora.${name}`);
          expect(numberNames(stage).sort()).toEqual([...Object.keys(rest), ...inner].sort());
          expect(['lora', 'full']).toContain(adaptation);
        }
  });
});
