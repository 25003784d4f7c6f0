import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  contractOf,
  readRecipeFile,
  rewardConfigOf,
  settingNames,
  stepsOf,
  trainingRecipe,
} from './recipe.ts';

const recipes = fileURLToPath(new URL('../../../recipes', import.meta.url));
const shipped = ['earth', 'geo-r', 'globe', 'geoagent'].flatMap((folder) =>
  readdirSync(join(recipes, folder)).map((file) => join(folder, file)),
);
const stageOf = (file: string): 'sft' | 'grpo' => (file.endsWith('sft.yaml') ? 'sft' : 'grpo');
const read = (file: string, overrides = {}, options = {}) =>
  trainingRecipe(stageOf(file), readRecipeFile(join(recipes, file)), overrides, options);

const sft = { stage: 'sft', condition: 'cor', batchSize: 8, learningRate: 1e-3 } as const;
const grpo = {
  ...{ stage: 'grpo', condition: 'cor', promptsPerStep: 4, groupSize: 4 },
  ...{ learningRate: 1e-5, maxCompletionLength: 32 },
} as const;

describe('a recipe', () => {
  it('is every shipped file, those for large engines too', () => {
    expect(shipped.length).toBeGreaterThanOrEqual(8);
    for (const file of shipped)
      for (const adaptation of ['full', 'lora'])
        for (const released of [false, true]) {
          const overrides = { adaptation, ...(adaptation === 'full' && { freezeVision: false }) };
          expect(read(file, overrides, { released }).stage, file).toBe(stageOf(file));
        }
  });

  it.each(['sft', 'grpo'] as const)('of %s has every setting in docs/training.md', (stage) => {
    const page = readFileSync(join(recipes, '..', 'docs', 'training.md'), 'utf8');
    const [, settings = ''] = page.split('## Settings');
    const names = settingNames(stage).filter((name) => name !== 'stage');
    expect(names.length).toBeGreaterThan(25);
    for (const name of names) expect(settings, name).toMatch(new RegExp(`\`${name}[.\`]`));
  });

  it('has the numbers of its adaptation and variant, and flags over them', () => {
    expect(read('geo-r/grpo.yaml')).toMatchObject({ groupSize: 4, promptsPerStep: 128 });
    const lora = { adaptation: 'lora' };
    expect(read('geo-r/grpo.yaml', lora)).toMatchObject({ groupSize: 8, learningRate: 1e-5 });
    expect(read('geo-r/grpo.yaml', lora, { released: true })).toMatchObject({ promptsPerStep: 8 });
    expect(read('geo-r/grpo.yaml', { ...lora, groupSize: 3, lora: { rank: 2 } })).toMatchObject({
      groupSize: 3,
      lora: { rank: 2, alpha: 128 },
    });
  });

  it('is refused with the name of what is wrong', () => {
    const refused = (fields: object, stage: 'sft' | 'grpo' = 'grpo'): (() => unknown) => {
      return () => trainingRecipe(stage, { ...fields }, {}, { name: 'mine.yaml' });
    };
    expect(refused({ ...grpo, groupsize: 8 })).toThrow(/mine\.yaml.*"groupsize"/s);
    expect(refused({ ...grpo, groupSize: 1 })).toThrow(/groupSize/);
    expect(refused({ ...grpo, topP: 0.9 })).toThrow(/topP is 1/);
    expect(refused({ ...grpo, freezeVision: true })).toThrow(/freezeVision goes with/);
    expect(refused({ ...grpo, reward: { variant: 'other' } })).toThrow(/reward: .*variant/s);
    expect(refused(sft)).toThrow('is for stage sft, not for grpo');
    expect(refused({ ...sft, beta: 0.1 }, 'sft')).toThrow(/"beta"/);
  });

  it('keeps the defaults beside a single setting of a block', () => {
    const changes = { tile: { spanDegrees: 20 }, lora: { rank: 4 } };
    expect(trainingRecipe('sft', sft, changes)).toMatchObject({
      tile: { spanDegrees: 20, sizePx: 56 },
      lora: { rank: 4, alpha: 32, targetModules: 'all-linear' },
    });
  });

  it('says the contract, the reward and the steps', () => {
    const one = trainingRecipe('grpo', { ...grpo, recipe: 'globe' }, {});
    expect(contractOf(one)).toBe('globe');
    expect(contractOf(trainingRecipe('sft', { ...sft, contract: 'json' }, {}))).toBe('json');
    if (one.stage !== 'grpo') throw new Error('it is one of GRPO');
    expect(rewardConfigOf(one)).toEqual({ recipe: 'globe', variant: 'paper' });
    const reward = { recipe: 'geo-r', variant: 'released' };
    expect(rewardConfigOf({ ...one, reward })).toEqual(reward);
    expect(stepsOf(one, 10)).toBe(3); // 10 rows by 4
    expect(stepsOf({ ...one, epochs: 2 }, 10)).toBe(5);
    expect(stepsOf({ ...one, steps: 7 }, 10)).toBe(7);
  });
});
