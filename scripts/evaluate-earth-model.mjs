/**
 * What the shipped model is worth: held-out tiles, and the same places in another rendering of the
 * Earth, beside the baselines; the figures of docs/model-card.md.
 *
 *     npm run build && npm run fetch:earth-day
 *     node scripts/evaluate-earth-model.mjs [--model FOLDER] [--count 3000] [--seed 1]
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { defaultGazetteer, landPoints, loadEarth } from '../dist/data/index.js';
import { Generator, ImageProcessor } from '../dist/model/index.js';
import { loadModel } from '../dist/model/node/index.js';
import {
  answerTiles,
  baselineSystem,
  bestConstantGuess,
  earthTask,
  modelSystem,
  nearestTiles,
  otherEarthBytes,
  otherEarthFrom,
} from '../dist/quickstart/index.js';
import { geoRReward } from '../dist/rewards/index.js';

const { values } = parseArgs({
  options: {
    model: {
      type: 'string',
      default: fileURLToPath(new URL('../assets/earth-model', import.meta.url)),
    },
    count: { type: 'string', default: '3000' },
    seed: { type: 'string', default: '1' },
  },
});
const settings = { spanDegrees: 12, sizePx: 56, decimals: 1 };
const [count, seed] = [Number(values.count), Number(values.seed)];
const gazetteer = defaultGazetteer();
const earth = loadEarth();
const pointsOf = (split, number) => [
  ...landPoints({ seed, count: number, split }, gazetteer, earth),
];
const [train, test] = [pointsOf('train', 60_000), pointsOf('test', count)];
const { config, tokenizer, parameters } = loadModel(values.model);
const processor = new ImageProcessor(config.vision_config, {
  width: settings.sizePx,
  height: settings.sizePx,
});
const generator = await Generator.create(config, parameters, { frozen: true });

async function modelOn(picture, condition) {
  const parts = { earth: picture, tokenizer, config, processor };
  return await answerTiles(
    generator,
    {
      task: earthTask(test, [condition], settings, parts),
      grid: processor.grid,
      samples: test,
      tokenizer,
    },
    { reward: geoRReward({ variant: 'paper' }), gazetteer },
    { maxTokens: 48, temperature: 0, samples: 1, seed },
  );
}

function show({ name, evaluation }) {
  const interval = ({ ciLow, ciHigh }, digits) =>
    `[${ciLow?.toFixed(digits)}, ${ciHigh?.toFixed(digits)}]`;
  const measure = (value, digits) =>
    value ? `${value.value?.toFixed(digits) ?? '-'} ${interval(value, digits)}` : '';
  const cells = [
    name,
    ...evaluation.accuracy.map((one) => `${one.percent.toFixed(1)} ${interval(one, 1)}`),
    measure(evaluation.median, 1),
    measure(evaluation.countryPercent, 1),
    measure(evaluation.meanReward, 3),
  ];
  console.log(`| ${cells.join(' | ')} |`);
}

const guess = bestConstantGuess(train);
const bytes = otherEarthBytes(undefined);
const pictures = [
  ['in-domain', earth],
  ...(bytes ? [['another rendering', otherEarthFrom(bytes)]] : []),
];
for (const [title, picture] of pictures) {
  console.log(`\n${title}, n ${count}, seed ${seed}\n`);
  console.log('| | 1 km | 25 km | 200 km | 750 km | 2500 km | median km | country | reward |');
  console.log('|---|---|---|---|---|---|---|---|---|');
  show(
    baselineSystem(
      'constant',
      '',
      test,
      test.map(() => guess),
    ),
  );
  const nearest = nearestTiles(
    { earth, samples: train },
    { earth: picture, samples: test },
    settings.spanDegrees,
  );
  show(baselineSystem('retrieval', '', test, nearest));
  show(modelSystem('direct', '', await modelOn(picture, 'direct')));
  show(modelSystem('sft', '', await modelOn(picture, 'cor')));
}
if (!bytes) console.log('\nanother rendering: there is no earth-day.jpg (npm run fetch:earth-day)');
await generator.release();
