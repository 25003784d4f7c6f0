/**
 * Makes the model that ships, from nothing to its files.
 *
 *     npm run make:earth-model            17 minutes on two quiet cores; Ctrl-C and again goes on
 *
 * A quick start by recipes/earth-model.yaml; of what it leaves in runs/earth-model, the supervised
 * model is rounded to float16 and written to assets/earth-model with the record of its run. Its
 * radii (calibration.json) belong to the weights and are removed: docs/model-card.md has the
 * commands that make them again.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadModel, saveModel } from '../dist/model/node/index.js';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const run = at('runs/earth-model');
const recordOf = () =>
  existsSync(`${run}/run.json`) ? JSON.parse(readFileSync(`${run}/run.json`, 'utf8')) : undefined;

if (recordOf()?.finished !== true) {
  const how = recordOf() ? ['--resume'] : ['--recipe', at('recipes/earth-model.yaml')];
  const command = [at('dist/cli/main.js'), 'quickstart', '-o', run, ...how];
  const { status } = spawnSync(process.execPath, command, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
const target = at('assets/earth-model');
saveModel(target, loadModel(`${run}/models/sft`), { dtype: 'F16' });
rmSync(`${target}/calibration.json`, { force: true });
const { recipe, minutes: _, finished: __, ...record } = recordOf();
const { data, model, sft } = recipe;
const shipped = {
  ...record,
  recipe: { data, model, sft },
  stage: 'sft',
  weights: 'float16, rounded from float32',
};
writeFileSync(`${target}/run.json`, `${JSON.stringify(shipped, null, 2)}\n`);
console.error(`${target}: written; calibrate it (docs/model-card.md)`);
