/** Prints what geor writes for verl, for every preset: [{ name, stage, words }]. */
import {
  engineWriter,
  MODEL_PRESETS,
  RECIPES,
  recipeNumbers,
} from '../../dist/engines/index.js';

const presets = Object.keys(MODEL_PRESETS);
const stages = ['sft', 'grpo'];
const plans = [
  ...presets.flatMap((preset) =>
    stages.flatMap((stage) =>
      ['lora', 'full'].flatMap((adaptation) =>
        [1, 4].map((nodes) => ({ preset, recipe: 'geo-r', stage, adaptation, nodes })),
      ),
    ),
  ),
  ...RECIPES.filter((recipe) => recipe !== 'geo-r').flatMap((recipe) =>
    stages.map((stage) => ({ preset: presets[1], recipe, stage, adaptation: 'lora', nodes: 1 })),
  ),
];

const written = plans.map(({ preset, recipe, stage, adaptation, nodes }) => {
  const overrides = stage === 'grpo' ? { promptsPerStep: 128 } : {};
  const { launch } = engineWriter('verl').write({
    ...{ run: 'a-run', engine: 'verl', engineVersion: '0.9.0', recipe, variant: 'paper' },
    numbers: recipeNumbers(recipe, { stage, variant: 'paper', adaptation, overrides }),
    model: { path: MODEL_PRESETS[preset].hubId, preset },
    cluster: { nodes, gpusPerNode: 8, processesPerNode: 8, root: '/shared/my run (1)' },
    ...{ seed: 1, saveSteps: 50, rows: { train: 10_000, validation: 100 } },
    engineSettings: {},
  });
  const words = launch.command.slice(launch.command.findIndex((word) => /^verl\./.test(word)) + 1);
  return { name: `${preset} ${recipe} ${stage} ${adaptation} ${nodes}`, stage, words };
});
process.stdout.write(JSON.stringify(written));
